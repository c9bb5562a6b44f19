/** `GET /v1/why/REPORT` (なぜこの数字か): one row of a report, told by its key, down to what it rests on. */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { SiteId } from '../../shared/ids.ts';
import { faultsOf } from '../../shared/result.ts';
import { Month } from '../../shared/time.ts';
import { touchesOfSubject } from '../attendance/derive.ts';
import { REPORTS } from '../reports/catalogue.ts';
import type { Report } from '../reports/report.ts';
import type { Ledger } from '../store/ledger.ts';
import { createWhyAsker } from '../why/ask-why.ts';
import { parseRowKey, WhyDepth } from '../why/row-key.ts';
import { problem, problems } from './problem.ts';
import { type ReportSourceDeps, reportSource } from './report-source.ts';

/** As the report was asked for, and how many links are followed. */
const HOW = {
  reportSite: SiteId.optional(),
  reportMonth: Month.optional(),
  /** Of a row that stands beside the report's own: the list. */
  list: z.string().max(50).optional(),
  depth: WhyDepth,
};

const WhyAnswer = z
  .object({
    report: z.string(),
    list: z.string().optional(),
    titleJa: z.string(),
    key: z.record(z.string(), z.string()),
    /** One per column that is no part of the key. */
    figures: z.array(
      z.object({
        kind: z.literal('figure'),
        code: z.string(),
        textJa: z.string(),
        value: z.unknown().optional(),
        unit: z.string(),
        how: z.enum(['sum', 'product', 'mean', 'count', 'list', 'tally', 'decided']),
        rounding: z.enum(['down', 'half-up', 'minutes', 'hours', 'percent']).optional(),
        /** What it is made of: figures, links to rows. */
        parts: z.array(z.looseObject({ kind: z.string() })),
        /** What decided it: rules, rows of the registry, touches, corrections. */
        grounds: z.array(z.looseObject({ kind: z.string() })),
      }),
    ),
  })
  .openapi('Why');

const describeRoute = (app: OpenAPIHono, report: Report): void => {
  const { name, titleJa, key, besideKeys = {} } = report;
  const fields = new Set([...key, ...Object.values(besideKeys).flat()]);
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: `/v1/why/${name}`,
    summary: `なぜこの数字か: ${titleJa}`,
    security: [{ bearer: [] }],
    request: {
      query: z.object({
        ...Object.fromEntries([...fields].map((field) => [field, z.string().optional()])),
        ...HOW,
      }),
    },
    responses: {
      200: {
        description: 'The figures of the row and what they rest on',
        content: { 'application/json': { schema: WhyAnswer } },
      },
      ...problems(400, 401, 404),
    },
  });
};

export interface WhyRouteDeps extends ReportSourceDeps {
  readonly ledger: Pick<Ledger, 'attendance' | 'touchesOfBearer' | 'told'>;
}

export const whyRoutes = (app: OpenAPIHono, deps: WhyRouteDeps): void => {
  const { ledger } = deps;
  for (const report of REPORTS) {
    describeRoute(app, report);
    app.get(`/v1/why/${report.name}`, (context) => {
      const how = z.object(HOW).safeParse(context.req.query());
      const pairs = Object.entries(context.req.queries()).flatMap(([field, values]) =>
        Object.hasOwn(HOW, field) ? [] : values.map((value) => [field, value] as const),
      );
      const key = parseRowKey(report, pairs, how.data?.list);
      if (!key.ok || !how.success) {
        const faults = how.success ? [] : faultsOf(how.error.issues);
        return problem(context, 400, [...faults, ...(key.ok ? [] : key.faults)]);
      }
      const source = reportSource(deps);
      const asker = createWhyAsker({
        ...source,
        days: ledger.attendance,
        touchesOf: (siteId, subject) => touchesOfSubject(ledger, source.index, siteId, subject),
        told: ledger.told,
      });
      const { reportSite: siteId, reportMonth: month, list } = how.data;
      const why = asker.why(report, key.value, { siteId, month }, list);
      const seen = why && context.get('sight').why(asker.deepened(why, how.data.depth));
      // A row that is closed to the asker is as if it were not there.
      return seen === undefined ? problem(context, 404) : context.json({ ...seen }, 200);
    });
  }
};
