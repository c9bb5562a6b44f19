/**
 * `PUT /v1/contracts/{contractId}/receipt` (掛金収納書の記録): the 元請 says when the receipt was handed in and why
 * it was late or short; it stands in the registry's contract, and on the next 台紙.
 */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { plainText } from '../../shared/plain-text.ts';
import { ok } from '../../shared/result.ts';
import { dateInJapan, type UtcMs, WorkDate } from '../../shared/time.ts';
import { decidesOnContract } from '../access/viewer.ts';
import { withReceiptNote } from '../policies/receipt-note.ts';
import type { Registry } from '../registry/registry-document.ts';
import { amendTable, type RegistryImportDeps } from '../registry/registry-import.ts';
import { limitedBody, readJsonBody } from './json-body.ts';
import { problem, problems } from './problem.ts';

export type ReceiptRouteDeps = RegistryImportDeps & { readonly now: () => UtcMs };

const BODY_BYTES_MAX = 8_192;
const Reason = z.string().trim().pipe(plainText(200));
const Note = z
  .strictObject({
    submittedOn: WorkDate.optional(),
    lateReason: Reason.optional(),
    shortReason: Reason.optional(),
  })
  .refine((note) => Object.values(note).some((value) => value !== undefined), {
    error: 'says nothing: submittedOn, lateReason or shortReason',
  });

const Noted = z.object({
  contractId: z.string(),
  submittedOn: z.string().optional(),
  lateReason: z.string().optional(),
  shortReason: z.string().optional(),
});

const contractOf = (registry: Registry, contractId: string) =>
  registry.contracts.find((row) => row.contractId === contractId);

export const receiptRoute = (app: OpenAPIHono, deps: ReceiptRouteDeps): void => {
  app.openAPIRegistry.registerPath({
    method: 'put',
    path: '/v1/contracts/{contractId}/receipt',
    summary: '掛金収納書の提出日と、遅れ・不足の理由',
    security: [{ bearer: [] }],
    request: {
      params: z.object({ contractId: z.string() }),
      body: { required: true, content: { 'application/json': { schema: Note } } },
    },
    responses: {
      200: { description: 'As it stands now', content: { 'application/json': { schema: Noted } } },
      ...problems(400, 401, 403, 404, 413, 422),
    },
  });
  app.put('/v1/contracts/:contractId/receipt', limitedBody(BODY_BYTES_MAX), async (context) => {
    const contractId = context.req.param('contractId');
    const standing = deps.registry();
    const contract = contractOf(standing, contractId);
    const { viewers } = context.get('principal');
    if (!decidesOnContract(viewers, standing, contractId)) return problem(context, 403);
    if (contract === undefined)
      return problem(context, 404, [{ place: contractId, message: 'is no contract' }]);
    const note = await readJsonBody(context, Note);
    if (!note.ok) return problem(context, 400, note.faults);
    const today = dateInJapan(deps.now());
    const imported = await amendTable(deps, 'contracts', ({ contracts }) => {
      const noted = contracts.map((row) =>
        row.contractId === contractId ? withReceiptNote(row, note.value, today) : ok(row),
      );
      const refused = noted.find((row) => !row.ok);
      return refused ?? ok(noted.flatMap((row) => (row.ok ? [row.value] : [])));
    });
    if (!imported.ok) return problem(context, 422, imported.faults);
    context.get('sight').document('purchase-receipt', { contractId });
    const { receiptSubmittedOn, receiptLateReason, purchaseShortReason } =
      contractOf(imported.value.registry, contractId) ?? contract;
    const answer: z.infer<typeof Noted> = {
      contractId,
      submittedOn: receiptSubmittedOn,
      lateReason: receiptLateReason,
      shortReason: purchaseShortReason,
    };
    return context.json(answer, 200);
  });
};
