/**
 * Social insurance at the gate (社会保険の加入確認): is the worker in the insurances that the employer's
 * form requires, and if not, is there a 特段の理由.
 *
 * Table of 適切な保険: hayashi-gyosei.com (加入しなければならない保険), oyakata.jp/social-insurance-qa1.
 * 特段の理由: oyakata.jp/social-insurance-qa5, under the 社会保険加入に関する下請指導ガイドライン as
 * revised 2020-10-01. It is guidance to the prime and not a ban: whether a lack is advised of or held
 * is the site's setting, and the touch is recorded either way.
 */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { addDays, isValidOn, monthsAfter, type WorkDate } from '../../shared/time.ts';
import { assignmentOn, employmentOn, type RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';

export type Insurance = 'health' | 'pension' | 'employment';

export interface InsuranceDecision {
  readonly decision: 'allow' | 'allow-with-reason' | 'hold';
  /** What the employer's form requires and is not there. */
  readonly missing: readonly Insurance[];
  readonly reason?: RegistryRow<'insuranceReasons'>['reason'];
  /** The data come from paper and not from CCUS: the copies must be on file. */
  readonly papersNeeded: boolean;
}

type InsuranceRow = RegistryRow<'insurance'>;
type Test = (row: InsuranceRow) => boolean;

const hasEmployeesHealth: Test = ({ health, exemptionApproved }) =>
  health === 'association' ||
  health === 'kyokai' ||
  // 適用除外(後期高齢者): the public scheme of those aged 75 or more, whoever employs them.
  health === 'exempt' ||
  // 国保組合 counts for a company's employees only with the approval to stay outside 協会けんぽ.
  (health === 'construction-nhi' && exemptionApproved === true);
const hasAnyHealth: Test = ({ health }) => health !== 'none';
const hasEmployeesPension: Test = ({ pension }) => pension === 'employees';
const hasAnyPension: Test = ({ pension }) => pension !== 'none';
const hasEmployment: Test = ({ employment }) =>
  employment === 'general' || employment === 'day-labour';
const notRequired: Test = () => true;

type Requirements = Readonly<Record<Insurance, Test>>;
/** 法人, 個人事業 with five or more. */
const COMPANY: Requirements = {
  health: hasEmployeesHealth,
  pension: hasEmployeesPension,
  employment: hasEmployment,
};
/** 個人事業 with four or fewer. */
const SMALL_FIRM: Requirements = {
  health: hasAnyHealth,
  pension: hasAnyPension,
  employment: hasEmployment,
};
/** 一人親方, 事業主. */
const SELF: Requirements = {
  health: hasAnyHealth,
  pension: hasAnyPension,
  employment: notRequired,
};

const requirementsFor = (
  form: RegistryRow<'companies'>['form'] | undefined,
  kind: RegistryRow<'employments'>['kind'] | undefined,
): Requirements => {
  if (kind === 'sole-contractor' || form === 'self-employed') return SELF;
  const isCorporation = form === 'corporation' || form === undefined;
  // An officer is no employee for 雇用保険; the owner of a firm without a corporation is 事業主.
  if (kind === 'officer') return isCorporation ? { ...COMPANY, employment: notRequired } : SELF;
  return form === 'sole-4-or-less' ? SMALL_FIRM : COMPANY;
};

const INSURANCES = ['health', 'pension', 'employment'] as const;
const AGE_OF_REASON = 60;

/** Whole years on that date; born on 29 February counts from 1 March in other years. */
export const ageOn = (birthDate: WorkDate, date: WorkDate): number => {
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years;
};

/** The first day on which somebody is old enough for the reason 'over-60'. */
export const reasonAgeFrom = (birthDate: WorkDate): WorkDate => {
  const day = monthsAfter(birthDate, 12 * AGE_OF_REASON);
  return ageOn(birthDate, day) < AGE_OF_REASON ? addDays(day, 1) : day;
};

const doesReasonHold = (
  reason: RegistryRow<'insuranceReasons'>['reason'],
  missing: readonly Insurance[],
  age: number | undefined,
): boolean =>
  reason !== 'over-60' ||
  // 60 or older at entry and lacking 厚生年金; it excuses no other insurance.
  (age !== undefined && age >= AGE_OF_REASON && missing.every((each) => each === 'pension'));

export interface InsuranceQuestion {
  /** Absent where no site is in question: nobody is assigned, and no reason excuses. */
  readonly siteId?: SiteId;
  readonly workerId: WorkerId;
  readonly date: WorkDate;
  /** Whose worker it is; the assignment's company or else the employer's where absent. */
  readonly companyId?: CompanyId;
}

/** One insurance: what the employer's form requires, and whether it is there. */
export interface InsuranceLine {
  readonly insurance: Insurance;
  readonly isRequired: boolean;
  readonly isMissing: boolean;
}

/** The decision with the rows that it rests on. */
export interface ReasonedInsurance {
  readonly decision: InsuranceDecision;
  readonly lines: readonly InsuranceLine[];
  readonly employment: RegistryRow<'employments'> | undefined;
  readonly company: RegistryRow<'companies'> | undefined;
  readonly row: InsuranceRow | undefined;
  readonly reason: RegistryRow<'insuranceReasons'> | undefined;
  readonly worker: RegistryRow<'workers'> | undefined;
}

/** The insurance row of that date. */
export const insuranceRowOn = (
  { insuranceByWorker }: Pick<RegistryIndex, 'insuranceByWorker'>,
  workerId: WorkerId,
  date: WorkDate,
): InsuranceRow | undefined => insuranceByWorker.get(workerId)?.find((row) => isValidOn(row, date));

/** A worker with no insurance row lacks everything that is required. */
export const reasonedInsurance = (
  registry: RegistryIndex,
  { siteId, workerId, date, companyId }: InsuranceQuestion,
): ReasonedInsurance => {
  const assigned =
    companyId ?? (siteId && assignmentOn(registry, siteId, workerId, date)?.companyId);
  const employment = employmentOn(registry, workerId, date, assigned);
  const employerId = assigned ?? employment?.companyId;
  const company = employerId === undefined ? undefined : registry.companyById.get(employerId);
  const requirements = requirementsFor(
    company?.form,
    employment?.companyId === employerId ? employment?.kind : undefined,
  );
  const row = insuranceRowOn(registry, workerId, date);
  const lines = INSURANCES.map((insurance) => {
    const isRequired = requirements[insurance] !== notRequired;
    return {
      insurance,
      isRequired,
      isMissing: row === undefined ? isRequired : !requirements[insurance](row),
    };
  });
  const missing = lines.flatMap(({ insurance, isMissing }) => (isMissing ? [insurance] : []));
  const papersNeeded = row?.source === 'paper';
  const worker = registry.workerById.get(workerId);
  const age = worker === undefined ? undefined : ageOn(worker.birthDate, date);
  const reason =
    missing.length === 0
      ? undefined
      : registry.insuranceReasonsByWorker
          .get(workerId)
          ?.find(
            (each) =>
              each.siteId === siteId &&
              isValidOn(each, date) &&
              doesReasonHold(each.reason, missing, age),
          );
  const decision =
    missing.length === 0 ? 'allow' : reason === undefined ? 'hold' : 'allow-with-reason';
  return {
    decision: {
      decision,
      missing,
      ...(reason === undefined ? {} : { reason: reason.reason }),
      papersNeeded,
    },
    lines,
    employment,
    company,
    row,
    reason,
    worker,
  };
};

/** The decision alone. */
export const decideInsurance = (
  registry: RegistryIndex,
  question: InsuranceQuestion,
): InsuranceDecision => reasonedInsurance(registry, question).decision;
