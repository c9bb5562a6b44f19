/** `GET /v1/taps`: every touch exactly once, in ledger order, for whoever follows `next`. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { SiteId } from '../../shared/ids.ts';
import { isoInJapan } from '../../shared/time.ts';
import { TAP_ITEMS } from '../access/report-items.ts';
import { subjectOf } from '../attendance/derive.ts';
import type { WaitForNews } from '../commit-signal.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Ledger, LedgerTap } from '../store/ledger.ts';
import { awaitedPage, noRoomToWait, PageQuery } from './followed-page.ts';
import { problems } from './problem.ts';

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
    /** True where the touch claims to be later than its arrival: kept, and counted for nothing. */
    futureDated: z.literal(true).optional(),
  })
  .openapi('Tap');

const route = createRoute({
  method: 'get',
  path: '/v1/taps',
  summary: 'Touches after a cursor',
  security: [{ bearer: [] }],
  request: {
    query: z.strictObject({
      ...PageQuery,
      siteId: SiteId.optional(),
    }),
  },
  responses: {
    200: {
      description: 'A page; an empty page repeats the cursor',
      content: {
        'application/json': { schema: z.object({ taps: z.array(TapRow), next: z.string() }) },
      },
    },
    ...problems(400, 401, 503),
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
    ...(tap.isFutureDated ? { futureDated: true as const } : {}),
  };
};

export interface TapsRouteDeps {
  readonly ledger: Pick<Ledger, 'tapsAfter'>;
  readonly registryIndex: () => RegistryIndex;
  readonly nextCommit: WaitForNews;
}

export const tapsRoute = (
  app: OpenAPIHono,
  { ledger, registryIndex, nextCommit }: TapsRouteDeps,
): void => {
  app.openapi(route, async (context) => {
    const { siteId, ...query } = context.req.valid('query');
    const page = await awaitedPage({
      sight: context.get('sight'),
      items: TAP_ITEMS,
      query,
      read: (after, limit) => ledger.tapsAfter(after, limit, siteId),
      cursorOf: ({ ledgerNo }) => ledgerNo,
      rowOf: (tap) => tapRow(registryIndex(), tap),
      news: nextCommit,
      signal: context.req.raw.signal,
    });
    if (page === 'full') throw noRoomToWait(context);
    const { rows, viewing, next } = page;
    return context.json({ taps: [...rows], next, viewing }, 200);
  });
};
