/** `GET /v1/NAME` and `GET /v1/reports/NAME` (帳票): the reports of the catalogue, from what is derived. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { SiteId } from '../../shared/ids.ts';
import { dateInJapan, Month, type UtcMs } from '../../shared/time.ts';
import type { SettledWork } from '../policies/deadlines.ts';
import type { RegistryIndex } from '../registry.ts';
import type { Registry } from '../registry-document.ts';
import { REPORTS } from '../reports/catalogue.ts';
import type { Report } from '../reports/report.ts';
import type { Ledger } from '../store/ledger.ts';
import type { WaitingTouch } from '../waiting-touches.ts';
import { problems } from './problem.ts';
import { reportCatalogueRoute } from './report-catalogue-route.ts';

const query = z.object({ siteId: SiteId.optional(), month: Month.optional() });

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

export interface ReportRoutesDeps {
  readonly ledger: Pick<Ledger, 'attendance'>;
  readonly registry: () => Registry;
  readonly registryIndex: () => RegistryIndex;
  /** Touches that make no day until a person says which. */
  readonly waitingTouches?: () => readonly WaitingTouch[];
  readonly now: () => UtcMs;
  /** What stands written down as done beside the ledger's days. */
  readonly settled?: (() => SettledWork) | undefined;
}

export const reportRoutes = (
  app: OpenAPIHono,
  { ledger, registry, registryIndex, waitingTouches, now, settled }: ReportRoutesDeps,
): void => {
  reportCatalogueRoute(app);
  for (const report of REPORTS) {
    const row = app.openAPIRegistry.register(componentName(report.name), report.row);
    for (const path of [`/v1/${report.name}`, `/v1/reports/${report.name}`]) {
      app.openapi(reportRoute(path, report, row), (context) => {
        const filter = context.req.valid('query');
        const asked = now();
        const document = report.make({
          registry: registry(),
          index: registryIndex(),
          days: ledger.attendance(report.needs(filter)),
          filter,
          waitingTouches: waitingTouches?.(),
          asOf: dateInJapan(asked),
          now: asked,
          settled: settled?.(),
        });
        return context.json(context.get('sight').report(document), 200);
      });
    }
  }
};
