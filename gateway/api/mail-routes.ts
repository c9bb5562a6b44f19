/**
 * Submission by mail (提出): which employers' reports of a month have gone to the 元請, the mails with their
 * very bytes, and the bounces that came back for them.
 */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { CompanyId, SiteId } from '../../shared/ids.ts';
import { type Fault, faultsOf } from '../../shared/result.ts';
import { isoInJapan, Month } from '../../shared/time.ts';
import { SUBMISSION_ITEMS } from '../access/report-items.ts';
import { isAdmin, type Viewer } from '../access/viewer.ts';
import { REPORT_BYTES_MAX, readDeliveryReport, statusText } from '../mail/delivery-report.ts';
import type { MailState } from '../mail/mail-state.ts';
import type { MailHistory, MailRecord } from '../mail/outbox.ts';
import type { MailOffice } from '../mail/start-mail.ts';
import type { Submission } from '../mail/submissions.ts';
import { limitedBody, readJsonBody } from './json-body.ts';
import { problem, problems } from './problem.ts';

export interface MailRoutesDeps {
  /** Absent where the configuration names no mail server. */
  readonly mail?: MailOffice | undefined;
}

const BODY_BYTES_MAX = 4_096;
const LIST_MAX = 500;

const StateRow = z.object({
  kind: z.enum(['queued', 'sending', 'handing-over', 'sent', 'uncertain', 'failed', 'bounced']),
  at: z.string().optional(),
  dueAt: z.string().optional(),
  failures: z.int().optional(),
  reason: z.string().optional(),
  response: z.string().optional(),
});

const MailRow = z
  .object({
    mailId: z.string(),
    purpose: z.string(),
    sender: z.string(),
    recipient: z.string(),
    subject: z.string(),
    messageId: z.string(),
    /** Of the bytes that were sent, lower-case hex. */
    sha256: z.string(),
    byteCount: z.int(),
    queuedAt: z.string(),
    queuedBy: z.string(),
    state: StateRow,
  })
  .openapi('Mail');

const SubmissionRow = z
  .object({
    siteId: z.string(),
    companyId: z.string(),
    month: z.string(),
    primeId: z.string(),
    recipient: z.string().optional(),
    reportDue: z.string(),
    workers: z.int(),
    days: z.int(),
    yen: z.int(),
    /** Whether the asker may send it. */
    maySend: z.boolean(),
    /** The mail says something else than would be said now: later touches, corrections, approvals. */
    isOutdated: z.boolean(),
    mail: MailRow.optional(),
  })
  .openapi('Submission');

const ListQuery = z.object({ month: Month, siteId: SiteId.optional() });
const SubmissionBody = z.strictObject({
  siteId: SiteId,
  companyId: CompanyId,
  month: Month,
  /** Another one, although one is on its way or has arrived. */
  again: z.boolean().default(false),
});
const SettleBody = z.strictObject({ as: z.enum(['sent', 'send-again']) });

const stateRow = (state: MailState): z.infer<typeof StateRow> => {
  if (state.kind === 'queued') return { ...state, dueAt: isoInJapan(state.dueAt) };
  return 'at' in state ? { ...state, at: isoInJapan(state.at) } : state;
};
const mailRow = ({ figures: _figures, ...mail }: MailRecord): z.infer<typeof MailRow> => ({
  ...mail,
  queuedAt: isoInJapan(mail.queuedAt),
  state: stateRow(mail.state),
});
const historyRow = ({ at, state }: MailHistory) => ({ at: isoInJapan(at), state: stateRow(state) });

const NO_MAIL: readonly Fault[] = [
  { place: '/mail', message: 'the configuration of the gateway names no mail server' },
];

const describeRoutes = (app: OpenAPIHono): void => {
  const security = [{ bearer: [] }];
  const describe = (
    method: 'get' | 'post',
    path: string,
    summary: string,
    schema: z.ZodType,
    { body, query }: { readonly body?: z.ZodType; readonly query?: z.ZodObject } = {},
  ): void =>
    app.openAPIRegistry.registerPath({
      method,
      path,
      summary,
      security,
      request: {
        ...(query && { query }),
        ...(body && { body: { content: { 'application/json': { schema: body } } } }),
      },
      responses: {
        200: { description: 'Done', content: { 'application/json': { schema } } },
        ...problems(400, 401, 404, 413, 422),
      },
    });
  const queued = z.object({ outcome: z.enum(['queued', 'already-submitted']), mail: MailRow });
  describe(
    'get',
    '/v1/submissions',
    '就労状況報告書の提出状況',
    z.object({ submissions: z.array(SubmissionRow) }),
    { query: ListQuery },
  );
  describe('post', '/v1/submissions', '就労状況報告書を元請へメールで提出', queued, {
    body: SubmissionBody,
  });
  describe('get', '/v1/mails', '送信控え', z.object({ mails: z.array(MailRow) }));
  describe(
    'get',
    '/v1/mails/{mailId}',
    '送信控えと経過',
    z.object({ mail: MailRow, history: z.array(z.object({ at: z.string(), state: StateRow })) }),
  );
  describe(
    'post',
    '/v1/mails/{mailId}/settle',
    '届いたか不明なメールを人が決める',
    z.object({ mail: MailRow }),
    { body: SettleBody },
  );
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/mails/{mailId}/message',
    summary: '送信したメールそのもの',
    security,
    responses: {
      200: { description: 'The very bytes', content: { 'message/rfc822': { schema: z.string() } } },
      ...problems(401, 403, 404),
    },
  });
  describe(
    'post',
    '/v1/mails/bounces',
    '不達通知（RFC 3464）の取り込み',
    z.object({ outcome: z.enum(['bounced', 'not-failed']), mail: MailRow }),
  );
};

/** A bounce as it came into the mailbox: finds its mail by Message-ID, else by envelope id. */
const takeBounce = async (context: Context, { outbox }: MailOffice): Promise<Response> => {
  const report = await readDeliveryReport(new Uint8Array(await context.req.arrayBuffer()));
  if (!report.ok) return problem(context, 422, report.faults);
  const { messageId, envelopeId, recipients } = report.value;
  const mail =
    (messageId === undefined ? undefined : outbox.findByMessageId(messageId)) ??
    (envelopeId === undefined ? undefined : outbox.find(envelopeId));
  if (mail === undefined) {
    const message = `no mail of ours has ${messageId ?? envelopeId ?? 'no Message-ID'}`;
    return problem(context, 404, [{ place: '/message-id', message }]);
  }
  const failed = recipients.filter(({ action }) => action === 'failed');
  if (failed.length > 0) {
    outbox.step(mail.mailId, { kind: 'bounced', reason: failed.map(statusText).join('; ') });
  }
  const outcome = failed.length > 0 ? 'bounced' : 'not-failed';
  return context.json({ outcome, mail: mailRow(outbox.find(mail.mailId) ?? mail) }, 200);
};

const isEmployer = (viewers: readonly Viewer[], companyId: string): boolean =>
  viewers.some((viewer) => viewer.kind === 'employer' && viewer.companyId === companyId);

/** The employer whose report it is, the 元請 that it goes to, and whoever runs the gateway. */
const maySend = (
  viewers: readonly Viewer[],
  { companyId, primeId }: Pick<Submission, 'companyId' | 'primeId'>,
): boolean =>
  isAdmin(viewers) ||
  isEmployer(viewers, companyId) ||
  viewers.some((viewer) => viewer.kind === 'prime' && viewer.companyId === primeId);

const submissionRoutes = (app: OpenAPIHono, { mail }: MailRoutesDeps): void => {
  app.get('/v1/submissions', (context) => {
    if (mail === undefined) return problem(context, 404, NO_MAIL);
    const query = ListQuery.safeParse(context.req.query());
    if (!query.success) return problem(context, 400, faultsOf(query.error.issues));
    const { month, siteId } = query.data;
    const { viewers } = context.get('principal');
    const { rows, viewing } = context.get('sight').rows(
      SUBMISSION_ITEMS,
      mail.desk
        .list(month)
        .filter((each) => siteId === undefined || each.siteId === siteId)
        .map(({ mail: carried, figures: _figures, ...submission }) => ({
          ...submission,
          maySend: maySend(viewers, submission),
          ...(carried === undefined ? {} : { mail: mailRow(carried) }),
        })),
    );
    return context.json({ submissions: rows, viewing }, 200);
  });

  app.post('/v1/submissions', limitedBody(BODY_BYTES_MAX), async (context) => {
    const { viewers, actor } = context.get('principal');
    if (!viewers.some(({ kind }) => kind === 'admin' || kind === 'employer' || kind === 'prime'))
      return problem(context, 403);
    if (mail === undefined) return problem(context, 404, NO_MAIL);
    const body = await readJsonBody(context, SubmissionBody);
    if (!body.ok) return problem(context, 400, body.faults);
    const { again, ...key } = body.value;
    const submission = mail.desk
      .list(key.month)
      .find(({ siteId, companyId }) => siteId === key.siteId && companyId === key.companyId);
    // Whether there is such a report is told to those alone who may send it.
    const isTheirs =
      submission === undefined
        ? isAdmin(viewers) || isEmployer(viewers, key.companyId)
        : maySend(viewers, submission);
    if (!isTheirs) return problem(context, 403);
    const outcome = await mail.desk.queue(key, { again, by: actor });
    if (outcome.kind === 'refused') return problem(context, 422, outcome.faults);
    mail.drainSoon();
    context.get('sight').rows(SUBMISSION_ITEMS, submission === undefined ? [] : [submission]);
    return context.json({ outcome: outcome.kind, mail: mailRow(outcome.mail) }, 200);
  });
};

export const mailRoutes = (app: OpenAPIHono, deps: MailRoutesDeps): void => {
  const { mail } = deps;
  describeRoutes(app);
  submissionRoutes(app, deps);

  app.get('/v1/mails', (context) =>
    mail === undefined
      ? problem(context, 404, NO_MAIL)
      : context.json({ mails: mail.outbox.list(LIST_MAX).map(mailRow) }, 200),
  );
  app.post('/v1/mails/bounces', limitedBody(REPORT_BYTES_MAX), (context) =>
    mail === undefined ? problem(context, 404, NO_MAIL) : takeBounce(context, mail),
  );
  app.get('/v1/mails/:mailId', (context) => {
    const mailId = context.req.param('mailId');
    const found = mail?.outbox.find(mailId);
    if (mail === undefined || found === undefined) return problem(context, 404);
    const history = mail.outbox.historyOf(mailId).map(historyRow);
    return context.json({ mail: mailRow(found), history }, 200);
  });
  app.get('/v1/mails/:mailId/message', (context) => {
    const mailId = context.req.param('mailId');
    const bytes = mail?.outbox.bytesOf(mailId);
    if (bytes === undefined) return problem(context, 404);
    return context.body(new Uint8Array(bytes), 200, {
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; filename="${mailId}.eml"`,
    });
  });
  app.post('/v1/mails/:mailId/settle', limitedBody(BODY_BYTES_MAX), async (context) => {
    const mailId = context.req.param('mailId');
    const found = mail?.outbox.find(mailId);
    if (mail === undefined || found === undefined) return problem(context, 404);
    const body = await readJsonBody(context, SettleBody);
    if (!body.ok) return problem(context, 400, body.faults);
    if (found.state.kind !== 'uncertain') {
      const message = `is ${found.state.kind}, and nothing about it is uncertain`;
      return problem(context, 422, [{ place: mailId, message }]);
    }
    mail.outbox.step(mailId, {
      kind: 'settled',
      as: body.value.as,
      by: context.get('principal').actor,
    });
    mail.drainSoon();
    return context.json({ mail: mailRow(mail.outbox.find(mailId) ?? found) }, 200);
  });
};
