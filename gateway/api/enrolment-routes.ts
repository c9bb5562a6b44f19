/** `/v1/enrolments` (端末の登録): codes made, enrolments listed and revoked by an administrator. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import QrCode from 'qrcode';
import { SiteId, TerminalId } from '../../shared/ids.ts';
import { isoInJapan, MINUTE_MS, type UtcMs } from '../../shared/time.ts';
import type { CertificateRow, EnrolmentRow } from '../enrolment/enrolment-store.ts';
import type { Enrolments } from '../enrolment/enrolments.ts';
import { stateOf } from '../enrolment/judge-enrolment.ts';
import { limitedBody, readJsonBody } from './json-body.ts';
import { problem, problems } from './problem.ts';

export interface EnrolmentRoutesDeps {
  /** Undefined: this gateway enrols nobody. */
  readonly enrolment?:
    | {
        readonly enrolments: Enrolments;
        readonly certificates: () => readonly CertificateRow[];
        /** `https://host:port` for terminals. */
        readonly url: () => string;
        readonly isSite: (siteId: SiteId) => boolean;
      }
    | undefined;
  readonly now: () => UtcMs;
}

const VALID_MINUTES = { default: 60, max: 7 * 24 * 60 };

const CodeOrder = z.strictObject({
  siteId: SiteId,
  /** The place that a new device takes; absent = a new place. */
  terminalId: TerminalId.optional(),
  validMinutes: z.int().min(1).max(VALID_MINUTES.max).default(VALID_MINUTES.default),
});

const EnrolmentView = z
  .object({
    enrolmentId: z.int(),
    siteId: z.string(),
    terminalId: z.string(),
    state: z.enum(['waiting', 'expired', 'enrolled', 'revoked', 'replaced']),
    createdBy: z.string(),
    createdAt: z.string(),
    expiresAt: z.string(),
    enrolledAt: z.string().optional(),
    endedAt: z.string().optional(),
    certificateEnds: z.string().optional(),
  })
  .openapi('Enrolment');

const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

const make = createRoute({
  method: 'post',
  path: '/v1/enrolments',
  summary:
    'Makes a code by which one terminal enrols itself; the answer is the only time that it is shown',
  security: [{ bearer: [] }],
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: CodeOrder,
        },
      },
    },
  },
  responses: {
    201: {
      description: 'The code',
      content: json(
        EnrolmentView.extend({
          code: z.string(),
          url: z.string(),
          /** What the QR code says: `URL#CODE`. */
          qrText: z.string(),
          qrSvg: z.string(),
        }),
      ),
    },
    ...problems(400, 401, 403, 404, 409),
  },
});

const list = createRoute({
  method: 'get',
  path: '/v1/enrolments',
  summary: 'Every enrolment, without the codes',
  security: [{ bearer: [] }],
  responses: {
    200: {
      description: 'Oldest first',
      content: json(z.object({ enrolments: z.array(EnrolmentView) })),
    },
    ...problems(401, 403, 404),
  },
});

const revoke = createRoute({
  method: 'delete',
  path: '/v1/enrolments/{enrolmentId}',
  summary: 'Revokes a code that waits, or a terminal with its certificates',
  security: [{ bearer: [] }],
  request: { params: z.object({ enrolmentId: z.string() }) },
  responses: { 204: { description: 'Revoked' }, ...problems(400, 401, 403, 404) },
});

const limit = limitedBody(4_096);

export const enrolmentRoutes = (
  app: OpenAPIHono,
  { enrolment, now }: EnrolmentRoutesDeps,
  actorOf: (context: Context) => string,
): void => {
  const none = (context: Context) =>
    problem(context, 404, [{ place: '', message: 'this gateway enrols no terminals' }]);
  const view = (row: EnrolmentRow, certificate?: CertificateRow) => ({
    enrolmentId: row.enrolmentNo,
    siteId: row.siteId,
    terminalId: row.terminalId,
    state: stateOf(row, now()),
    createdBy: row.createdBy,
    createdAt: isoInJapan(row.createdAt),
    expiresAt: isoInJapan(row.expiresAt),
    ...(row.claimed && { enrolledAt: isoInJapan(row.claimed.at) }),
    ...(row.ended && { endedAt: isoInJapan(row.ended.at) }),
    ...(certificate && { certificateEnds: isoInJapan(certificate.validTo) }),
  });

  // Answers are JSON or a problem document, which the typed way of the library does not tell apart.
  for (const route of [make, list, revoke]) app.openAPIRegistry.registerPath(route);

  app.post(make.path, limit, async (context) => {
    if (enrolment === undefined) return none(context);
    const order = await readJsonBody(context, CodeOrder);
    if (!order.ok) return problem(context, 400, order.faults);
    const { siteId, terminalId, validMinutes } = order.value;
    if (!enrolment.isSite(siteId))
      return problem(context, 404, [{ place: '/siteId', message: 'is no site of the registry' }]);
    const outcome = await enrolment.enrolments.makeCode({
      siteId,
      terminalId,
      lifeMs: validMinutes * MINUTE_MS,
      by: actorOf(context),
    });
    if (outcome.kind !== 'made') {
      const message =
        outcome.kind === 'other-site'
          ? 'stands at another site: revoke it there first'
          : 'stands in the configuration file';
      return problem(context, 409, [{ place: '/terminalId', message }]);
    }
    const url = enrolment.url();
    const qrText = `${url}#${outcome.code}`;
    const qrSvg = await QrCode.toString(qrText, { type: 'svg', errorCorrectionLevel: 'M' });
    return context.json(
      { ...view(outcome.enrolment), code: outcome.code, url, qrText, qrSvg },
      201,
    );
  });

  app.get(list.path, (context) => {
    if (enrolment === undefined) return none(context);
    const lastOf = new Map(enrolment.certificates().map((row) => [row.enrolmentNo, row]));
    const rows = enrolment.enrolments.all();
    return context.json(
      { enrolments: rows.map((row) => view(row, lastOf.get(row.enrolmentNo))) },
      200,
    );
  });

  app.delete('/v1/enrolments/:enrolmentId', (context) => {
    const enrolmentId = Number(context.req.param('enrolmentId'));
    return Number.isSafeInteger(enrolmentId) &&
      enrolment?.enrolments.revoke(enrolmentId, actorOf(context))
      ? context.body(null, 204)
      : problem(context, 404, [
          { place: 'enrolmentId', message: 'is nothing that can be revoked' },
        ]);
  });
};
