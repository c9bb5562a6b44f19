/**
 * `GET` and `PUT /v1/approvals` (1日を超える掛金日数の承認): shifts that would earn more than one day, and the word of
 * the 元請 how many count. It stands in the registry's `approvals`, with who said so and when.
 */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { SiteId, WorkerId } from '../../shared/ids.ts';
import { faultsOf, ok } from '../../shared/result.ts';
import {
  dateInJapan,
  firstDateOf,
  isoInJapan,
  lastDateOf,
  Month,
  type UtcMs,
  WorkDate,
} from '../../shared/time.ts';
import { APPROVAL_ITEMS } from '../access/report-items.ts';
import { decidesAt, type Viewer } from '../access/viewer.ts';
import type { Contribution } from '../policies/contribution.ts';
import { approvalOf } from '../policies/contribution-doubts.ts';
import { contributionsOf } from '../policies/contributions.ts';
import { judgeApproval, momentOfApproval, needsApproval } from '../policies/day-approvals.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import { amendTable, type RegistryImportDeps } from '../registry/registry-import.ts';
import { countedOf } from '../reports/contributions-report.ts';
import { byKeys } from '../reports/row-order.ts';
import type { Ledger } from '../store/ledger.ts';
import { limitedBody, readJsonBody } from './json-body.ts';
import { problem, problems } from './problem.ts';

export type ApprovalRoutesDeps = RegistryImportDeps & {
  readonly ledger: Pick<Ledger, 'attendance'>;
  readonly registryIndex: () => RegistryIndex;
  readonly now: () => UtcMs;
};

const BODY_BYTES_MAX = 4_096;
const Query = z.strictObject({ month: Month, siteId: SiteId.optional() });
const Approval = z.strictObject({
  workerId: WorkerId,
  workDate: WorkDate,
  /** 1: no more than the one day. */
  days: z.int().min(1).max(3),
});

const ApprovalRow = z
  .object({
    workerId: z.string(),
    workDate: z.string(),
    companyId: z.string(),
    siteId: z.string(),
    /** What the shift would earn. */
    candidateDays: z.int(),
    /** Payable now. */
    days: z.int(),
    intervals: z.array(z.object({ in: z.string(), out: z.string() })),
    reportDue: z.string(),
    /** What was said last; absent while it waits. */
    approvedDays: z.int().optional(),
    approvedBy: z.string().optional(),
    approvedAt: z.string().optional(),
    /** Whether the asker may say. */
    mayDecide: z.boolean(),
  })
  .openapi('DayApproval');

const rowsOf = (
  { registry, registryIndex }: ApprovalRoutesDeps,
  viewers: readonly Viewer[],
  contributions: readonly Contribution[],
): z.infer<typeof ApprovalRow>[] => {
  const index = registryIndex();
  const { sites } = registry();
  return contributions.flatMap((each) => {
    const { workerId, workDate, companyId, siteId, candidateDays, days, reportDue } = each;
    if (siteId === undefined) return [];
    const approval = approvalOf(index, workerId, workDate);
    return [
      {
        workerId,
        workDate,
        companyId,
        siteId,
        candidateDays,
        days,
        intervals: [...(countedOf(index, each)?.intervals ?? [])],
        reportDue,
        ...(approval === undefined
          ? {}
          : {
              approvedDays: approval.days,
              approvedBy: approval.by,
              approvedAt: approval.at,
            }),
        mayDecide: decidesAt(viewers, sites, siteId),
      },
    ];
  });
};

const describeRoutes = (app: OpenAPIHono): void => {
  const security = [{ bearer: [] }];
  const answer = {
    description: 'Shifts that earn more than one day',
    content: { 'application/json': { schema: z.object({ approvals: z.array(ApprovalRow) }) } },
  };
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/approvals',
    summary: '1日を超える掛金日数の候補と承認',
    security,
    request: { query: Query },
    responses: { 200: answer, ...problems(400, 401) },
  });
  app.openAPIRegistry.registerPath({
    method: 'put',
    path: '/v1/approvals',
    summary: '1日を超える掛金日数を承認する（1日とする）',
    security,
    request: { body: { required: true, content: { 'application/json': { schema: Approval } } } },
    responses: { 200: answer, ...problems(400, 401, 403, 413, 422) },
  });
};

export const approvalRoutes = (app: OpenAPIHono, deps: ApprovalRoutesDeps): void => {
  const { ledger, registryIndex, now } = deps;
  describeRoutes(app);

  /** `workerId`: of that worker alone. */
  const contributions = (
    span: { readonly from: WorkDate; readonly to: WorkDate },
    workerId?: WorkerId,
  ): readonly Contribution[] => {
    const days = ledger.attendance({
      ...span,
      ...(workerId === undefined ? {} : { subjects: [{ kind: 'worker', workerId }] }),
    });
    return contributionsOf(days, registryIndex(), {
      asOf: dateInJapan(now()),
      ...span,
    }).contributions.filter((row) => workerId === undefined || row.workerId === workerId);
  };

  app.get('/v1/approvals', (context) => {
    const query = Query.safeParse(context.req.query());
    if (!query.success) return problem(context, 400, faultsOf(query.error.issues));
    const { month, siteId } = query.data;
    const found = contributions({ from: firstDateOf(month), to: lastDateOf(month) })
      .filter(needsApproval)
      .filter((row) => siteId === undefined || row.siteId === siteId)
      .toSorted(byKeys(['workDate', 'workerId', 'companyId']));
    const { rows, viewing } = context
      .get('sight')
      .rows(APPROVAL_ITEMS, rowsOf(deps, context.get('principal').viewers, found));
    return context.json({ approvals: rows, viewing }, 200);
  });

  app.put('/v1/approvals', limitedBody(BODY_BYTES_MAX), async (context) => {
    const { viewers, actor } = context.get('principal');
    // Who decides nowhere is told nothing of what there is.
    if (!viewers.some(({ kind }) => kind === 'admin' || kind === 'prime'))
      return problem(context, 403);
    const body = await readJsonBody(context, Approval);
    if (!body.ok) return problem(context, 400, body.faults);
    const { workerId, workDate } = body.value;
    const ofDay = () => contributions({ from: workDate, to: workDate }, workerId);
    const isOurs = ({ siteId }: Contribution): boolean =>
      siteId !== undefined && decidesAt(viewers, deps.registry().sites, siteId);
    const judged = judgeApproval(body.value, ofDay().filter(isOurs));
    if (!judged.ok) return problem(context, 422, judged.faults);
    const imported = await amendTable(deps, 'approvals', ({ approvals }) => {
      const at = isoInJapan(momentOfApproval(approvals, body.value, now()));
      return ok([...approvals, { ...body.value, by: actor, at }]);
    });
    if (!imported.ok) return problem(context, 422, imported.faults);
    const { rows, viewing } = context
      .get('sight')
      .rows(APPROVAL_ITEMS, rowsOf(deps, viewers, ofDay().filter(needsApproval).filter(isOurs)));
    return context.json({ approvals: rows, viewing }, 200);
  });
};
