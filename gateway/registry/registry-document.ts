/**
 * The registry document (台帳): who works for whom, where, with which card, under which contract.
 *
 * One schema per table, exactly as people outside write it.
 */
import { z } from 'zod';
import { CardId, CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { Language } from '../../shared/language.ts';
import { keyText, plainText } from '../../shared/plain-text.ts';
import { EventDate, IsoInstantText, WorkDate } from '../../shared/time.ts';
import { Reason, ReasonEffect } from '../../shared/verdict.ts';
import { KENTAIKYO_CONTRACT_FIELDS, KENTAIKYO_TABLES } from './registry-kentaikyo-tables.ts';
import { LABOUR_TABLES } from './registry-labour-tables.ts';

/** Of one table. */
export const ROWS_MAX = 2_000_000;

const Text = plainText(200);
const Key = keyText(100);
const Yen = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const Days = z.int().min(0).max(10_000_000);
const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');
const Dated = { from: WorkDate.optional(), to: WorkDate.optional() };

const Method = z.enum(['points', 'stamps']);
export type Method = z.infer<typeof Method>;

/**
 * 共済契約者番号: small firms `NN-NNNNN` with NN 51 to 97, large ones prefix `100-`, whose further
 * digits are not documented (kentaikyo.taisyokukin.go.jp/tetsuzuki/tetsuzuki06.html).
 */
const ContractorNo = z
  .string()
  .regex(
    /^(5[1-9]|[6-8]\d|9[0-7])-\d{5}$|^100-\d{1,10}$/,
    'must be 51-00000 to 97-99999, or 100-…',
  );

/** 被共済者番号: 9 digits; a check digit is not documented. */
const MemberNo = z.string().regex(/^\d{9}$/, 'must be 9 digits');

const Company = z.object({
  companyId: CompanyId,
  name: Text,
  kana: Text.optional(),
  form: z.enum(['corporation', 'sole-5-or-more', 'sole-4-or-less', 'self-employed']),
  /** 赤 small / 青 large */
  size: z.enum(['small', 'large']),
  contractorNo: ContractorNo.optional(),
  ccusRegistered: z.boolean(),
  /** Wages of work month M are paid on this day of M + payMonthOffset. */
  payDay: z
    .union([z.int().min(1).max(31), z.literal('end')], 'must be a day from 1 to 31, or end')
    .optional(),
  payMonthOffset: z.literal([0, 1, 2]).optional(),
  /** Where the company receives reports; never a person's private address. */
  contactEmail: z.email().max(254).optional(),
  /** 36協定の起算月: in which month the year of its overtime agreement begins; April where absent. */
  overtimeYearStartMonth: z.int().min(1).max(12).optional(),
});

const Worker = z.object({
  workerId: WorkerId,
  name: Text,
  kana: Text,
  birthDate: WorkDate,
  memberNo: MemberNo.optional(),
  level: z.literal([1, 2, 3, 4]).optional(),
  trade: plainText(100, 0).optional(),
  ccusRegistered: z.boolean(),
  otherScheme: z.enum(['chutaikyo', 'seitaikyo', 'rintaikyo']).optional(),
  /** What the gate's screen speaks to this worker; Japanese where absent. */
  language: Language.optional(),
});

const Contract = z.object({
  contractId: Key,
  siteId: SiteId,
  name: Text,
  ordererName: Text,
  contractDate: WorkDate,
  completionDate: WorkDate.optional(),
  costYen: Yen,
  workType: z.enum([
    'pavement',
    'bridge',
    'tunnel',
    'dam',
    'dredging',
    'civil-other',
    'housing',
    'non-housing',
    'outdoor-electrical',
    'machinery',
  ]),
  joiningRatePercent: z.number().min(0).max(100),
  plannedWorkerDays: Days.optional(),
  method: Method,
  exceptions: z
    .array(z.object({ companyId: CompanyId, method: Method }))
    .max(10_000)
    .optional(),
  modelWorks: z
    .array(
      z.object({
        kind: z.enum(['mandatory', 'recommended']),
        sampleDates: z.array(WorkDate).max(1_000),
        includePrime: z.boolean().optional(),
        excludeStaysUpToDays: z.int().min(0).max(366).optional(),
        /** 技術者 are no 技能者: leaves the role `engineer` out of the workers counted. */
        excludeEngineers: z.boolean().optional(),
      }),
    )
    .max(10)
    .optional(),
  /** 週休2日 (4週8休): the period looked at, and the stretches of it that the orderer leaves out. */
  daysOff: z
    .object({
      from: WorkDate,
      to: WorkDate,
      excluded: z
        .array(z.object({ from: WorkDate, to: WorkDate, reason: Text }))
        .max(1_000)
        .optional(),
    })
    .optional(),
  ...KENTAIKYO_CONTRACT_FIELDS,
  /** The 元請's consent to the orderer's viewing of rates, totals and documents; absent = none. */
  ordererViewing: z.object({ approvedBy: Text, ...Dated }).optional(),
});

/** Name of a table → schema of one row. */
export const REGISTRY_TABLES = {
  ...LABOUR_TABLES,
  ...KENTAIKYO_TABLES,
  companies: Company,
  workers: Worker,
  cards: z.object({ cardId: CardId, workerId: WorkerId, ...Dated }),
  employments: z.object({
    workerId: WorkerId,
    companyId: CompanyId,
    kind: z.enum(['employee', 'sole-contractor', 'officer']),
    ...Dated,
  }),
  insurance: z.object({
    workerId: WorkerId,
    health: z.enum(['association', 'kyokai', 'construction-nhi', 'nhi', 'exempt', 'none']),
    pension: z.enum(['employees', 'national', 'recipient', 'none']),
    employment: z.enum(['general', 'day-labour', 'exempt', 'none']),
    source: z.enum(['ccus', 'paper']),
    exemptionApproved: z.boolean().optional(),
    ...Dated,
  }),
  insuranceReasons: z.object({
    siteId: SiteId,
    workerId: WorkerId,
    reason: z.enum(['over-60', 'special-skill', 'enrolling']),
    approvedBy: Text,
    ...Dated,
  }),
  qualifications: z.object({
    workerId: WorkerId,
    code: Key,
    name: Text,
    kind: z.enum([
      'licence',
      'skill-training',
      'special-education',
      'foreman',
      'core-engineer',
      'other',
    ]),
    ...Dated,
  }),
  sites: z.object({
    siteId: SiteId,
    name: Text,
    primeId: CompanyId,
    public: z.boolean(),
    dayStart: ClockTime.optional(),
    maxShiftHours: z.int().min(1).max(48).optional(),
    requiredQualifications: z.array(Key).max(100).optional(),
    insuranceGate: z.enum(['advise', 'hold']).optional(),
    /** 休憩: clock times of breaks inside the gate, taken off working time; gate time stays as touched. */
    breaks: z
      .array(z.object({ from: ClockTime, to: ClockTime }))
      .max(10)
      .optional(),
    /** What else the gate takes more or less seriously here than usual. */
    gateEffects: z.partialRecord(Reason, ReasonEffect).optional(),
    ...Dated,
  }),
  contracts: Contract,
  organisation: z.object({
    siteId: SiteId,
    companyId: CompanyId,
    upperId: CompanyId.optional(),
    accepted: z.boolean(),
    contractId: Key.optional(),
    ...Dated,
  }),
  assignments: z.object({
    siteId: SiteId,
    workerId: WorkerId,
    companyId: CompanyId,
    trade: plainText(100, 0),
    role: z.enum(['foreman', 'crew-leader', 'general', 'safety', 'engineer']),
    work: plainText(200, 0).optional(),
    ...Dated,
  }),
  headcounts: z.object({
    siteId: SiteId,
    companyId: CompanyId,
    date: WorkDate,
    workers: z.int().min(0).max(100_000),
  }),
  leave: z.object({
    workerId: WorkerId,
    companyId: CompanyId,
    date: EventDate,
    kind: z.enum(['paid-leave', 'employer-closure']),
  }),
  approvals: z.object({
    workerId: WorkerId,
    workDate: WorkDate,
    days: z.int().min(0).max(3),
    by: Text,
    at: IsoInstantText,
  }),
  purchases: z.object({
    contractId: Key,
    method: Method,
    date: WorkDate,
    days: Days.optional(),
    yen: Yen,
    colour: z.enum(['red', 'blue']),
    /** Who bought, where that is not the prime: a member of a joint venture, or an employer. */
    companyId: CompanyId.optional(),
  }),
  stampIssues: z.object({ contractId: Key, toCompanyId: CompanyId, date: WorkDate, days: Days }),
  corrections: z.object({
    siteId: SiteId,
    workerId: WorkerId,
    workDate: EventDate,
    kind: z.enum(['add', 'void', 'set-in', 'set-out']),
    at: IsoInstantText.optional(),
    by: Text,
    reason: Text,
    recordedAt: IsoInstantText,
    /** 訂正依頼 that the 元請 approved; absent where the correction came with the registry. */
    requestId: z.uuid().optional(),
    /** Evidence that it takes the place of: an earlier correction, or a touch that could not count. */
    corrects: z.string().min(1).max(200).optional(),
  }),
  consents: z.object({
    workerId: WorkerId,
    byWorker: z.boolean(),
    byEmployer: z.boolean(),
    items: z.array(Key).max(100),
    to: z.enum(['prime', 'upper', 'orderer', 'other-company']),
    // `to` names the recipient here, so a consent has a beginning and no written end.
    from: WorkDate.optional(),
  }),
} as const;

export type RegistryTable = keyof typeof REGISTRY_TABLES;
export type RegistryRow<Table extends RegistryTable> = z.infer<(typeof REGISTRY_TABLES)[Table]>;

/** Absent tables are empty; fields that this schema does not know are ignored. */
const rowsOf = <Row extends z.ZodType>(row: Row) => z.array(row).max(ROWS_MAX).default([]);

export const RegistryDocument = z.object({
  companies: rowsOf(REGISTRY_TABLES.companies),
  workers: rowsOf(REGISTRY_TABLES.workers),
  cards: rowsOf(REGISTRY_TABLES.cards),
  employments: rowsOf(REGISTRY_TABLES.employments),
  insurance: rowsOf(REGISTRY_TABLES.insurance),
  insuranceReasons: rowsOf(REGISTRY_TABLES.insuranceReasons),
  qualifications: rowsOf(REGISTRY_TABLES.qualifications),
  sites: rowsOf(REGISTRY_TABLES.sites),
  contracts: rowsOf(REGISTRY_TABLES.contracts),
  organisation: rowsOf(REGISTRY_TABLES.organisation),
  assignments: rowsOf(REGISTRY_TABLES.assignments),
  headcounts: rowsOf(REGISTRY_TABLES.headcounts),
  leave: rowsOf(REGISTRY_TABLES.leave),
  approvals: rowsOf(REGISTRY_TABLES.approvals),
  purchases: rowsOf(REGISTRY_TABLES.purchases),
  stampIssues: rowsOf(REGISTRY_TABLES.stampIssues),
  corrections: rowsOf(REGISTRY_TABLES.corrections),
  consents: rowsOf(REGISTRY_TABLES.consents),
  payGuidelines: rowsOf(REGISTRY_TABLES.payGuidelines),
  labourQuotes: rowsOf(REGISTRY_TABLES.labourQuotes),
  levelCriteria: rowsOf(REGISTRY_TABLES.levelCriteria),
  careerDays: rowsOf(REGISTRY_TABLES.careerDays),
  overtimeExemptions: rowsOf(REGISTRY_TABLES.overtimeExemptions),
  companyFacts: rowsOf(REGISTRY_TABLES.companyFacts),
  assessments: rowsOf(REGISTRY_TABLES.assessments),
  incentives: rowsOf(REGISTRY_TABLES.incentives),
  surcharges: rowsOf(REGISTRY_TABLES.surcharges),
  booklets: rowsOf(REGISTRY_TABLES.booklets),
  stampExchanges: rowsOf(REGISTRY_TABLES.stampExchanges),
  contributionReadings: rowsOf(REGISTRY_TABLES.contributionReadings),
  ordererProfiles: rowsOf(REGISTRY_TABLES.ordererProfiles),
});
export type Registry = z.infer<typeof RegistryDocument>;

export const EMPTY_REGISTRY: Registry = RegistryDocument.parse({});
