/**
 * 期限の暦: what is to be done by when, by whom and why – for every contract, site, employer and book at once.
 *
 * Pure. Each rule is the one that its own policy knows; here they are only put side by side. A deadline is
 * `done` where that can be seen: a receipt that was handed in, a report that was mailed or whose month is
 * allocated, records with nothing left to mend, days that stand allocated. What is never seen is not said.
 */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import {
  addMonths,
  firstDateOf,
  isValidOn,
  type Month,
  monthOf,
  type UtcMs,
  type WorkDate,
} from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import { BOOKLET_DAYS, bookletRenewalDue } from './booklet.ts';
import { type Contract, groupBy, purchasesBy, receiptOn } from './contract-use.ts';
import type { Contribution } from './contribution.ts';
import { correctionDue, correctionStage, extractDate } from './correction-deadline.ts';
import type { DeadlineKind } from './deadline-kinds.ts';
import { oldestPayable } from './not-payable.ts';
import { ordererProfile } from './orderer-profiles.ts';
import { monthsAfter, receiptDue } from './receipt-deadline.ts';
import type { UnknownCardDay, WorkHistoryRecord } from './work-history.ts';
import { presentBooklet } from './worker-totals.ts';

export interface Deadline {
  readonly due: WorkDate;
  readonly kind: DeadlineKind;
  /** `due` until the day itself has passed; of what is kept, until it need not be kept any more. */
  readonly state: 'due' | 'overdue' | 'done';
  readonly who: 'prime' | 'employer';
  readonly whyJa: string;
  readonly siteId?: SiteId;
  readonly contractId?: string;
  readonly companyId?: CompanyId;
  readonly workerId?: WorkerId;
  /** The work month that it is about. */
  readonly month?: Month;
}

/** A deadline with what it is counted from: rows of its month, its contract, its book. */
export interface ReasonedDeadline {
  readonly row: Deadline;
  readonly contract?: Contract;
  readonly contributions?: readonly Contribution[];
  readonly records?: readonly WorkHistoryRecord[];
  readonly unknownCards?: readonly UnknownCardDay[];
  readonly bookletOf?: WorkerId;
  /** By which it is done, or done in part. */
  readonly runs?: readonly SettledByRun[];
  readonly mail?: SettledByMail;
}

/** A run of 充当 as far as it changed one work month. */
export interface SettledByRun {
  readonly runId: string;
  readonly confirmedAt: UtcMs;
  /** Below 0 where it took days back. */
  readonly days: number;
}

export interface SettledByMail {
  readonly mailId: string;
  readonly sentAt: UtcMs;
}

/** What was done and stands written down outside of the registry. */
export interface SettledWork {
  /** The mail by which the month's 就労状況報告書 of an employer went out. */
  readonly reportedBy: (
    siteId: SiteId,
    companyId: CompanyId,
    month: Month,
  ) => SettledByMail | undefined;
  /** The runs that allocated days of a contract's work month, oldest first; none before the first. */
  readonly allocatedBy: (contractId: string, month: Month) => readonly SettledByRun[];
}

export const NOTHING_SETTLED: SettledWork = {
  reportedBy: () => undefined,
  allocatedBy: () => [],
};

export interface DeadlineQuestion {
  readonly index: RegistryIndex;
  readonly contracts: readonly Contract[];
  /** Of every date, also of other sites: a book fills everywhere. */
  readonly contributions: readonly Contribution[];
  readonly records: readonly WorkHistoryRecord[];
  /** Touches that are nobody's yet. */
  readonly unknownCards: readonly UnknownCardDay[];
  readonly settled: SettledWork;
  readonly asOf: WorkDate;
  /** Day of the next month on which a month is extracted; the default where undefined. */
  readonly extractDay: number | undefined;
}

const stateOf = (due: WorkDate, isDone: boolean, asOf: WorkDate): Deadline['state'] =>
  isDone ? 'done' : asOf > due ? 'overdue' : 'due';

const monthJa = (month: Month): string =>
  `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`;

const receipts = ({ index, contracts, asOf }: DeadlineQuestion): readonly ReasonedDeadline[] =>
  contracts.flatMap((contract) => {
    const profile = ordererProfile(index.ordererProfiles, contract.ordererProfileId);
    if (profile?.thresholdYen !== undefined && contract.costYen < profile.thresholdYen) return [];
    const { contractId, siteId, contractDate, method } = contract;
    const received = receiptOn(
      contract,
      purchasesBy(index.purchasesByContract.get(contractId), asOf),
    );
    const due = receiptDue(contractDate, method, profile?.receiptDays);
    const isDone = received !== undefined && received <= asOf;
    return [
      {
        row: {
          due,
          kind: 'receipt',
          state: stateOf(due, isDone, asOf),
          who: 'prime',
          whyJa: `契約日 ${contractDate}（${method === 'points' ? '電子' : '証紙'}）`,
          siteId,
          contractId,
        },
        contract,
      },
    ];
  });

const reports = ({
  index,
  contributions,
  settled,
  asOf,
}: DeadlineQuestion): readonly ReasonedDeadline[] =>
  [
    ...groupBy(
      contributions,
      ({ siteId, companyId, workDate }) => `${siteId} ${companyId} ${monthOf(workDate)}`,
    ).values(),
  ].flatMap((rows): readonly ReasonedDeadline[] => {
    const [first] = rows;
    if (first?.siteId === undefined) return [];
    const { siteId, companyId, reportDue: due } = first;
    // The 元請 has nobody above it to report to.
    if (index.siteById.get(siteId)?.primeId === companyId) return [];
    const month = monthOf(first.workDate);
    const contractIds = [...new Set(rows.flatMap(({ contractId }) => contractId ?? []))];
    const mail = settled.reportedBy(siteId, companyId, month);
    const runs = contractIds.map((contractId) => settled.allocatedBy(contractId, month));
    const isDone =
      mail !== undefined || (runs.length > 0 && runs.every((ofContract) => ofContract.length > 0));
    return [
      {
        row: {
          due,
          kind: 'report',
          state: stateOf(due, isDone, asOf),
          who: 'employer',
          whyJa: `${monthJa(month)}の就労 延べ${rows.length}人日`,
          siteId,
          companyId,
          month,
        },
        contributions: rows,
        ...(mail === undefined ? {} : { mail }),
        runs: runs.flat(),
      },
    ];
  });

/** A record, or a touch that becomes one once somebody has said whose card it is. */
type Mendable = WorkHistoryRecord | UnknownCardDay;
const isRecord = (row: Mendable): row is WorkHistoryRecord => 'complete' in row;

const corrections = ({
  records,
  unknownCards,
  asOf,
  extractDay,
}: DeadlineQuestion): readonly ReasonedDeadline[] =>
  [
    ...groupBy<string, Mendable>(
      [...records, ...unknownCards],
      ({ siteId, workDate }) => `${siteId} ${monthOf(workDate)}`,
    ).values(),
  ].flatMap((rows): readonly ReasonedDeadline[] => {
    const [first] = rows;
    if (first === undefined) return [];
    const { siteId, workDate } = first;
    const month = monthOf(workDate);
    const open = rows.filter((row) => !isRecord(row) || !row.complete).length;
    const countedFrom = {
      records: rows.filter(isRecord),
      unknownCards: rows.filter((row): row is UnknownCardDay => !isRecord(row)),
    };
    const extract = extractDate(workDate, extractDay);
    const due = correctionDue(workDate);
    const isLate = correctionStage(workDate, asOf, extractDay) === 'after-extract';
    const what = open === 0 ? '直すものはありません' : `足りない記録 ${open}件`;
    return [
      {
        row: {
          due: extract,
          kind: 'extract',
          state: stateOf(extract, asOf >= extract, asOf),
          who: 'prime',
          whyJa:
            asOf >= extract
              ? `${monthJa(month)}分。この後に直したものは追加分になります`
              : `${monthJa(month)}分。これより前に直せば当月分に入ります（${what}）`,
          siteId,
          month,
        },
        ...countedFrom,
      },
      {
        row: {
          due,
          kind: 'correction',
          state: stateOf(due, open === 0, asOf),
          who: 'prime',
          whyJa: `${monthJa(month)}分 ${what}${isLate && open > 0 ? '（追加分）' : ''}`,
          siteId,
          month,
        },
        ...countedFrom,
      },
    ];
  });

const allocations = ({
  index,
  contributions,
  settled,
  asOf,
}: DeadlineQuestion): readonly ReasonedDeadline[] =>
  [
    ...groupBy(
      contributions.filter(({ contractId, days }) => contractId !== undefined && days > 0),
      ({ contractId, workDate }) => `${contractId} ${monthOf(workDate)}`,
    ).values(),
  ].flatMap((rows): readonly ReasonedDeadline[] => {
    const [first] = rows;
    if (first?.contractId === undefined) return [];
    const { contractId, workDate } = first;
    const month = monthOf(workDate);
    const owed = rows.reduce((sum, { days }) => sum + days, 0);
    const runs = settled.allocatedBy(contractId, month);
    const contract = index.contractById.get(contractId);
    const allocated = runs.length === 0 ? undefined : runs.reduce((sum, { days }) => sum + days, 0);
    const firstDue = rows.reduce(
      (earliest, { reportDue }) => (reportDue < earliest ? reportDue : earliest),
      first.reportDue,
    );
    const left = owed - (allocated ?? 0);
    const isAddition = allocated !== undefined && left !== 0;
    const late = correctionDue(workDate);
    const due = isAddition && late > firstDue ? late : firstDue;
    return [
      {
        row: {
          due,
          kind: isAddition ? 'allocation-addition' : 'allocation',
          state: stateOf(due, left === 0, asOf),
          who: 'prime',
          whyJa: `${monthJa(month)}の就労 ${owed}日${
            allocated === undefined
              ? ''
              : left < 0
                ? `（充当済み ${allocated}日、取消 ${-left}日）`
                : `（充当済み ${allocated}日、残り ${left}日）`
          }`,
          ...(first.siteId === undefined ? {} : { siteId: first.siteId }),
          contractId,
          month,
        },
        ...(contract === undefined ? {} : { contract }),
        contributions: rows,
        runs,
      },
    ];
  });

const booklets = ({
  index,
  contributions,
  asOf,
}: DeadlineQuestion): readonly ReasonedDeadline[] => {
  const byWorker = groupBy(contributions, ({ workerId }) => workerId);
  return [...index.bookletsByWorker.keys()].flatMap((workerId): readonly ReasonedDeadline[] => {
    const book = presentBooklet(index, workerId, byWorker.get(workerId) ?? []);
    if (book === undefined) return [];
    const { due, because } = bookletRenewalDue(book.issuedOn, book.filledOn);
    const employer = index.employmentsByWorker.get(workerId)?.find((row) => isValidOn(row, asOf));
    const stamps =
      book.number === 1 && book.stamps > 0
        ? `、証紙${book.stamps}枚・免除${book.exemptDays}日`
        : '';
    return [
      {
        row: {
          due,
          kind: 'booklet',
          state: stateOf(due, false, asOf),
          who: 'employer',
          whyJa: `${book.number}冊目 ${book.days}/${BOOKLET_DAYS}日${stamps}（${
            because === 'full' ? '満了' : '交付から2年'
          }）`,
          workerId,
          ...(employer === undefined ? {} : { companyId: employer.companyId }),
        },
        bookletOf: workerId,
        contributions: byWorker.get(workerId) ?? [],
      },
    ];
  });
};

const KEEP_CONTRIBUTIONS_MONTHS = 12;
const KEEP_ATTENDANCE_MONTHS = 60;

const keeping = ({ contracts, asOf }: DeadlineQuestion): readonly ReasonedDeadline[] =>
  contracts.flatMap((contract): readonly ReasonedDeadline[] => {
    const { contractId, siteId, completionDate } = contract;
    if (completionDate === undefined || completionDate > asOf) return [];
    return (
      [
        ['keep-contributions', KEEP_CONTRIBUTIONS_MONTHS],
        ['keep-attendance', KEEP_ATTENDANCE_MONTHS],
      ] as const
    ).map(([kind, months]) => {
      const due = monthsAfter(completionDate, months);
      const row: Deadline = {
        due,
        kind,
        state: asOf > due ? 'done' : 'due',
        who: 'prime',
        whyJa: `完成日 ${completionDate}。この日まで消さない`,
        siteId,
        contractId,
      };
      return { row, contract };
    });
  });

/**
 * In no promised order. Work months of which some day cannot be reported any more (730 days) are left out, and
 * so are days off that are still to come.
 */
export const reasonedDeadlines = (question: DeadlineQuestion): readonly ReasonedDeadline[] => {
  const { asOf } = question;
  const oldest = firstDateOf(addMonths(monthOf(oldestPayable(asOf)), 1));
  const isRecent = ({ workDate }: { readonly workDate: WorkDate }): boolean =>
    oldest <= workDate && workDate <= asOf;
  const recent = {
    ...question,
    contributions: question.contributions.filter(isRecent),
    records: question.records.filter(isRecent),
    unknownCards: question.unknownCards.filter(isRecent),
  };
  return [
    ...receipts(question),
    ...reports(recent),
    ...corrections(recent),
    ...allocations(recent),
    ...booklets(question),
    ...keeping(question),
  ];
};
