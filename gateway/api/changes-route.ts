/**
 * `GET /v1/changes` (変更の通知): which derived rows are not what they were, in order of their last change.
 *
 * A row that changes again moves to the end: whoever follows `next` and asks for what is named there has
 * everything, however often it changed in between.
 */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { SiteId } from '../../shared/ids.ts';
import { isoInJapan } from '../../shared/time.ts';
import { CHANGE_ITEMS } from '../access/report-items.ts';
import type { WaitForNews } from '../commit-signal.ts';
import type { DerivedChange, Ledger } from '../store/ledger.ts';
import { awaitedPage, noRoomToWait, PageQuery } from './followed-page.ts';
import { problems } from './problem.ts';

const ChangeRow = z
  .object({
    /** `contributions`: a day of leave, of which there is no attendance. */
    report: z.enum(['attendance', 'contributions']),
    /** Absent of a day of leave that is booked at no site. */
    siteId: z.string().optional(),
    workerId: z.string().optional(),
    cardId: z.string().optional(),
    workDate: z.string(),
    changedAt: z.string(),
  })
  .openapi('Change');

const route = createRoute({
  method: 'get',
  path: '/v1/changes',
  summary: 'Derived rows that changed after a cursor',
  security: [{ bearer: [] }],
  request: { query: z.strictObject({ ...PageQuery, siteId: SiteId.optional() }) },
  responses: {
    200: {
      description: 'A page; an empty page repeats the cursor',
      content: {
        'application/json': { schema: z.object({ changes: z.array(ChangeRow), next: z.string() }) },
      },
    },
    ...problems(400, 401, 503),
  },
});

const changeRow = ({
  report,
  siteId,
  subject,
  workDate,
  at,
}: DerivedChange): z.infer<typeof ChangeRow> => ({
  report,
  ...(siteId === undefined ? {} : { siteId }),
  ...(subject.kind === 'worker' ? { workerId: subject.workerId } : { cardId: subject.cardId }),
  workDate,
  changedAt: isoInJapan(at),
});

export interface ChangesRouteDeps {
  readonly ledger: Pick<Ledger, 'changesAfter'>;
  readonly nextDerived: WaitForNews;
}

export const changesRoute = (app: OpenAPIHono, { ledger, nextDerived }: ChangesRouteDeps): void => {
  app.openapi(route, async (context) => {
    const { siteId, ...query } = context.req.valid('query');
    const page = await awaitedPage({
      sight: context.get('sight'),
      items: CHANGE_ITEMS,
      query,
      read: (after, limit) => ledger.changesAfter(after, limit, siteId),
      cursorOf: ({ changeNo }) => changeNo,
      rowOf: changeRow,
      news: nextDerived,
      signal: context.req.raw.signal,
    });
    if (page === 'full') throw noRoomToWait(context);
    const { rows, viewing, next } = page;
    return context.json({ changes: [...rows], next, viewing }, 200);
  });
};
