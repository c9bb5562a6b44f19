/**
 * `GET /v1/quarantine` (隔離の一覧): what came in and could not be taken, for administrators – it may hold anything
 * that anybody sent.
 */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { isoInJapan } from '../../shared/time.ts';
import type { RowItems } from '../access/report-items.ts';
import type { Ledger } from '../store/ledger.ts';
import { problem, problems } from './problem.ts';

const ROWS_MAX = 500;

/** Says no site: nobody with a limited scope sees it. */
const QUARANTINE_ITEMS: RowItems = { row: 'site-state', fields: {} };

const QuarantineRow = z
  .object({
    /** Of all its bytes, lower-case hex. */
    sha256: z.string(),
    topic: z.string(),
    reason: z.string(),
    byteCount: z.int(),
    firstAt: z.string(),
    lastAt: z.string(),
    times: z.int(),
  })
  .openapi('Quarantined');

const security = [{ bearer: [] }];
const list = createRoute({
  method: 'get',
  path: '/v1/quarantine',
  summary: '隔離の一覧。新しい順',
  security,
  responses: {
    200: {
      description: `The last ${ROWS_MAX}, newest first`,
      content: {
        'application/json': { schema: z.object({ quarantined: z.array(QuarantineRow) }) },
      },
    },
    ...problems(401, 403),
  },
});
const bytes = createRoute({
  method: 'get',
  path: '/v1/quarantine/{sha256}',
  summary: '隔離した内容（先頭の64 KiBまで）',
  security,
  request: { params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) },
  responses: {
    200: {
      description: 'Its beginning, as it came',
      content: { 'application/octet-stream': { schema: z.string() } },
    },
    ...problems(400, 401, 403, 404),
  },
});

export interface QuarantineRouteDeps {
  readonly ledger: Pick<Ledger, 'quarantineNewest' | 'quarantineBytes'>;
}

export const quarantineRoute = (app: OpenAPIHono, { ledger }: QuarantineRouteDeps): void => {
  app.openapi(list, (context) => {
    const found = ledger.quarantineNewest(ROWS_MAX).map(({ firstAt, lastAt, ...item }) => ({
      ...item,
      firstAt: isoInJapan(firstAt),
      lastAt: isoInJapan(lastAt),
    }));
    const { rows } = context.get('sight').rows(QUARANTINE_ITEMS, found);
    return context.json({ quarantined: [...rows] }, 200);
  });
  app.openapi(bytes, (context) => {
    const { sha256 } = context.req.valid('param');
    const found = ledger.quarantineBytes(sha256);
    if (found === undefined) return problem(context, 404);
    return context.body(new Uint8Array(found), 200, {
      'content-disposition': `attachment; filename="quarantine-${sha256.slice(0, 16)}.bin"`,
      'content-type': 'application/octet-stream',
    });
  });
};
