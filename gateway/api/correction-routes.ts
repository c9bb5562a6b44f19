/**
 * `/v1/correction-requests` (訂正依頼): employers, workers and the 元請 ask for a day to be corrected; the 元請 of
 * the site approves or rejects. What is approved counts at once.
 */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { SiteId } from '../../shared/ids.ts';
import { type Fault, faultsOf } from '../../shared/result.ts';
import { type Clock, dateInJapan } from '../../shared/time.ts';
import { mayAsk } from '../access/asking-scope.ts';
import { CORRECTION_REQUEST_ITEMS, WAITING_TOUCH_ITEMS } from '../access/report-items.ts';
import { createRequestLimits } from '../access/request-limits.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import type { CorrectionDesk } from '../correction-requests/correction-desk.ts';
import type { CorrectionRequest } from '../correction-requests/correction-store.ts';
import { CorrectionBody, Reason } from '../correction-requests/judge-request.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import { openMonths, requestRow, waitingRow } from './correction-rows.ts';
import { RequestRow, WaitingRow } from './correction-schemas.ts';
import { followedPage, PageQuery } from './followed-page.ts';
import { limitedBody, readJson, readJsonBody } from './json-body.ts';
import { problem, problems } from './problem.ts';

export interface CorrectionRoutesDeps {
  readonly corrections: CorrectionDesk;
  readonly registryIndex: () => RegistryIndex;
  readonly waitingTouches: () => readonly WaitingTouch[];
  readonly clock: Clock;
  /** Day of the next month on which a month is extracted; the default where absent. */
  readonly extractDay?: number | undefined;
}

const BODY_BYTES_MAX = 4_096;
/** A person clerks a day's forgotten touches in one go; a program that asks on and on is slowed down. */
const CHANGES_LIMIT = { burst: 120, perSecond: 2 };
const KEY = /^[\x21-\x7E]{8,100}$/;

const DecisionBody = z.strictObject({
  verdict: z.enum(['approved', 'rejected']),
  reason: Reason,
});

const ListQuery = z.strictObject({
  after: PageQuery.after,
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  siteId: SiteId.optional(),
  state: z.enum(['pending', 'decided']).optional(),
});

const describeRoutes = (app: OpenAPIHono): void => {
  const answer = { 'application/json': { schema: RequestRow } };
  const json = (schema: z.ZodType) => ({ body: { content: { 'application/json': { schema } } } });
  const security = [{ bearer: [] }];
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/correction-requests',
    summary: '訂正依頼の一覧（古い順。next を after に渡すと続き）',
    security,
    request: { query: ListQuery },
    responses: {
      200: {
        description: 'A page; an empty page repeats the cursor',
        content: {
          'application/json': {
            schema: z.object({
              requests: z.array(RequestRow),
              next: z.string(),
              /** Whether whoever reads this may ask for corrections at all. */
              mayAsk: z.boolean(),
              /** Days of earlier months are late. */
              openMonths: z.array(z.object({ month: z.string(), due: z.string() })),
            }),
          },
        },
      },
      ...problems(400, 401),
    },
  });
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/correction-requests',
    summary: '訂正の依頼。Idempotency-Key を付けると、二度送っても一件',
    security,
    request: json(CorrectionBody),
    responses: {
      201: { description: 'Asked', content: answer },
      200: { description: 'Asked before, with the same key', content: answer },
      ...problems(400, 401, 403, 409, 413, 422, 429),
    },
  });
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/correction-requests/{id}/decision',
    summary: '元請の承認・却下',
    security,
    request: json(DecisionBody),
    responses: {
      200: { description: 'Decided', content: answer },
      ...problems(400, 401, 403, 404, 409, 413, 422, 429),
    },
  });
};

const against = (context: Context, message: string): Response =>
  problem(context, 409, [{ place: '', message }]);

/** `/v1/waiting-touches`: what a correction that names it (`corrects`) settles. */
const waitingTouchesRoute = (
  app: OpenAPIHono,
  { waitingTouches, registryIndex }: CorrectionRoutesDeps,
): void => {
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/waiting-touches',
    summary: '日時を人が決めるまで出面に数えないタッチ',
    security: [{ bearer: [] }],
    responses: {
      200: {
        description: 'In the order in which they arrived',
        content: { 'application/json': { schema: z.object({ touches: z.array(WaitingRow) }) } },
      },
      ...problems(401),
    },
  });
  app.get('/v1/waiting-touches', (context) => {
    const index = registryIndex();
    const found = waitingTouches().map((touch) => waitingRow(index, touch));
    const { rows, viewing } = context.get('sight').rows(WAITING_TOUCH_ITEMS, found);
    return context.json({ touches: rows, viewing }, 200);
  });
};

export const correctionRoutes = (app: OpenAPIHono, deps: CorrectionRoutesDeps): void => {
  const { corrections, registryIndex, clock } = deps;
  const admit = createRequestLimits(CHANGES_LIMIT, () => clock.read().uptimeMs);
  describeRoutes(app);
  waitingTouchesRoute(app, deps);

  /** As far as the asker may see it. */
  const rowFor = (context: Context, request: CorrectionRequest): RequestRow =>
    requestRow(registryIndex(), request, {
      mayDecide: corrections.mayDecide(request, context.get('principal')),
      today: dateInJapan(clock.read().wallMs),
      extractDay: deps.extractDay,
    });
  const shown = (context: Context, request: CorrectionRequest): RequestRow | undefined =>
    context.get('sight').rows(CORRECTION_REQUEST_ITEMS, [rowFor(context, request)]).rows[0];
  const tooFast = (context: Context): Response | undefined => {
    const admission = admit(context.get('principal').actor);
    if (admission.isAdmitted) return undefined;
    context.header('retry-after', String(admission.retryAfterSeconds));
    return problem(context, 429);
  };

  app.get('/v1/correction-requests', async (context) => {
    const query = ListQuery.safeParse(context.req.query());
    if (!query.success) return problem(context, 400, faultsOf(query.error.issues));
    const { siteId, state, ...page } = query.data;
    const { rows, viewing, next } = followedPage({
      sight: context.get('sight'),
      items: CORRECTION_REQUEST_ITEMS,
      query: page,
      read: (after, limit) => corrections.store.requestsAfter(after, limit, { siteId, state }),
      cursorOf: ({ requestNo }) => requestNo,
      rowOf: (request) => rowFor(context, request),
    });
    return context.json(
      {
        requests: rows,
        next,
        mayAsk: mayAsk(context.get('principal').viewers),
        openMonths: openMonths(dateInJapan(clock.read().wallMs)),
        viewing,
      },
      200,
    );
  });

  app.post('/v1/correction-requests', limitedBody(BODY_BYTES_MAX), async (context) => {
    const principal = context.get('principal');
    if (!mayAsk(principal.viewers)) return problem(context, 403);
    const refusal = tooFast(context);
    if (refusal !== undefined) return refusal;
    const json = await readJson(context);
    if (!json.ok) return problem(context, 400, json.faults);
    const key = context.req.header('idempotency-key');
    const keyFaults: readonly Fault[] =
      key === undefined || KEY.test(key)
        ? []
        : [{ place: 'idempotency-key', message: 'must be 8 to 100 visible ASCII characters' }];
    const outcome = corrections.ask(json.value, principal, key, keyFaults);
    switch (outcome.kind) {
      case 'refused':
        return problem(context, 422, outcome.faults);
      case 'key-taken':
        return against(context, 'this idempotency key was used for another request');
      case 'pending-already':
        return against(
          context,
          `the same is asked for already and waits: ${outcome.request.requestId}`,
        );
      case 'too-many':
        return problem(context, 429, [
          { place: '', message: 'too many requests of this asker wait for a decision' },
        ]);
      case 'already-asked':
        return context.json(shown(context, outcome.request), 200);
      case 'asked':
        return context.json(shown(context, outcome.request), 201);
    }
  });

  app.post('/v1/correction-requests/:id/decision', limitedBody(BODY_BYTES_MAX), async (context) => {
    const refusal = tooFast(context);
    if (refusal !== undefined) return refusal;
    const request = corrections.store.find(context.req.param('id'));
    // What they may not see is not told from what is not there.
    if (request === undefined || shown(context, request) === undefined)
      return problem(context, 404);
    const body = await readJsonBody(context, DecisionBody);
    if (!body.ok) return problem(context, 422, body.faults);
    const outcome = corrections.decide(request, body.value, context.get('principal'));
    switch (outcome.kind) {
      case 'not-their-site':
        return problem(context, 403, [{ place: '', message: 'the 元請 of the site decides' }]);
      case 'own-request':
        return problem(context, 403, [{ place: '', message: 'somebody else must decide it' }]);
      case 'already-decided': {
        const { decision } = outcome.request;
        const isRepeat =
          decision?.by === context.get('principal').actor &&
          decision.verdict === body.value.verdict &&
          decision.reason === body.value.reason;
        return isRepeat
          ? context.json(shown(context, outcome.request), 200)
          : against(context, `is decided already: ${decision?.verdict}`);
      }
      case 'decided':
        return context.json(shown(context, outcome.request), 200);
    }
  });
};
