/** The three-way reconciliation as the API shows it (突き合わせの表示). */
import { z } from '@hono/zod-openapi';
import { CAUSES } from '../reconciliation/reconcile.ts';

export const ReconciledFile = z
  .object({
    fileNo: z.int(),
    source: z.enum(['ccus', 'kentaikyo']),
    month: z.string(),
    sites: z.array(z.string()).readonly(),
    rows: z.int(),
    /** Of the file's bytes, lower-case hex. */
    sha256: z.string(),
    importedAt: z.string(),
    importedBy: z.string(),
  })
  .openapi('ReconciledFile');

export const ReconciledDifference = z
  .object({
    siteId: z.string(),
    siteName: z.string().optional(),
    workerId: z.string().optional(),
    workerName: z.string().optional(),
    memberNo: z.string().optional(),
    workDate: z.string(),
    atGate: z.boolean(),
    atCcus: z.int().optional(),
    owedDays: z.int().optional(),
    atKentaikyo: z.int().optional(),
    causes: z.array(z.enum(CAUSES)).readonly(),
  })
  .openapi('ReconciledDifference');

export const ReconciliationAnswer = z.object({
  differences: z.array(ReconciledDifference),
  files: z.array(ReconciledFile),
  /** What the causes are called, in Japanese. */
  words: z.record(z.enum(CAUSES), z.string()).readonly(),
});
