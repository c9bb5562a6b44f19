/** 訂正依頼, and touches that wait for one, as programs and pages read them. */
import { z } from 'zod';

export const RequestRow = z.object({
  /** Of the request. */
  id: z.uuid(),
  siteId: z.string(),
  workerId: z.string(),
  companyId: z.string().optional(),
  workDate: z.string(),
  kind: z.enum(['add', 'void', 'set-in', 'set-out']),
  /** The time that is asked for. */
  at: z.string().optional(),
  reason: z.string(),
  corrects: z.string().optional(),
  /** Asked for after CCUS had closed the month. */
  isLate: z.boolean(),
  /** Last day on which CCUS takes it. */
  mendDue: z.string(),
  /** As of now. */
  stage: z.enum(['before-extract', 'after-extract', 'closed']),
  askedBy: z.string(),
  askedFor: z.string(),
  askedAt: z.string(),
  state: z.enum(['pending', 'approved', 'rejected']),
  decidedBy: z.string().optional(),
  decidedAt: z.string().optional(),
  decisionReason: z.string().optional(),
  /** Whether whoever reads this may decide it. */
  mayDecide: z.boolean(),
});
export type RequestRow = z.infer<typeof RequestRow>;

export const WaitingRow = z.object({
  id: z.string(),
  reason: z.enum(['future-dated', 'undated']),
  siteId: z.string(),
  terminalId: z.string(),
  workerId: z.string().optional(),
  cardId: z.string().optional(),
  claimedAt: z.string(),
  receivedAt: z.string(),
  /** The latest day that it can be of. */
  workDate: z.string(),
});
export type WaitingRow = z.infer<typeof WaitingRow>;
