/**
 * `/v1/correction-requests` (訂正依頼): employers, workers and the 元請 ask for a day to be corrected; the 元請 of
 * the site approves or rejects. What is approved counts at once.
 */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { SiteId } from '../../shared/ids.ts';
import { type Fault, faultsOf } from '../../shared/result.ts';
import {
  addMonths,
  type Clock,
  dateInJapan,
  firstDateOf,
  isoInJapan,
  monthOf,
  type WorkDate,
} from '../../shared/time.ts';
import { mayAsk } from '../access/asking-scope.ts';
import type { Principal } from '../access/principal.ts';
import { CORRECTION_REQUEST_ITEMS } from '../access/report-items.ts';
import { createRequestLimits } from '../access/request-limits.ts';
import type { CorrectionDesk } from '../correction-requests/correction-desk.ts';
import type { CorrectionRequest } from '../correction-requests/correction-store.ts';
import { CorrectionBody, Reason } from '../correction-requests/judge-request.ts';
import { correctionDue, correctionStage } from '../policies/correction-deadline.ts';
import { companyOn, type RegistryIndex } from '../registry.ts';
import { followedPage } from './followed-page.ts';
import { limitedBody, readJson, readJsonBody } from './json-body.ts';
import { problem, problems } from './problem.ts';

export interface CorrectionRoutesDeps {
  readonly corrections: CorrectionDesk;
  readonly registryIndex: () => RegistryIndex;
  readonly clock: Clock;
}

const BODY_BYTES_MAX = 4_096;
/** A person clerks a day's forgotten touches in one go; a program that asks on and on is slowed down. */
const CHANGES_LIMIT = { burst: 120, perSecond: 2 };
const KEY = /^[\x21-\x7E]{8,100}$/;

const RequestRow = z
  .object({
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
  })
  .openapi('CorrectionRequest');
export type RequestRow = z.infer<typeof RequestRow>;

const DecisionBody = z.strictObject({
  verdict: z.enum(['approved', 'rejected']),
  reason: Reason,
});

const ListQuery = z.object({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  siteId: SiteId.optional(),
  state: z.enum(['pending', 'decided']).optional(),
});

/** Months whose days CCUS still takes, and until when. */
const openMonths = (today: WorkDate) =>
  [addMonths(monthOf(today), -1), monthOf(today)].map((month) => ({
    month,
    due: correctionDue(firstDateOf(month)),
  }));

const requestRow = (
  { corrections, registryIndex }: CorrectionRoutesDeps,
  request: CorrectionRequest,
  principal: Principal,
  today: WorkDate,
): RequestRow => {
  const { siteId, workerId, workDate, at, corrects, decision } = request;
  const companyId = companyOn(registryIndex(), siteId, workerId, workDate);
  return {
    id: request.requestId,
    siteId,
    workerId,
    ...(companyId === undefined ? {} : { companyId }),
    workDate,
    kind: request.kind,
    ...(at === undefined ? {} : { at: isoInJapan(at) }),
    reason: request.reason,
    ...(corrects === undefined ? {} : { corrects }),
    isLate: request.isLate,
    mendDue: correctionDue(workDate),
    stage: correctionStage(workDate, today),
    askedBy: request.askedBy,
    askedFor: request.askedFor,
    askedAt: isoInJapan(request.askedAt),
    state: decision?.verdict ?? 'pending',
    ...(decision === undefined
      ? {}
      : {
          decidedBy: decision.by,
          decidedAt: isoInJapan(decision.at),
          decisionReason: decision.reason,
        }),
    mayDecide: decision === undefined && corrections.mayDecide(request, principal),
  };
};

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

export const correctionRoutes = (app: OpenAPIHono, deps: CorrectionRoutesDeps): void => {
  const { corrections, clock } = deps;
  const admit = createRequestLimits(CHANGES_LIMIT, () => clock.read().uptimeMs);
  describeRoutes(app);

  /** As far as the asker may see it. */
  const shown = (context: Context, request: CorrectionRequest): RequestRow | undefined => {
    const row = requestRow(
      deps,
      request,
      context.get('principal'),
      dateInJapan(clock.read().wallMs),
    );
    return context.get('sight').rows(CORRECTION_REQUEST_ITEMS, [row]).rows[0];
  };
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
    const today = dateInJapan(clock.read().wallMs);
    const principal = context.get('principal');
    const { rows, viewing, next } = await followedPage({
      sight: context.get('sight'),
      items: CORRECTION_REQUEST_ITEMS,
      query: { ...page, wait: 0 },
      read: (after, limit) => corrections.store.requestsAfter(after, limit, { siteId, state }),
      cursorOf: ({ requestNo }) => requestNo,
      rowOf: (request) => requestRow(deps, request, principal, today),
      news: async () => undefined,
    });
    return context.json(
      {
        requests: rows,
        next,
        mayAsk: mayAsk(principal.viewers),
        openMonths: openMonths(today),
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
