/**
 * Tables and fields of the registry (台帳) that only 建退共 asks for: books, surcharges, readings of open
 * questions, conditions of orderers, shares of a joint venture. All of them may be absent.
 */
import { z } from 'zod';
import { CompanyId, WorkerId } from '../../shared/ids.ts';
import { keyText, plainText } from '../../shared/plain-text.ts';
import { WorkDate } from '../../shared/time.ts';

const Text = plainText(200);
const Source = plainText(500);
const Key = keyText(100);
const Yen = z.int().min(0).max(1_000_000_000_000);
const Dated = { from: WorkDate.optional(), to: WorkDate.optional() };

/** What a contract may say beside the fields of the contract with outside. */
export const KENTAIKYO_CONTRACT_FIELDS = {
  /** 共同企業体: whose share is how much. Members buy their own share of points. */
  jointVenture: z
    .array(z.object({ companyId: CompanyId, sharePercent: z.int().min(1).max(100) }))
    .max(50)
    .optional(),
  /** 掛金収納書: when it was handed to the orderer, and why so late where it was. */
  receiptSubmittedOn: WorkDate.optional(),
  receiptLateReason: Text.optional(),
  /** Why less was bought than is expected, or nothing: stamps left over, members of another scheme… */
  purchaseShortReason: Text.optional(),
  /** 発注者 profile by whose thresholds and forms the contract is checked. */
  ordererProfileId: Key.optional(),
  /** 出来高 as reported; without any, the time that has passed stands for it. */
  progress: z
    .array(z.object({ date: WorkDate, percent: z.int().min(0).max(100) }))
    .max(1_000)
    .optional(),
};

export const KENTAIKYO_TABLES = {
  /** 複数掛金: yen a day on top of the base, in steps of 10, by points only. */
  surcharges: z.object({
    workerId: WorkerId,
    companyId: CompanyId.optional(),
    yen: z.int().min(0).max(10_000).multipleOf(10),
    source: Source,
    ...Dated,
  }),
  /** 共済手帳: the books of a worker as they were issued. The first (冊目 1) has 50 exempt days. */
  booklets: z.object({
    workerId: WorkerId,
    number: z.int().min(1).max(200),
    issuedOn: WorkDate,
    closedOn: WorkDate.optional(),
    /** Days in the book at issue or when this system took over. */
    daysBefore: z.int().min(0).max(250).optional(),
  }),
  /** 証紙の交換: 310円 stamps of a contract given for 320円 stamps of the same colour. */
  stampExchanges: z.object({
    contractId: Key,
    /** In whose book, where that is not the 元請's. */
    companyId: CompanyId.optional(),
    date: WorkDate,
    /** 310円 stamps given. What comes for them follows from the rule. */
    days: z.int().min(1).max(100_000),
    colour: z.enum(['red', 'blue']),
  }),
  /** How open questions of the scheme are read from when on; defaults where no row says. */
  contributionReadings: z.object({
    breaks: z.enum(['not-subtracted', 'statutory']).optional(),
    nextDayHours: z.enum(['of-remainder', 'without-whole-unit']).optional(),
    decidedBy: Text,
    ...Dated,
  }),
  /** 発注者ごとの条件: from which contract sum on, by when, with which forms. */
  ordererProfiles: z.object({
    profileId: Key,
    name: Text,
    thresholdYen: Yen.optional(),
    receiptDays: z
      .object({ points: z.int().min(1).max(366), stamps: z.int().min(1).max(366) })
      .partial()
      .optional(),
    /** What is asked for at the contract, in the orderer's own words. */
    forms: z.array(Text).max(50).optional(),
    /** The same at completion. */
    completionForms: z.array(Text).max(50).optional(),
    /** From which share of touched days on CCUS counts as much used at completion. */
    highUsePercent: z.int().min(1).max(100).optional(),
    source: Source,
  }),
} as const;
