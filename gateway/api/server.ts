/** The gateway's HTTP side (API): pull API, imports, health, OpenAPI. One guard before all of it. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Log } from '../../shared/log.ts';
import { faultsOf } from '../../shared/result.ts';
import type { Access } from '../access/access.ts';
import { accountRoutes } from '../access/account-routes.ts';
import { auditRoutes } from '../access/audit-routes.ts';
import { guard } from '../access/guard.ts';
import { sessionRoutes } from '../access/session-routes.ts';
import { tokenRoutes } from '../access/token-routes.ts';
import { type AllocationRoutesDeps, allocationRoutes } from './allocation-routes.ts';
import { type ApprovalRoutesDeps, approvalRoutes } from './approval-routes.ts';
import { type ChangesRouteDeps, changesRoute } from './changes-route.ts';
import { type DocumentRoutesDeps, documentRoutes } from './document-routes.ts';
import { type EnrolmentRoutesDeps, enrolmentRoutes } from './enrolment-routes.ts';
import { type ExportRoutesDeps, exportRoutes } from './export-routes.ts';
import { type HealthDeps, healthRoute } from './health-route.ts';
import { type MailRoutesDeps, mailRoutes } from './mail-routes.ts';
import { createMethodAnswer } from './method-answer.ts';
import { type MetricsRouteDeps, measureRequests, metricsRoute } from './metrics-route.ts';
import { refusePacked } from './packed-body.ts';
import { PROBLEM_TYPE, problem } from './problem.ts';
import { type QuarantineRouteDeps, quarantineRoute } from './quarantine-route.ts';
import { type ReceiptRouteDeps, receiptRoute } from './receipt-route.ts';
import { type RegistryRoutesDeps, registryRoutes } from './registry-routes.ts';
import { type ReportRoutesDeps, reportRoutes } from './report-routes.ts';
import { type StatementRoutesDeps, statementRoutes } from './statement-routes.ts';
import { type TapsRouteDeps, tapsRoute } from './taps-route.ts';
import { type TerminalsRouteDeps, terminalsRoute } from './terminals-route.ts';
import { type WhyRouteDeps, whyRoutes } from './why-route.ts';

export type ApiDeps = AllocationRoutesDeps &
  ApprovalRoutesDeps &
  ChangesRouteDeps &
  DocumentRoutesDeps &
  EnrolmentRoutesDeps &
  ExportRoutesDeps &
  HealthDeps &
  MailRoutesDeps &
  ReceiptRouteDeps &
  RegistryRoutesDeps &
  ReportRoutesDeps &
  StatementRoutesDeps &
  TapsRouteDeps &
  WhyRouteDeps &
  TerminalsRouteDeps &
  QuarantineRouteDeps &
  MetricsRouteDeps & {
    readonly access: Access;
    readonly version: string;
    /** Of the authority that issued our HTTPS certificate, for browsers to trust; undefined = one from elsewhere. */
    readonly httpsAuthorityPem?: string | undefined;
    readonly log: Log;
  };

/** By who asks, or by the route itself. */
const COUNTED_ELSEWHERE = /^\/(v1|console\/session)(\/|$)/;

/** A browser that came by HTTPS once comes by nothing else for a year. */
const HSTS = 'max-age=31536000';

/** Nothing else comes in, so that each is a label of the metrics. */
const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);

const noSuchMethod = (): Response =>
  new Response(JSON.stringify({ title: 'There is no such method here', status: 405 }), {
    status: 405,
    headers: { 'content-type': PROBLEM_TYPE, allow: [...METHODS].join(', ') },
  });

const DESCRIPTION =
  'HEAD is answered wherever GET is. OPTIONS is answered with 204 and the methods of the path (`Allow`), and so is every other method, with 405 and a problem document.';

export const createApi = (deps: ApiDeps): OpenAPIHono => {
  const app = new OpenAPIHono({
    defaultHook: (parsed, context) =>
      parsed.success ? undefined : problem(context, 400, faultsOf(parsed.error.issues)),
  });
  // The router looks methods up in plain objects: one that is called `__proto__` would write into every object.
  const { fetch } = app;
  app.fetch = (request, ...more) =>
    METHODS.has(request.method) ? fetch(request, ...more) : noSuchMethod();
  measureRequests(app, deps);
  app.use(secureHeaders({ strictTransportSecurity: false }));
  app.use(async (context, next) => {
    await next();
    if (deps.access.clientOf(context).isSecure) context.header('strict-transport-security', HSTS);
  });
  // A Host header may be anything that HTTP lets through; whatever reads the address must be able to.
  app.use(async (context, next) => {
    if (!URL.canParse(context.req.url))
      return problem(context, 400, [{ place: 'host', message: 'is no host name' }]);
    await next();
    return undefined;
  });

  app.use(async (context, next) => {
    if (COUNTED_ELSEWHERE.test(context.req.path)) return next();
    const admission = deps.access.admit(`address:${deps.access.clientOf(context).address}`);
    if (admission.isAdmitted) return next();
    context.header('retry-after', String(admission.retryAfterSeconds));
    return problem(context, 429);
  });
  // Rows of people, and tokens: for who asked, and for no store on the way or in a browser.
  app.use('/v1/*', async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
  });
  const methodAnswer = createMethodAnswer(app);
  app.use('/v1/*', guard({ ...deps, methodAnswer }));
  app.use(refusePacked);

  tapsRoute(app, deps);
  changesRoute(app, deps);
  reportRoutes(app, deps);
  whyRoutes(app, deps);
  documentRoutes(app, deps);
  exportRoutes(app, deps);
  mailRoutes(app, deps);
  allocationRoutes(app, deps);
  statementRoutes(app, deps);
  registryRoutes(app, deps);
  receiptRoute(app, deps);
  approvalRoutes(app, deps);
  terminalsRoute(app, deps);
  quarantineRoute(app, deps);
  const { httpsAuthorityPem } = deps;
  if (httpsAuthorityPem !== undefined)
    app.get('/authority.pem', (context) =>
      context.body(httpsAuthorityPem, 200, { 'content-type': 'application/x-pem-file' }),
    );
  healthRoute(app, deps);
  metricsRoute(app, deps);
  tokenRoutes(app, deps.access);
  accountRoutes(app, deps.access);
  auditRoutes(app, deps.access);
  app.route('/console/session', sessionRoutes(deps.access, deps.log));
  enrolmentRoutes(app, deps, (context) => context.get('principal').actor);

  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
  });
  let description: string | undefined;
  app.get('/openapi.json', (context) => {
    // Made once, when the first one asks: it takes a good part of a second, and needs no token.
    description ??= JSON.stringify(
      app.getOpenAPI31Document({
        openapi: '3.1.0',
        info: { title: 'genba-tap gateway', version: deps.version, description: DESCRIPTION },
      }),
    );
    return context.body(description, 200, { 'content-type': 'application/json' });
  });
  app.notFound((context) => methodAnswer(context) ?? problem(context, 404));
  app.onError((error, context) => {
    if (error instanceof HTTPException && error.res !== undefined) return error.res;
    if (error instanceof HTTPException) {
      // What the library refuses by itself, such as a body of another kind, is the asker's fault and told so.
      const status = error.status < 500 ? (error.status as ContentfulStatusCode) : 500;
      return problem(context, status, [{ place: '', message: error.message }]);
    }
    deps.log('a request failed', { path: context.req.path, reason: error.message });
    return problem(context, 500);
  });
  return app;
};
