/**
 * 充当: which days of a contract are paid out of what was bought, month by month. Pure: what is owed now,
 * what was allocated before and what was bought go in; the rows of the next run come out.
 *
 * A day of a worker at an employer is allocated exactly once, whatever the contract and the method. What
 * was allocated is never edited: a day that is no longer owed is taken back by a row below 0 (取消), one that
 * came late is added (追加), one that costs something else now is taken back and added. Days are paid in the
 * order of their dates until an account does not cover the next one; that one and all after it are short
 * (不足) and come with the next run. A run touches only days that may still be reported (730 days).
 *
 * When 建退共 allocates, how it treats a shortage and how a wrong payment is corrected is not published:
 * this is the product's own order of it.
 */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { lastDateOf, type Month, monthOf, type WorkDate } from '../../shared/time.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import type { AllocatedDay } from './allocated-day.ts';
import {
  type Account,
  accountKey,
  accountOf,
  fundsOf,
  fundsOfExchange,
} from './allocation-accounts.ts';
import { createFirstBooks, type FirstBooks } from './allocation-first-books.ts';
import type { Purchase } from './contract-use.ts';
import type { Contribution } from './contribution.ts';
import { workedDayKey } from './not-payable.ts';

export type AllocationKind = 'regular' | 'addition' | 'reversal';

/** One row of a run. Days and yen are below 0 in a reversal. */
export interface AllocationRow extends Omit<AllocatedDay, 'contractId'> {
  readonly kind: AllocationKind;
  /** Of a reversal: the day is no longer owed, or it is owed otherwise. */
  readonly reason?: 'withdrawn' | 'changed';
}

/** Yen that a row takes out of its account. */
export const yenOfRow = ({
  days,
  exemptDays,
  dayYen,
}: Pick<AllocationRow, 'days' | 'exemptDays' | 'dayYen'>): number => (days - exemptDays) * dayYen;

export type HeldReason =
  /** Two workers have one 被共済者番号: one would be paid into the other's book. */
  | 'member-no-shared'
  /** The day is allocated under another contract, whose next run has to take it back first. */
  | 'allocated-elsewhere'
  /** What was bought does not cover it. */
  | 'short';

/** A day that is owed and not in the run. */
export interface HeldDay {
  readonly reason: HeldReason;
  readonly siteId?: SiteId;
  readonly workerId: WorkerId;
  readonly companyId: CompanyId;
  readonly workDate: WorkDate;
  readonly days: number;
  /** Of `allocated-elsewhere`: where. */
  readonly otherContractId?: string;
}

export interface AccountBalance extends Account {
  readonly purchasedYen: number;
  /** By earlier runs. */
  readonly usedYen: number;
  readonly beforeYen: number;
  /** What this run takes, less what it takes back. */
  readonly allocatedYen: number;
  readonly afterYen: number;
  readonly short?: Shortage;
}

export interface Shortage {
  readonly days: number;
  /** What those days cost. */
  readonly yen: number;
  /** What has to be bought for them: their cost less what is left. */
  readonly missingYen: number;
  readonly from: WorkDate;
}

export interface AllocationPlan {
  readonly rows: readonly AllocationRow[];
  readonly held: readonly HeldDay[];
  readonly balances: readonly AccountBalance[];
}

export interface AllocationQuestion {
  readonly contractId: string;
  readonly month: Month;
  /** The first work date that may still be reported. */
  readonly oldest: WorkDate;
  /** What is owed under the contract, of any date. */
  readonly contributions: readonly Contribution[];
  /** Allocated so far: everything of the contract, and everything of its workers. */
  readonly allocated: readonly AllocatedDay[];
  /** Of the contract, as far as they are known by now. */
  readonly purchases: readonly Purchase[];
  /** The same of stamps given for stamps of the other value. */
  readonly exchanges: readonly RegistryRow<'stampExchanges'>[];
  /** The first books by worker, where there is one. */
  readonly firstBooks: Parameters<typeof createFirstBooks>[0];
  readonly sharesMemberNo: (workerId: WorkerId) => boolean;
  /** No run of that contract and month before: its days are no additions. */
  readonly isFirstOfMonth: boolean;
}

type DayKey = Pick<AllocatedDay, 'workerId' | 'companyId' | 'workDate'>;

const byDate = (a: DayKey, b: DayKey): number => {
  if (a.workDate !== b.workDate) return a.workDate < b.workDate ? -1 : 1;
  if (a.workerId !== b.workerId) return a.workerId < b.workerId ? -1 : 1;
  return a.companyId < b.companyId ? -1 : a.companyId > b.companyId ? 1 : 0;
};

/** A day to be added, before it is known whether it is covered. */
type Wanted = Omit<AllocationRow, 'kind' | 'exemptDays'>;

const wantedOf = ({ workerId, companyId, workDate, siteId, ...row }: Contribution): Wanted => ({
  ...(siteId === undefined ? {} : { siteId }),
  workerId,
  companyId,
  workDate,
  // A row under a contract has the contract's method.
  method: row.method ?? 'points',
  colour: row.colour,
  dayYen: row.rate.yen,
  days: row.days,
});

const isPaidAlike = (allocated: AllocatedDay, wanted: Wanted): boolean =>
  allocated.method === wanted.method &&
  allocated.colour === wanted.colour &&
  allocated.dayYen === wanted.dayYen;

/** Days that cost are taken back before days that were free. */
const takenBack = (
  { contractId: _, ...day }: AllocatedDay,
  days: number,
  reason: 'withdrawn' | 'changed',
): AllocationRow => ({
  ...day,
  kind: 'reversal',
  days: -days,
  exemptDays: 0 - Math.max(0, days - (day.days - day.exemptDays)),
  reason,
});

const heldDay = (
  { siteId, workerId, companyId, workDate, days }: Wanted,
  more: Pick<HeldDay, 'reason' | 'otherContractId'>,
): HeldDay => ({
  ...more,
  ...(siteId === undefined ? {} : { siteId }),
  workerId,
  companyId,
  workDate,
  days,
});

interface Changes {
  readonly reversals: readonly AllocationRow[];
  readonly wanted: readonly Wanted[];
  readonly held: readonly HeldDay[];
}

const changesOf = (question: AllocationQuestion): Changes => {
  const { contractId, month, oldest, contributions, allocated, sharesMemberNo } = question;
  const last = lastDateOf(month);
  const isInReach = ({ workDate }: DayKey): boolean => oldest <= workDate && workDate <= last;
  const owed = new Map<string, Wanted>();
  for (const row of contributions)
    if (row.days > 0 && isInReach(row)) owed.set(workedDayKey(row), wantedOf(row));
  const elsewhere = new Map<string, string>();
  for (const day of allocated)
    if (day.contractId !== contractId) elsewhere.set(workedDayKey(day), day.contractId);

  const reversals: AllocationRow[] = [];
  const wanted: Wanted[] = [];
  const held: HeldDay[] = [];
  const hold = (day: Wanted, more: Pick<HeldDay, 'reason' | 'otherContractId'>): void =>
    void held.push(heldDay(day, more));
  for (const day of allocated) {
    if (day.contractId !== contractId || !isInReach(day)) continue;
    const key = workedDayKey(day);
    const now = owed.get(key);
    owed.delete(key);
    if (now === undefined) {
      reversals.push(takenBack(day, day.days, 'withdrawn'));
    } else if (sharesMemberNo(day.workerId)) {
      // What was allocated stays until somebody has said whose number it is.
      if (now.days > day.days)
        hold({ ...now, days: now.days - day.days }, { reason: 'member-no-shared' });
    } else if (!isPaidAlike(day, now)) {
      reversals.push(takenBack(day, day.days, 'changed'));
      wanted.push(now);
    } else if (now.days < day.days) {
      reversals.push(takenBack(day, day.days - now.days, 'changed'));
    } else if (now.days > day.days) {
      wanted.push({ ...now, days: now.days - day.days });
    }
  }
  for (const [key, now] of owed) {
    const other = elsewhere.get(key);
    if (other !== undefined) {
      hold(now, { reason: 'allocated-elsewhere', otherContractId: other });
    } else if (sharesMemberNo(now.workerId)) hold(now, { reason: 'member-no-shared' });
    else wanted.push(now);
  }
  return { reversals: reversals.sort(byDate), wanted: wanted.sort(byDate), held };
};

interface Till {
  readonly account: Account;
  readonly purchasedYen: number;
  readonly usedYen: number;
  takenYen: number;
  short: { days: number; yen: number; readonly from: WorkDate } | undefined;
}

const leftYen = ({ purchasedYen, usedYen, takenYen }: Till): number =>
  purchasedYen - usedYen - takenYen;

/** Every account that anything was bought for, used of or is wanted of. */
const openTills = (
  { contractId, allocated, purchases, exchanges }: AllocationQuestion,
  { reversals, wanted }: Changes,
): ReadonlyMap<string, Till> => {
  const tills = new Map<string, Till>();
  const add = (account: Account, purchasedYen: number, usedYen: number): void => {
    const key = accountKey(account);
    const known = tills.get(key);
    tills.set(key, {
      account,
      purchasedYen: (known?.purchasedYen ?? 0) + purchasedYen,
      usedYen: (known?.usedYen ?? 0) + usedYen,
      takenYen: 0,
      short: undefined,
    });
  };
  for (const purchase of purchases) {
    const { account, yen } = fundsOf(purchase);
    add(account, yen, 0);
  }
  for (const { account, yen } of exchanges.flatMap(fundsOfExchange)) add(account, yen, 0);
  for (const day of allocated)
    if (day.contractId === contractId) add(accountOf(day), 0, yenOfRow(day));
  for (const row of [...reversals, ...wanted]) add(accountOf(row), 0, 0);
  return tills;
};

const balanceOf = (till: Till): AccountBalance => {
  const { account, purchasedYen, usedYen, takenYen, short } = till;
  const afterYen = leftYen(till);
  return {
    ...account,
    purchasedYen,
    usedYen,
    beforeYen: purchasedYen - usedYen,
    allocatedYen: takenYen,
    afterYen,
    ...(short === undefined
      ? {}
      : { short: { ...short, missingYen: Math.max(0, short.yen - afterYen) } }),
  };
};

/** Takes out of the accounts what is covered; the rest is short. */
const payOut = (
  { wanted }: Changes,
  tillOf: (row: Wanted) => Till,
  books: FirstBooks,
  kindOf: (row: Wanted) => AllocationKind,
): { readonly rows: readonly AllocationRow[]; readonly held: readonly HeldDay[] } => {
  const rows: AllocationRow[] = [];
  const held: HeldDay[] = [];
  for (const row of wanted) {
    const till = tillOf(row);
    const exemptDays = books.allocate(row);
    const yen = yenOfRow({ ...row, exemptDays });
    if (till.short === undefined && yen <= leftYen(till)) {
      till.takenYen += yen;
      rows.push({ ...row, kind: kindOf(row), exemptDays });
      continue;
    }
    held.push(heldDay(row, { reason: 'short' }));
    till.short = {
      days: (till.short?.days ?? 0) + row.days,
      yen: (till.short?.yen ?? 0) + yen,
      from: till.short?.from ?? row.workDate,
    };
  }
  return { rows, held };
};

export const planAllocation = (question: AllocationQuestion): AllocationPlan => {
  const { month, isFirstOfMonth, allocated, firstBooks } = question;
  const changes = changesOf(question);
  const tills = openTills(question, changes);
  const tillOf = (row: Pick<AllocationRow, 'method' | 'colour' | 'dayYen'>): Till => {
    const till = tills.get(accountKey(accountOf(row)));
    if (till === undefined) throw new Error('an account was not opened');
    return till;
  };
  const books = createFirstBooks(firstBooks, [...allocated, ...changes.reversals]);
  for (const row of changes.reversals) tillOf(row).takenYen += yenOfRow(row);
  const paid = payOut(changes, tillOf, books, ({ workDate }) =>
    isFirstOfMonth && monthOf(workDate) === month ? 'regular' : 'addition',
  );
  return {
    rows: [...changes.reversals, ...paid.rows],
    held: [...changes.held, ...paid.held].sort(byDate),
    balances: [...tills.values()]
      .map(balanceOf)
      .sort((a, b) => (accountKey(a) < accountKey(b) ? -1 : 1)),
  };
};
