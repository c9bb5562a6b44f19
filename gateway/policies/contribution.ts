/** One line of 掛金: what an employer owes 建退共 for a worker's day, with what decided it. */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import type { WorkDate } from '../../shared/time.ts';
import type { Method, RegistryRow } from '../registry/registry-document.ts';
import type { DailyPremium } from './daily-premium.ts';
import type { KentaikyoRule } from './kentaikyo-rules.ts';
import type { NotPayable } from './not-payable.ts';
import type { WholeShift } from './whole-shift.ts';

/** 掛金の区分: stamps and points of large companies are blue, those of the others red. */
export type StampColour = 'red' | 'blue';
export const colourOf = (company: RegistryRow<'companies'> | undefined): StampColour =>
  company?.size === 'large' ? 'blue' : 'red';

export interface Contribution {
  readonly workerId: WorkerId;
  readonly workDate: WorkDate;
  /** Who pays: the company of the assignment on that site, else the employer. */
  readonly companyId: CompanyId;
  readonly siteId?: SiteId;
  readonly contractId?: string;
  /** Payable now. More than one only once a person has approved it. */
  readonly days: number;
  /** What the shift would earn. */
  readonly candidateDays: number;
  readonly yen: number;
  readonly method?: Method;
  readonly colour: StampColour;
  readonly basis: 'shift' | 'paid-leave' | 'employer-closure';
  readonly reportDue: WorkDate;
  readonly notPayable?: NotPayable;
  /** Of a day that is too late: how many could have been paid in time. */
  readonly lapsedDays?: number;
  /** Yen a day and who says so: the answer to "why this sum?". */
  readonly rate: DailyPremium;
  /** The rules that made the days, by id. */
  readonly rules: readonly KentaikyoRule[];
  /** The work that the days were counted from; absent where only presence or leave is known. */
  readonly shift?: WholeShift;
  readonly evidence: readonly string[];
}

/** Days that could be paid when they were worked, whether or not the right to it has lapsed since. */
export const daysInTime = ({
  days,
  lapsedDays = 0,
}: Pick<Contribution, 'days' | 'lapsedDays'>): number => days + lapsedDays;
