/** `/v1/audit` (監査記録): the log for whoever runs the gateway, and the proof of its chain. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { DAY_MS, isoInJapan, utcMs } from '../../shared/time.ts';
import { problems } from '../api/problem.ts';
import { runInTurns } from '../turns.ts';
import type { Access } from './access.ts';
import { analyseAudit, shownFinding } from './analyse-audit.ts';
import { AuditKind, FindingKind } from './audit-kind.ts';
import type { AuditRecord } from './audit-log.ts';

const RecordRow = z
  .object({
    auditNo: z.int(),
    at: z.string(),
    kind: AuditKind,
    actor: z.string(),
    scope: z.string().optional(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  })
  .openapi('AuditRecord');

const page = createRoute({
  method: 'get',
  path: '/v1/audit',
  summary: 'The audit log, newest first',
  security: [{ bearer: [] }],
  request: {
    query: z.object({
      before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
      kind: AuditKind.optional(),
    }),
  },
  responses: {
    200: {
      description: 'Records',
      content: { 'application/json': { schema: z.object({ records: z.array(RecordRow) }) } },
    },
    ...problems(400, 401, 403),
  },
});

const verification = createRoute({
  method: 'get',
  path: '/v1/audit/verification',
  summary: 'Recomputes the chain of the audit log',
  security: [{ bearer: [] }],
  responses: {
    200: {
      description: 'Intact with its head, or the first record that does not follow',
      content: {
        'application/json': {
          schema: z.union([
            z.object({ kind: z.literal('intact'), records: z.int(), headHash: z.string() }),
            z.object({ kind: z.literal('broken'), auditNo: z.int() }),
          ]),
        },
      },
    },
    ...problems(401, 403),
  },
});

const analysis = createRoute({
  method: 'get',
  path: '/v1/audit/analysis',
  summary: 'What in the audit log of the last days a person should look at',
  security: [{ bearer: [] }],
  request: {
    query: z.object({
      days: z.coerce.number().int().min(1).max(31).default(7),
      readRows: z.coerce.number().int().min(1).max(1_000_000).default(200),
      readTimes: z.coerce.number().min(1).max(1_000).default(5),
      failedLogIns: z.coerce.number().int().min(1).max(1_000).default(5),
      refusals: z.coerce.number().int().min(1).max(100_000).default(20),
    }),
  },
  responses: {
    200: {
      description: 'Worst first',
      content: {
        'application/json': {
          schema: z.object({
            from: z.string(),
            records: z.int(),
            findings: z.array(
              z.object({
                kind: FindingKind,
                level: z.enum(['critical', 'warning', 'notice']),
                actor: z.string(),
                at: z.string(),
                count: z.int(),
                usual: z.int().optional(),
                auditNo: z.int(),
              }),
            ),
          }),
        },
      },
    },
    ...problems(400, 401, 403),
  },
});

/** A page of the log after the other, oldest first, with a chance for others in between. */
const RECORDS_AT_ONCE = 2_000;
const FINDINGS_MAX = 1_000;

const shown = ({ at, detail, ...record }: AuditRecord) => ({
  ...record,
  at: isoInJapan(at),
  detail: { ...detail },
});

export const auditRoutes = (app: OpenAPIHono, { audit, clock }: Access): void => {
  app.openapi(analysis, async (context) => {
    const { days, ...settings } = context.req.valid('query');
    const from = utcMs(Math.max(0, clock.read().wallMs - days * DAY_MS));
    const reading = analyseAudit(settings);
    let records = 0;
    await runInTurns(
      (function* () {
        for (let after = 0; ; ) {
          const page = audit.since(from, RECORDS_AT_ONCE, after);
          for (const record of page) reading.add(record);
          records += page.length;
          const last = page.at(-1);
          if (last === undefined || page.length < RECORDS_AT_ONCE) return undefined;
          after = last.auditNo;
          yield undefined;
        }
      })(),
    );
    const findings = reading.findings().slice(0, FINDINGS_MAX).map(shownFinding);
    return context.json({ from: isoInJapan(from), records, findings }, 200);
  });
  app.openapi(page, (context) => {
    const { before, limit, kind } = context.req.valid('query');
    return context.json({ records: audit.page({ before, limit, kind }).map(shown) }, 200);
  });
  app.openapi(verification, async (context) => {
    const verdict = await runInTurns(audit.verifying());
    if (verdict.kind === 'broken')
      audit.append({
        kind: 'chain-failed',
        actor: 'gateway',
        detail: { chain: 'audit', auditNo: verdict.auditNo },
      });
    return context.json(verdict, 200);
  });
};
