/**
 * `/v1/reconciliations` (突き合わせ): an administrator imports what CCUS and 建退共 export, through a mapping; whoever
 * may see the days sees where the three differ, and why probably.
 */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { csvOf } from '../../shared/csv.ts';
import { SiteId } from '../../shared/ids.ts';
import { faultsOf, parseJson } from '../../shared/result.ts';
import { isoInJapan, Month } from '../../shared/time.ts';
import { DIFFERENCE_ITEMS, RECONCILED_FILE_ITEMS } from '../access/report-items.ts';
import { csvContentType, encodeCsv } from '../csv/encode-csv.ts';
import { guarded } from '../csv/spreadsheet-guard.ts';
import { CAUSE_JA } from '../reconciliation/cause-words.ts';
import { ExportMapping } from '../reconciliation/export-file.ts';
import type { NamedDifference, ReconciliationDesk } from '../reconciliation/reconciliation-desk.ts';
import type { ImportedFile } from '../store/sqlite-reconciliations.ts';
import { limitedBody } from './json-body.ts';
import { problem, problems } from './problem.ts';
import { ReconciledFile, ReconciliationAnswer } from './reconciliation-views.ts';

const BODY_BYTES_MAX = 32 * 1_024 * 1_024;

const fileRow = ({
  mapping,
  importedAt,
  ...file
}: ImportedFile): z.infer<typeof ReconciledFile> => ({
  ...file,
  source: mapping.source,
  month: mapping.month,
  importedAt: isoInJapan(importedAt),
});

const HEADINGS_JA = [
  '現場ID',
  '現場',
  '技能者ID',
  '氏名',
  '被共済者番号',
  '就労日',
  '門',
  'CCUSの件数',
  '掛金の日数',
  '建退共の日数',
  '原因の見込み',
];
const cellsOf = (row: NamedDifference): readonly (string | number)[] => [
  guarded(row.siteId),
  guarded(row.siteName ?? ''),
  guarded(row.workerId ?? ''),
  guarded(row.workerName ?? ''),
  guarded(row.memberNo ?? ''),
  row.workDate,
  row.atGate ? 'あり' : 'なし',
  row.atCcus ?? '',
  row.owedDays ?? '',
  row.atKentaikyo ?? '',
  row.causes.map((cause) => CAUSE_JA[cause]).join('、'),
];

const Query = z.strictObject({
  month: Month,
  siteId: SiteId.optional(),
  format: z.enum(['json', 'csv']).default('json'),
  encoding: z.enum(['utf-8', 'cp932']).default('utf-8'),
});

const describeRoutes = (app: OpenAPIHono): void => {
  const security = [{ bearer: [] }];
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/reconciliations',
    summary: 'CCUS・建退共の書き出し（CSV）の取り込み。列の対応は mapping',
    security,
    request: {
      body: {
        content: {
          'multipart/form-data': {
            schema: z.object({
              mapping: ExportMapping,
              file: z.string().meta({ format: 'binary' }),
            }),
          },
        },
      },
    },
    responses: {
      201: { description: 'Stored', content: { 'application/json': { schema: ReconciledFile } } },
      ...problems(400, 401, 403, 413, 422),
    },
  });
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/reconciliations',
    summary: '突き合わせ（month）：門・CCUS・建退共の差と、原因の見込み',
    security,
    request: { query: Query },
    responses: {
      200: {
        description: 'Differences, and the files that they rest on',
        content: {
          'application/json': {
            schema: ReconciliationAnswer,
          },
          'text/csv': { schema: z.string() },
        },
      },
      ...problems(400, 401, 422),
    },
  });
};

export const reconciliationRoutes = (app: OpenAPIHono, desk: ReconciliationDesk): void => {
  describeRoutes(app);

  app.post('/v1/reconciliations', limitedBody(BODY_BYTES_MAX), async (context) => {
    const form = await context.req.parseBody().catch(() => undefined);
    const { file, mapping: text } = form ?? {};
    if (!(file instanceof File) || typeof text !== 'string')
      return problem(context, 400, [
        { place: '', message: 'must be multipart/form-data with mapping (JSON) and file (CSV)' },
      ]);
    const mapping = parseJson(text, '/mapping');
    if (!mapping.ok) return problem(context, 422, mapping.faults);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const outcome = await desk.take(bytes, mapping.value, context.get('principal').actor);
    if (outcome.kind === 'refused') return problem(context, 422, outcome.faults);
    return context.json(fileRow(outcome.file), 201);
  });

  app.get('/v1/reconciliations', async (context) => {
    const query = Query.safeParse(context.req.query());
    if (!query.success) return problem(context, 400, faultsOf(query.error.issues));
    const { month, siteId, format, encoding } = query.data;
    const all = await desk.differences(month);
    const sight = context.get('sight');
    const { rows, viewing } = sight.rows(
      DIFFERENCE_ITEMS,
      siteId === undefined ? all : all.filter((row) => row.siteId === siteId),
    );
    if (format === 'json') {
      const files = sight.rows(RECONCILED_FILE_ITEMS, desk.files(month).map(fileRow)).rows;
      return context.json({ differences: rows, files, words: CAUSE_JA, viewing }, 200);
    }
    const csv = encodeCsv(csvOf(HEADINGS_JA, rows.map(cellsOf)), encoding);
    if (!csv.ok) return problem(context, 422, csv.faults);
    return context.body(new Uint8Array(csv.value), 200, {
      'content-disposition': `attachment; filename="reconciliation-${month}.csv"`,
      'content-type': csvContentType(encoding),
    });
  });
};
