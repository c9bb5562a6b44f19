/** `GET /v1/reports` (帳票一覧): which reports there are, and the Japanese of their columns and codes. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { DescribedReport, describeReports } from '../reports/describe-report.ts';
import { problems } from './problem.ts';

const route = createRoute({
  method: 'get',
  path: '/v1/reports',
  summary: '帳票一覧',
  security: [{ bearer: [] }],
  responses: {
    200: {
      description: 'Reports, their columns, and words for codes',
      content: {
        'application/json': {
          schema: z.object({
            reports: z.array(DescribedReport).readonly(),
            words: z.record(z.string(), z.string()),
          }),
        },
      },
    },
    ...problems(401),
  },
});

export const reportCatalogueRoute = (app: OpenAPIHono): void => {
  const described = describeReports();
  app.openapi(route, (context) => {
    context.get('sight').holdsNothing();
    return context.json(described, 200);
  });
};
