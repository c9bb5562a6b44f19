/** `GET /v1/taps`: every touch exactly once, in ledger order, for whoever follows `next`. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { SiteId } from '../../shared/ids.ts';
import { isoInJapan } from '../../shared/time.ts';
import { TAP_ITEMS } from '../access/report-items.ts';
import { subjectOf } from '../derive.ts';
import type { RegistryIndex } from '../registry.ts';
import type { Ledger, LedgerTap } from '../store/ledger.ts';
import { problems } from './problem.ts';

/** The ledger position after the last tap of a page; opaque to the reader. */
const Cursor = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const TapRow = z
  .object({
    id: z.string(),
    siteId: z.string(),
    terminalId: z.string(),
    workerId: z.string().optional(),
    cardId: z.string().optional(),
    direction: z.enum(['in', 'out', 'auto']),
    at: z.string(),
    atTrust: z.enum(['trusted', 'recovered', 'unknown']),
    receivedAt: z.string(),
    verdict: z.enum(['recorded', 'repeat', 'warned', 'held']),
  })
  .openapi('Tap');

const route = createRoute({
  method: 'get',
  path: '/v1/taps',
  summary: 'Touches after a cursor',
  security: [{ bearer: [] }],
  request: {
    query: z.object({
      after: Cursor.default(0),
      limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
      siteId: SiteId.optional(),
      /** Long poll: seconds to wait for the next commit when the page would be empty. */
      wait: z.coerce.number().min(0).max(60).default(0),
    }),
  },
  responses: {
    200: {
      description: 'A page; an empty page repeats the cursor',
      content: {
        'application/json': { schema: z.object({ taps: z.array(TapRow), next: z.string() }) },
      },
    },
    ...problems(400, 401),
  },
});

const tapRow = (registry: RegistryIndex, tap: LedgerTap): z.infer<typeof TapRow> => {
  const { bearer, dated } = tap;
  const subject = subjectOf(registry, bearer, dated.at ?? tap.wallMs);
  return {
    id: tap.id,
    siteId: tap.siteId,
    terminalId: tap.terminalId,
    ...(subject.kind === 'worker' ? { workerId: subject.workerId } : {}),
    ...(bearer.kind === 'card' ? { cardId: bearer.cardId } : {}),
    direction: tap.direction,
    at: isoInJapan(dated.at ?? tap.wallMs),
    atTrust: dated.trust,
    receivedAt: isoInJapan(tap.receivedAt),
    verdict: tap.verdict,
  };
};

export interface TapsRouteDeps {
  readonly ledger: Pick<Ledger, 'tapsAfter'>;
  readonly registryIndex: () => RegistryIndex;
  /** Resolves when something was committed, or after that many milliseconds. */
  readonly nextCommit: (timeoutMs: number) => Promise<void>;
}

/** Touches read for one narrowed page before it is answered as it is. */
const SCAN_MAX = 50_000;

export const tapsRoute = (
  app: OpenAPIHono,
  { ledger, registryIndex, nextCommit }: TapsRouteDeps,
): void => {
  app.openapi(route, async (context) => {
    const { after, limit, siteId, wait } = context.req.valid('query');
    const sight = context.get('sight');
    /** The next page with something in it for this asker; what lies between is passed over. */
    const read = () => {
      const registry = registryIndex();
      let cursor = after;
      for (let scanned = 0; ; scanned += limit) {
        const taps = ledger.tapsAfter(cursor, limit, siteId);
        const seen = sight.rows(
          TAP_ITEMS,
          taps.map((tap) => tapRow(registry, tap)),
        );
        cursor = taps.at(-1)?.ledgerNo ?? cursor;
        const isEnd = taps.length < limit;
        if (seen.rows.length > 0 || isEnd || scanned > SCAN_MAX)
          return { ...seen, next: isEnd && seen.rows.length === 0 ? after : cursor };
      }
    };
    let page = read();
    if (page.rows.length === 0 && page.next === after && wait > 0) {
      await nextCommit(wait * 1_000);
      page = read();
    }
    const { rows, viewing, next } = page;
    return context.json({ taps: [...rows], next: String(next), viewing }, 200);
  });
};
