/**
 * Tables of the registry (台帳) that labour reports rest on: pay by level, level criteria, exemptions,
 * assessments, incentives of authorities. What a rule-maker sets and revises is data here, each row with
 * its source; none of it is built in.
 */
import { z } from 'zod';
import { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { plainText } from '../../shared/plain-text.ts';
import { WorkDate } from '../../shared/time.ts';

const Text = plainText(200);
const Source = plainText(500);
const Trade = plainText(100);
const Yen = z.int().min(0).max(1_000_000_000_000);
const Days = z.int().min(0).max(100_000);
const Percent = z.int().min(0).max(100);
const Dated = { from: WorkDate.optional(), to: WorkDate.optional() };

/** 見える化の三つの評価軸: 基礎情報, 施工能力, コンプライアンス. */
export const AssessmentBlock = z.enum(['basic', 'ability', 'compliance']);
export type AssessmentBlock = z.infer<typeof AssessmentBlock>;

/** What an authority may tie a bonus to; each is computed from this registry and ledger. */
export const IncentiveMetric = z.enum([
  'company-rate',
  'worker-rate',
  'touch-rate',
  'complete-history-rate',
  'days-off-rate',
]);
export type IncentiveMetric = z.infer<typeof IncentiveMetric>;

export const LABOUR_TABLES = {
  /** レベル別の賃金目安; without `trade` for every trade that has no row of its own. */
  payGuidelines: z.object({
    trade: Trade.optional(),
    level: z.literal([1, 2, 3, 4]),
    yenPerYear: Yen,
    daysPerYear: z.int().min(1).max(366),
    /** 職長手当 */
    foremanYenPerDay: Yen.optional(),
    source: Source,
    ...Dated,
  }),
  /** What a company estimated as labour cost, and what the prime then agreed to. */
  labourQuotes: z.object({
    siteId: SiteId,
    companyId: CompanyId,
    date: WorkDate,
    estimateYen: Yen,
    contractedYen: Yen.optional(),
    source: Source,
  }),
  /** 能力評価基準; `trade` is a whole code (10-01) or its first part (34). */
  levelCriteria: z.object({
    trade: Trade,
    level: z.literal([2, 3, 4]),
    days: Days,
    /** 職長としての日数 */
    foremanDays: Days.optional(),
    /** 職長または班長としての日数 */
    leaderDays: Days.optional(),
    qualifications: z.array(Text).max(50).optional(),
    source: Source,
    ...Dated,
  }),
  /** What CCUS or an approved 経歴証明 already counts for a worker, up to and including `asOf`. */
  careerDays: z.object({
    workerId: WorkerId,
    trade: Trade,
    asOf: WorkDate,
    days: Days,
    foremanDays: Days,
    crewLeaderDays: Days,
    source: Source,
  }),
  /** 災害の復旧・復興の事業 (労働基準法第139条), as notified with the 36協定. */
  overtimeExemptions: z.object({
    siteId: SiteId,
    reason: z.literal('disaster-recovery'),
    source: Source,
    ...Dated,
  }),
  /** What a registry of people and touches cannot know of a company: years of licence, sanctions… */
  companyFacts: z.object({
    companyId: CompanyId,
    block: AssessmentBlock,
    item: Text,
    value: z.int().min(-1_000_000_000_000).max(1_000_000_000_000),
    source: Source,
    ...Dated,
  }),
  /** 施工能力等の見える化: an assessing body's points and thresholds of one block. */
  assessments: z.object({
    body: Text,
    block: AssessmentBlock,
    items: z
      .array(
        z.object({
          item: Text,
          /** People, days, or hundredths of a percent. */
          steps: z
            .array(z.object({ atLeast: z.int(), points: z.int() }))
            .min(1)
            .max(20),
        }),
      )
      .min(1)
      .max(50),
    stars: z
      .array(z.object({ stars: z.int().min(1).max(4), atLeastPoints: z.int() }))
      .min(1)
      .max(4),
    source: Source,
    ...Dated,
  }),
  /** 自治体の評価・加点: rules, forms and source of one authority; for contracts of these orderers. */
  incentives: z.object({
    authority: Text,
    ordererNames: z.array(Text).min(1).max(100),
    rules: z
      .array(
        z.object({
          name: Text,
          metric: IncentiveMetric,
          atLeastPercent: Percent,
          points: z.int().min(-100).max(100),
        }),
      )
      .min(1)
      .max(50),
    /** `sum` adds what is met; `best` takes the highest that is met. */
    counting: z.enum(['sum', 'best']),
    forms: z.array(Text).max(50).optional(),
    source: Source,
    ...Dated,
  }),
} as const;
