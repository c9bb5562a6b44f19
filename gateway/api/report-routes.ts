/** `GET /v1/NAME` and `GET /v1/reports/NAME` (帳票): the reports of the catalogue, from what is derived. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { SiteId } from '../../shared/ids.ts';
import { Month } from '../../shared/time.ts';
import { REPORTS } from '../reports/catalogue.ts';
import type { Report } from '../reports/report.ts';
import type { Ledger } from '../store/ledger.ts';
import { problems } from './problem.ts';
import { reportCatalogueRoute } from './report-catalogue-route.ts';
import { type ReportSourceDeps, reportSource } from './report-source.ts';

const query = z.strictObject({ siteId: SiteId.optional(), month: Month.optional() });

/** `work-history` → `WorkHistoryRow` */
const componentName = (name: string): string =>
  `${name.replaceAll(/(^|-)(.)/g, (_all, _dash, letter: string) => letter.toUpperCase())}Row`;

const reportRoute = (path: string, { titleJa, name, beside }: Report, row: z.ZodType) =>
  createRoute({
    method: 'get',
    path,
    summary: titleJa,
    security: [{ bearer: [] }],
    request: { query },
    responses: {
      200: {
        description: 'The report',
        content: {
          'application/json': {
            schema: z.object({
              report: z.literal(name),
              rows: z.array(row).readonly(),
              ...beside,
            }),
          },
        },
      },
      ...problems(400, 401),
    },
  });

export interface ReportRoutesDeps extends ReportSourceDeps {
  readonly ledger: Pick<Ledger, 'attendance'>;
}

export const reportRoutes = (app: OpenAPIHono, deps: ReportRoutesDeps): void => {
  reportCatalogueRoute(app);
  for (const report of REPORTS) {
    // Made anew, as the library describes only what was made after it was loaded.
    const described = z.object(report.row.shape);
    const row = app.openAPIRegistry.register(componentName(report.name), described);
    for (const path of [`/v1/${report.name}`, `/v1/reports/${report.name}`]) {
      app.openapi(reportRoute(path, report, row), (context) => {
        const filter = context.req.valid('query');
        const document = report.make({
          ...reportSource(deps),
          days: deps.ledger.attendance(report.needs(filter)),
          filter,
        });
        return context.json(context.get('sight').report(document), 200);
      });
    }
  }
};
