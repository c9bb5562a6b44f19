/** `GET /v1/attendance`, `/v1/contributions` and `/v1/reports/NAME`: the reports, from what is derived. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { SiteId } from '../../shared/ids.ts';
import { dateInJapan, firstDateOf, lastDateOf, Month, type UtcMs } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry.ts';
import { attendanceReport } from '../reports/attendance-report.ts';
import { contributionsReport } from '../reports/contributions-report.ts';
import type { Ledger } from '../store/ledger.ts';
import { problems } from './problem.ts';

const AttendanceRow = z
  .object({
    siteId: z.string(),
    workerId: z.string().optional(),
    cardId: z.string().optional(),
    workDate: z.string(),
    companyId: z.string().optional(),
    firstIn: z.string().optional(),
    lastOut: z.string().optional(),
    minutes: z.int(),
    nightMinutes: z.int(),
    flags: z.array(z.enum(['missing-out', 'missing-in', 'unknown-card'])).readonly(),
    evidence: z.array(z.string()).readonly(),
  })
  .openapi('AttendanceRow');

const ContributionRow = z
  .object({
    workerId: z.string(),
    workDate: z.string(),
    companyId: z.string(),
    siteId: z.string().optional(),
    contractId: z.string().optional(),
    days: z.int(),
    candidateDays: z.int(),
    yen: z.int(),
    method: z.enum(['points', 'stamps']).optional(),
    colour: z.enum(['red', 'blue']),
    basis: z.enum(['shift', 'paid-leave', 'employer-closure']),
    reportDue: z.string(),
    notPayable: z
      .enum(['officer', 'other-scheme', 'sole-contractor', 'no-member-no', 'too-late'])
      .optional(),
    rate: z.object({ yen: z.int(), source: z.string() }),
    evidence: z.array(z.string()).readonly(),
  })
  .openapi('ContributionRow');

const UnresolvedRow = z
  .object({
    reason: z.enum(['unknown-card', 'unknown-worker', 'no-employer', 'no-contract']),
    mendedBy: z.enum(['prime', 'employer']),
    siteId: z.string(),
    workDate: z.string(),
    workerId: z.string().optional(),
    cardId: z.string().optional(),
    evidence: z.array(z.string()).readonly(),
  })
  .openapi('UnresolvedRow');

const query = z.object({ siteId: SiteId.optional(), month: Month.optional() });

const reportRoute = <Path extends string, Body extends z.ZodType>(
  path: Path,
  summary: string,
  body: Body,
) =>
  createRoute({
    method: 'get',
    path,
    summary,
    security: [{ bearer: [] }],
    request: { query },
    responses: {
      200: { description: 'The report', content: { 'application/json': { schema: body } } },
      ...problems(400, 401),
    },
  });

const Attendance = z.object({
  report: z.literal('attendance'),
  rows: z.array(AttendanceRow).readonly(),
});
const Contributions = z.object({
  report: z.literal('contributions'),
  rows: z.array(ContributionRow).readonly(),
  unresolved: z.array(UnresolvedRow).readonly(),
});

export interface ReportRoutesDeps {
  readonly ledger: Pick<Ledger, 'attendance'>;
  readonly registryIndex: () => RegistryIndex;
  readonly now: () => UtcMs;
}

export const reportRoutes = (
  app: OpenAPIHono,
  { ledger, registryIndex, now }: ReportRoutesDeps,
): void => {
  const datesOf = (month: Month | undefined) =>
    month === undefined ? {} : { from: firstDateOf(month), to: lastDateOf(month) };

  for (const path of ['/v1/attendance', '/v1/reports/attendance'] as const) {
    app.openapi(reportRoute(path, '出面', Attendance), (context) => {
      const filter = context.req.valid('query');
      const days = ledger.attendance({ ...datesOf(filter.month), siteId: filter.siteId });
      return context.json(attendanceReport(days, registryIndex(), filter), 200);
    });
  }
  for (const path of ['/v1/contributions', '/v1/reports/contributions'] as const) {
    app.openapi(reportRoute(path, '掛金', Contributions), (context) => {
      const filter = context.req.valid('query');
      const days = ledger.attendance(datesOf(filter.month));
      const asOf = dateInJapan(now());
      return context.json(contributionsReport(days, registryIndex(), filter, asOf), 200);
    });
  }
};
