/** `/v1/audit` (監査記録): the log for whoever runs the gateway, and the proof of its chain. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { isoInJapan } from '../../shared/time.ts';
import { problems } from '../api/problem.ts';
import type { Access } from './access.ts';
import { AuditKind, type AuditRecord } from './audit-log.ts';

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

const shown = ({ at, detail, ...record }: AuditRecord) => ({
  ...record,
  at: isoInJapan(at),
  detail: { ...detail },
});

export const auditRoutes = (app: OpenAPIHono, { audit }: Access): void => {
  app.openapi(page, (context) => {
    const { before, limit, kind } = context.req.valid('query');
    const kinds = kind === undefined ? undefined : [kind];
    return context.json({ records: audit.page({ before, limit, kinds }).map(shown) }, 200);
  });
  app.openapi(verification, (context) => {
    const verdict = audit.verify();
    if (verdict.kind === 'broken')
      audit.append({
        kind: 'chain-failed',
        actor: 'gateway',
        detail: { chain: 'audit', auditNo: verdict.auditNo },
      });
    return context.json(verdict, 200);
  });
};
