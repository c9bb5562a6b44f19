/**
 * `/v1/statements` and `/v1/amendments` (締め・追加分): what was issued, what came after it, and the word of a
 * person that a month is closed.
 */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { SiteId } from '../../shared/ids.ts';
import { faultsOf } from '../../shared/result.ts';
import { Month } from '../../shared/time.ts';
import { AMENDMENT_ITEMS, STATEMENT_HEAD_ITEMS, STATEMENT_ITEMS } from '../access/report-items.ts';
import type { Statements } from '../statements/open-statements.ts';
import { limitedBody, readJsonBody } from './json-body.ts';
import { problem, problems } from './problem.ts';
import {
  AmendmentRow,
  amendmentRows,
  ChangeView,
  StatementRow,
  StatementView,
  seenChanges,
  seenRows,
  statementRows,
  statementView,
} from './statement-views.ts';

export interface StatementRoutesDeps {
  readonly statements: Statements;
}

/** Statements or amendments in one answer; whoever wants more asks for a site or a month. */
const LIST_MAX = 1_000;
const BODY_BYTES_MAX = 1_024;

const ListQuery = z.strictObject({
  siteId: SiteId.optional(),
  month: Month.optional(),
  /** Statements of months, or of single dates. */
  per: z.enum(['month', 'date']).default('month'),
});
const IssueNo = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const MonthOfSite = z.strictObject({ siteId: SiteId, month: Month });

const security = [{ bearer: [] }];
const json = (schema: z.ZodType) => ({ 'application/json': { schema } });
const ok = (description: string, schema: z.ZodType) => ({ description, content: json(schema) });
const withId = { request: { params: z.object({ id: IssueNo }) } };
const withMonth = { request: { body: { required: true, content: json(MonthOfSite) } } };

const listStatements = createRoute({
  method: 'get',
  path: '/v1/statements',
  summary: '締めた月（または日）の一覧、新しい順、会社ごと',
  security,
  request: { query: ListQuery },
  responses: {
    200: {
      description: 'Newest first; one row a statement and company',
      content: { 'application/json': { schema: z.object({ statements: z.array(StatementRow) }) } },
    },
    ...problems(400, 401),
  },
});

const listAmendments = createRoute({
  method: 'get',
  path: '/v1/amendments',
  summary: '追加分の一覧、新しい順、会社ごと',
  security,
  request: { query: ListQuery.extend({ statementId: IssueNo.optional() }) },
  responses: {
    200: {
      description: 'Newest first; one row an amendment and company',
      content: { 'application/json': { schema: z.object({ amendments: z.array(AmendmentRow) }) } },
    },
    ...problems(400, 401),
  },
});

/** Answers are JSON or a problem document, which the typed way of the library does not tell apart. */
const describeRoutes = (app: OpenAPIHono): void => {
  const described = [
    createRoute({
      method: 'post',
      path: '/v1/statements',
      summary: '月を締める',
      security,
      ...withMonth,
      responses: {
        201: ok('Closed', z.object({ statement: StatementView })),
        ...problems(400, 401, 403, 404, 409, 413),
      },
    }),
    createRoute({
      method: 'get',
      path: '/v1/statements/{id}',
      summary: '締めた内容と根拠の位置',
      security,
      ...withId,
      responses: {
        200: ok(
          'The rows as they were issued',
          z.object({
            statement: StatementView,
            companies: z.array(StatementRow),
            rows: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
          }),
        ),
        ...problems(400, 401, 404),
      },
    }),
    createRoute({
      method: 'get',
      path: '/v1/statements/{id}/content',
      summary: '締めた内容そのもの（sha256 が保証するバイト列）',
      security,
      ...withId,
      responses: { 200: { description: 'The very bytes' }, ...problems(400, 401, 403, 404) },
    }),
    createRoute({
      method: 'get',
      path: '/v1/statements/{id}/difference',
      summary: '締めた後に変わり、まだ追加分に出していないもの',
      security,
      ...withId,
      responses: {
        200: ok(
          'What the next amendment would contain',
          z.object({ changes: z.array(ChangeView) }),
        ),
        ...problems(400, 401, 404),
      },
    }),
    createRoute({
      method: 'post',
      path: '/v1/amendments',
      summary: '追加分を出す',
      security,
      ...withMonth,
      responses: {
        200: ok('Nothing has changed', z.object({ outcome: z.literal('nothing-changed') })),
        201: ok('Issued', z.object({ amendment: z.object({ amendmentId: z.int() }) })),
        ...problems(400, 401, 403, 404, 409, 413),
      },
    }),
    createRoute({
      method: 'get',
      path: '/v1/amendments/{id}',
      summary: '追加分の内容と理由',
      security,
      ...withId,
      responses: {
        200: ok(
          'Rows added, changed and withdrawn, each with why',
          z.object({ companies: z.array(AmendmentRow), changes: z.array(ChangeView) }),
        ),
        ...problems(400, 401, 404),
      },
    }),
  ];
  for (const route of described) app.openAPIRegistry.registerPath(route);
};

const PURGED = [{ place: '/month', message: 'holds days that were purged: it stands as it was' }];

const limit = limitedBody(BODY_BYTES_MAX);

const actorOf = (context: Context): string => context.get('principal').actor;

const postRoutes = (app: OpenAPIHono, { statements: { desk } }: StatementRoutesDeps): void => {
  app.post('/v1/statements', limit, async (context) => {
    const body = await readJsonBody(context, MonthOfSite);
    if (!body.ok) return problem(context, 400, body.faults);
    const { siteId, month } = body.value;
    const outcome = desk.close({ siteId, period: month }, actorOf(context));
    switch (outcome.kind) {
      case 'issued':
        return context.json({ statement: statementView(outcome.statement, []) }, 201);
      case 'already-issued': {
        const message = `is closed: statement ${outcome.statement.issueNo}; what changed since is an amendment`;
        return problem(context, 409, [{ place: '/month', message }]);
      }
      case 'not-over':
        return problem(context, 409, [
          { place: '/month', message: 'is not over yet at this site' },
        ]);
      case 'purged':
        return problem(context, 409, PURGED);
      case 'unknown-site':
        return problem(context, 404, [{ place: '/siteId', message: 'is no site of the registry' }]);
    }
  });

  app.post('/v1/amendments', limit, async (context) => {
    const body = await readJsonBody(context, MonthOfSite);
    if (!body.ok) return problem(context, 400, body.faults);
    const { siteId, month } = body.value;
    const outcome = desk.amend({ siteId, period: month }, actorOf(context));
    switch (outcome.kind) {
      case 'issued':
        return context.json({ amendment: { amendmentId: outcome.amendment.issueNo } }, 201);
      case 'nothing-changed':
        return context.json({ outcome: outcome.kind }, 200);
      case 'not-closed':
        return problem(context, 404, [{ place: '/month', message: 'is not closed at this site' }]);
      case 'purged':
        return problem(context, 409, PURGED);
    }
  });
};

export const statementRoutes = (app: OpenAPIHono, deps: StatementRoutesDeps): void => {
  const { desk, store } = deps.statements;
  describeRoutes(app);
  postRoutes(app, deps);

  app.openapi(listStatements, (context) => {
    const found = store.list('statement', context.req.valid('query'), LIST_MAX);
    const rows = found.flatMap((head) =>
      head.kind === 'statement'
        ? statementRows(head, store.ofPeriod(head.siteId, head.period))
        : [],
    );
    const { rows: seen, viewing } = context.get('sight').rows(STATEMENT_ITEMS, rows);
    return context.json({ statements: [...seen], viewing }, 200);
  });

  app.openapi(listAmendments, (context) => {
    const { statementId, ...query } = context.req.valid('query');
    const found = store.list('amendment', { ...query, statementNo: statementId }, LIST_MAX);
    const rows = found.flatMap((head) => (head.kind === 'amendment' ? amendmentRows(head) : []));
    const { rows: seen, viewing } = context.get('sight').rows(AMENDMENT_ITEMS, rows);
    return context.json({ amendments: [...seen], viewing }, 200);
  });

  /** The issue that a path names, where it is of that kind. */
  const named = (context: Context) => {
    const id = IssueNo.safeParse(context.req.param('id'));
    return id.success
      ? ({ ok: true, head: store.find(id.data) } as const)
      : ({ ok: false, faults: faultsOf(id.error.issues, 'id') } as const);
  };

  app.get('/v1/statements/:id', (context) => {
    const found = named(context);
    if (!found.ok) return problem(context, 400, found.faults);
    const { head } = found;
    const text = head?.kind === 'statement' ? store.contentOf(head.issueNo) : undefined;
    if (head?.kind !== 'statement' || text === undefined) return problem(context, 404);
    const issued = store.ofPeriod(head.siteId, head.period);
    const sight = context.get('sight');
    const companies = sight.rows(STATEMENT_ITEMS, statementRows(head, issued));
    const rows = seenRows(sight, JSON.parse(text));
    const isEmpty =
      companies.rows.length === 0 && Object.values(rows).every((each) => each.length === 0);
    // Whoever sees nothing of it does not learn that it is there.
    if (sight.isLimited && isEmpty) return problem(context, 404);
    const { viewing } = companies;
    const [statement] = sight.rows(STATEMENT_HEAD_ITEMS, [statementView(head, issued)]).rows;
    return context.json({ statement, companies: companies.rows, rows, viewing }, 200);
  });

  app.get('/v1/statements/:id/content', (context) => {
    const found = named(context);
    if (!found.ok) return problem(context, 400, found.faults);
    const text = found.head?.kind === 'statement' ? store.contentOf(found.head.issueNo) : undefined;
    if (text === undefined) return problem(context, 404);
    return context.body(text, 200, { 'content-type': 'application/json' });
  });

  app.get('/v1/statements/:id/difference', (context) => {
    const found = named(context);
    if (!found.ok) return problem(context, 400, found.faults);
    const { head } = found;
    const difference = head && desk.difference(head.issueNo);
    if (head?.kind !== 'statement' || difference === undefined) return problem(context, 404);
    const sight = context.get('sight');
    const changes = seenChanges(sight, difference);
    const companies = sight.rows(
      STATEMENT_ITEMS,
      statementRows(head, store.ofPeriod(head.siteId, head.period)),
    );
    if (sight.isLimited && changes.length === 0 && companies.rows.length === 0)
      return problem(context, 404);
    return context.json({ changes }, 200);
  });

  app.get('/v1/amendments/:id', (context) => {
    const found = named(context);
    if (!found.ok) return problem(context, 400, found.faults);
    const { head } = found;
    const text = head?.kind === 'amendment' ? store.contentOf(head.issueNo) : undefined;
    if (head?.kind !== 'amendment' || text === undefined) return problem(context, 404);
    const sight = context.get('sight');
    const companies = sight.rows(AMENDMENT_ITEMS, amendmentRows(head));
    const changes = seenChanges(sight, JSON.parse(text));
    if (sight.isLimited && companies.rows.length === 0 && changes.length === 0)
      return problem(context, 404);
    return context.json({ companies: companies.rows, changes, viewing: companies.viewing }, 200);
  });
};
