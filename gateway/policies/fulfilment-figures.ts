/**
 * What a company's 加入・履行証明 is judged by, out of its days and stamps of a business year (決算期間).
 *
 * Our readings, because the sheet's instructions are not public: points count where a run of 充当 confirmed
 * them – what is only due proves nothing –, as paid by whoever is the 元請 of the contract, in a joint venture
 * also by each member for its own workers; a day whose right has lapsed was worked all the same; stamps
 * carried over are those of this ledger, never below none.
 */
import type { CompanyId, WorkerId } from '../../shared/ids.ts';
import {
  addDays,
  addMonths,
  firstDateOf,
  isValidOn,
  lastDateOf,
  monthOf,
  monthsAfter,
  type WorkDate,
} from '../../shared/time.ts';
import { primeOf, type RegistryIndex } from '../registry/registry.ts';
import type { AllocatedDay } from './allocated-day.ts';
import { yenOfRow } from './allocation-run.ts';
import { type Contribution, daysInTime } from './contribution.ts';
import type { CertificateFigures } from './fulfilment-certificate.ts';
import { stampMonths } from './stamp-book.ts';
import type { StampMovement } from './stamp-movements.ts';

export interface BusinessYear {
  readonly from: WorkDate;
  /** 決算日 */
  readonly to: WorkDate;
}

/** The twelve months that end on that day. */
export const businessYearTo = (to: WorkDate): BusinessYear => ({
  from:
    to === lastDateOf(monthOf(to))
      ? firstDateOf(addMonths(monthOf(to), -11))
      : addDays(monthsAfter(to, -12), 1),
  to,
});

export interface MemberDays {
  readonly workerId: WorkerId;
  /** 就労日数 in the year, also those for which the right has lapsed. */
  readonly days: number;
}

export interface FulfilmentYear {
  readonly figures: CertificateFigures;
  readonly members: readonly MemberDays[];
  /** What points would have to pay for the year's days, confirmed or not. */
  readonly duePointsYen: number;
}

const yenOf = (movements: readonly StampMovement[], kind: StampMovement['kind']): number =>
  movements.reduce((sum, each) => (each.kind === kind ? sum + each.days * each.valueYen : sum), 0);

/** `contributions`, `movements` and what runs `allocated` by points: of all companies and contracts, over all dates. */
export const fulfilmentYear = (
  index: RegistryIndex,
  companyId: CompanyId,
  year: BusinessYear,
  all: {
    readonly contributions: readonly Contribution[];
    readonly movements: readonly StampMovement[];
    readonly allocated: readonly AllocatedDay[];
  },
): FulfilmentYear => {
  const own = all.contributions.filter(
    (row) => row.companyId === companyId && isValidOn(year, row.workDate),
  );
  const stamps = all.movements.filter((row) => row.companyId === companyId && row.date <= year.to);
  const inYear = stamps.filter(({ date }) => date >= year.from);
  const before = stampMonths(stamps.filter(({ date }) => date < year.from));
  const carriedOver = [
    ...Map.groupBy(before, ({ valueYen, colour }) => `${valueYen} ${colour}`).values(),
  ].flatMap((months) => months.at(-1) ?? []);
  const confirmed = all.allocated.filter(
    (day) =>
      day.method === 'points' && day.companyId === companyId && isValidOn(year, day.workDate),
  );
  const isPayer = ({ contractId, siteId }: AllocatedDay): boolean => {
    const prime = primeOf(index, siteId);
    const members = index.contractById.get(contractId)?.jointVenture ?? [];
    return prime === companyId || members.some((member) => member.companyId === companyId);
  };
  const pointsYen = (isOwn: boolean): number =>
    confirmed.reduce((sum, day) => (isPayer(day) === isOwn ? sum + yenOfRow(day) : sum), 0);
  const members = [...Map.groupBy(own, ({ workerId }) => workerId)]
    .map(([workerId, rows]) => ({
      workerId,
      days: rows.reduce((sum, row) => sum + daysInTime(row), 0),
    }))
    .filter(({ days }) => days > 0)
    .sort((a, b) => (a.workerId < b.workerId ? -1 : 1));
  return {
    figures: {
      ownPointsYen: pointsYen(true),
      primePointsYen: pointsYen(false),
      stampsBoughtYen: yenOf(inYear, 'purchased'),
      stampsCarriedOverYen: carriedOver.reduce(
        (sum, { valueYen, carriedOverDays }) => sum + valueYen * Math.max(0, carriedOverDays),
        0,
      ),
      stampsReceivedYen: yenOf(inYear, 'received'),
      stampsIssuedYen: yenOf(inYear, 'issued'),
      workedDays: members.reduce((sum, { days }) => sum + days, 0),
      yearEnd: year.to,
    },
    members,
    duePointsYen: own.reduce((sum, { method, yen }) => (method === 'points' ? sum + yen : sum), 0),
  };
};
