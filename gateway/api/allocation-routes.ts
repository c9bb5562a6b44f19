/** `/v1/allocations` (充当): what a run would allocate, runs confirmed and never changed, and their rows. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Fault } from '../../shared/result.ts';
import { isoInJapan, Month } from '../../shared/time.ts';
import {
  ALLOCATION_ROW_ITEMS,
  ALLOCATION_RUN_ITEMS,
  HELD_DAY_ITEMS,
} from '../access/report-items.ts';
import { decidesOnContract } from '../access/viewer.ts';
import type { AllocationDesk, PlannedRun } from '../allocation/allocation-desk.ts';
import { AllocationFigures, rowsSha256 } from '../allocation/allocation-figures.ts';
import type { AllocationRun, AllocationStore } from '../allocation/allocation-store.ts';
import { type AllocationRow, yenOfRow } from '../policies/allocation-run.ts';
import type { Registry } from '../registry/registry-document.ts';
import { limitedBody } from './json-body.ts';
import { problem, problems } from './problem.ts';

export interface AllocationRoutesDeps {
  readonly registry: () => Registry;
  /** Absent where a process answers without a ledger of its own to write into. */
  readonly allocations?:
    | { readonly desk: AllocationDesk; readonly store: AllocationStore }
    | undefined;
}

const BODY_BYTES_MAX = 4_096;
const ContractId = z.string().min(1).max(100);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits');

const Row = z
  .object({
    kind: z.enum(['regular', 'addition', 'reversal']),
    reason: z.enum(['withdrawn', 'changed']).optional(),
    workerId: z.string(),
    companyId: z.string(),
    siteId: z.string().optional(),
    workDate: z.string(),
    method: z.enum(['points', 'stamps']),
    colour: z.enum(['red', 'blue']),
    dayYen: z.int(),
    /** Below 0 in a reversal. */
    days: z.int(),
    exemptDays: z.int(),
    yen: z.int(),
  })
  .openapi('AllocationRow');

const Held = z.object({
  reason: z.enum(['short', 'member-no-shared', 'allocated-elsewhere']),
  siteId: z.string().optional(),
  workerId: z.string(),
  companyId: z.string(),
  workDate: z.string(),
  days: z.int(),
  otherContractId: z.string().optional(),
});

const Position = {
  /** The last entry of the ledger, and the import of the registry that counted. */
  ledgerNo: z.int(),
  importNo: z.int(),
};

const Plan = z
  .object({
    contractId: z.string(),
    siteId: z.string(),
    month: z.string(),
    asOf: z.string(),
    ...Position,
    rowsSha256: Sha256,
    figures: AllocationFigures,
    rows: z.array(Row),
    held: z.array(Held),
  })
  .openapi('AllocationPlan');

const Run = z
  .object({
    runId: z.string(),
    contractId: z.string(),
    siteId: z.string(),
    month: z.string(),
    ...Position,
    rowsSha256: Sha256,
    confirmedAt: z.string(),
    confirmedBy: z.string(),
    figures: AllocationFigures,
  })
  .openapi('AllocationRun');

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const limit = limitedBody(BODY_BYTES_MAX);

const make = createRoute({
  method: 'post',
  path: '/v1/allocations',
  summary: '充当の試算（dryRun）と確定',
  security: [{ bearer: [] }],
  middleware: limit,
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            contractId: ContractId,
            month: Month,
            dryRun: z.boolean().default(true),
            /** Confirms only what was seen: of the plan that the figures on screen came from. */
            rowsSha256: Sha256.optional(),
          }),
        },
      },
    },
  },
  responses: {
    200: json(
      z.object({ outcome: z.enum(['planned', 'nothing-to-allocate']), plan: Plan }),
      'What would be allocated; nothing is stored',
    ),
    201: json(
      z.object({ outcome: z.literal('confirmed'), run: Run, plan: Plan }),
      'The run, as it stands from now on',
    ),
    ...problems(400, 401, 403, 404, 409, 413, 422),
  },
});

const plan = createRoute({
  method: 'get',
  path: '/v1/allocations/plan',
  summary: '充当の試算（閲覧の範囲で）',
  security: [{ bearer: [] }],
  request: { query: z.strictObject({ contractId: ContractId, month: Month }) },
  responses: {
    200: json(z.object({ plan: Plan }), 'What would be allocated'),
    ...problems(400, 401, 404, 422),
  },
});

const list = createRoute({
  method: 'get',
  path: '/v1/allocations',
  summary: '確定した充当の一覧',
  security: [{ bearer: [] }],
  request: {
    query: z.strictObject({ contractId: ContractId.optional(), month: Month.optional() }),
  },
  responses: {
    200: json(z.object({ allocations: z.array(Run) }), 'Newest first'),
    ...problems(400, 401),
  },
});

const one = createRoute({
  method: 'get',
  path: '/v1/allocations/{runId}',
  summary: '確定した充当とその明細',
  security: [{ bearer: [] }],
  request: { params: z.object({ runId: z.string().max(100) }) },
  responses: {
    200: json(
      z.object({
        run: Run,
        rows: z.array(Row),
        /** Whether the stored rows still give the hash of the run. */
        isIntact: z.boolean(),
      }),
      'The run and its rows, in its order',
    ),
    ...problems(401, 404),
  },
});

const runView = ({ confirmedAt, ...run }: AllocationRun) => ({
  ...run,
  confirmedAt: isoInJapan(confirmedAt),
});
const rowView = (row: AllocationRow) => ({ ...row, yen: yenOfRow(row) });

const refusal = (
  context: Context,
  status: 403 | 404 | 409 | 422,
  faults?: readonly Fault[],
): HTTPException => new HTTPException(status, { res: problem(context, status, faults) });

/** Undefined where the figures themselves are not for the asker. */
const planView = (context: Context, { rows, held, ...planned }: PlannedRun) => {
  const sight = context.get('sight');
  const { rows: seen, viewing } = sight.rows(ALLOCATION_RUN_ITEMS, [planned]);
  const [figures] = seen;
  return figures === undefined
    ? undefined
    : {
        ...figures,
        rows: [...sight.rows(ALLOCATION_ROW_ITEMS, rows.map(rowView)).rows],
        held: [...sight.rows(HELD_DAY_ITEMS, held).rows],
        ...(viewing === undefined ? {} : { viewing }),
      };
};

export const allocationRoutes = (
  app: OpenAPIHono,
  { registry, allocations }: AllocationRoutesDeps,
): void => {
  if (allocations === undefined) return;
  const { desk, store } = allocations;

  app.openapi(make, (context) => {
    const { contractId, month, dryRun, rowsSha256: seen } = context.req.valid('json');
    if (!decidesOnContract(context.get('principal').viewers, registry(), contractId))
      throw refusal(context, 403);
    const key = { contractId, month };
    if (dryRun) {
      const planned = desk.plan(key);
      if (!planned.ok) throw refusal(context, 422, planned.faults);
      const view = planView(context, planned.value);
      if (view === undefined) throw refusal(context, 404);
      return context.json({ outcome: 'planned' as const, plan: view }, 200);
    }
    const outcome = desk.confirm(key, { seen, by: context.get('principal').actor });
    if (outcome.kind === 'refused') throw refusal(context, 422, outcome.faults);
    if (outcome.kind === 'changed') {
      const message = `the rows are ${outcome.plan.rowsSha256} now; look at the figures again`;
      throw refusal(context, 409, [{ place: '/rowsSha256', message }]);
    }
    const view = planView(context, outcome.plan);
    if (view === undefined) throw refusal(context, 404);
    return outcome.kind === 'confirmed'
      ? context.json({ outcome: 'confirmed' as const, run: runView(outcome.run), plan: view }, 201)
      : context.json({ outcome: 'nothing-to-allocate' as const, plan: view }, 200);
  });

  app.openapi(plan, (context) => {
    const asked = context.req.valid('query');
    // Before anything is said of the contract: whether it is there is told to those alone who may see it.
    if (context.get('sight').rows(ALLOCATION_RUN_ITEMS, [asked]).rows.length === 0)
      throw refusal(context, 404);
    const planned = desk.plan(asked);
    if (!planned.ok) throw refusal(context, 422, planned.faults);
    const view = planView(context, planned.value);
    if (view === undefined) throw refusal(context, 404);
    return context.json({ plan: view }, 200);
  });

  app.openapi(list, (context) => {
    const { rows, viewing } = context
      .get('sight')
      .rows(ALLOCATION_RUN_ITEMS, store.runs(context.req.valid('query')).map(runView));
    return context.json({ allocations: [...rows], viewing }, 200);
  });

  app.openapi(one, (context) => {
    const { runId } = context.req.valid('param');
    const found = store.run(runId);
    const sight = context.get('sight');
    const { rows: runs, viewing } = sight.rows(
      ALLOCATION_RUN_ITEMS,
      found === undefined ? [] : [runView(found)],
    );
    const [run] = runs;
    if (run === undefined) throw refusal(context, 404);
    const stored = store.rowsOf(runId);
    const { rows } = sight.rows(ALLOCATION_ROW_ITEMS, stored.map(rowView));
    const isIntact = rowsSha256(stored) === run.rowsSha256;
    return context.json({ run, rows: [...rows], isIntact, viewing }, 200);
  });
};
