/**
 * `GET /v1/exports` (連携用データ): what can be exported, with its fields and the mappings that are set; and
 * `GET /v1/exports/NAME`: the rows as CSV, as they are or through a mapping.
 */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { CompanyId, SiteId } from '../../shared/ids.ts';
import { faultsOf } from '../../shared/result.ts';
import { dateInJapan, Month, type UtcMs } from '../../shared/time.ts';
import { EXPORT_ITEMS } from '../access/report-items.ts';
import { csvContentType, encodeCsv } from '../csv/encode-csv.ts';
import {
  EXPORT_NAMES,
  EXPORT_TITLES_JA,
  type ExportName,
  fieldsOf,
} from '../csv-exports/export-fields.ts';
import { type ExportMappings, mappedCsv, neutralMapping } from '../csv-exports/export-mapping.ts';
import { exportNeeds, exportRows } from '../csv-exports/export-rows.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry } from '../registry/registry-document.ts';
import type { Ledger } from '../store/ledger.ts';
import { DocumentListed, listed } from './document-listing.ts';
import { problem, problems } from './problem.ts';

export interface ExportRoutesDeps {
  readonly ledger: Pick<Ledger, 'attendance'>;
  readonly registry: () => Registry;
  readonly registryIndex: () => RegistryIndex;
  /** Of the configuration, by name; none = neutral files alone. */
  readonly exportMappings?: ExportMappings;
  readonly now: () => UtcMs;
}

const Query = z.strictObject({
  siteId: SiteId.optional(),
  contractId: z.string().min(1).max(100).optional(),
  companyId: CompanyId.optional(),
  month: Month.optional(),
  /** Name of a mapping of the configuration; without it the neutral file. */
  mapping: z.string().max(40).optional(),
});

const ExportListed = DocumentListed.extend({
  fields: z.array(z.object({ field: z.string(), titleJa: z.string(), kind: z.string() })),
});

const mappingsOf = (name: ExportName, mappings: ExportMappings): readonly string[] =>
  Object.entries(mappings).flatMap(([key, { of }]) => (of === name ? [key] : []));

const exportListed = (name: ExportName, mappings: ExportMappings): z.infer<typeof ExportListed> => {
  const own = mappingsOf(name, mappings);
  const { mapping: _any, ...narrowing } = Query.shape;
  const query = z.object({
    ...narrowing,
    ...(own.length === 0 ? {} : { mapping: z.enum(own).optional() }),
  });
  return {
    ...listed({ name, titleJa: EXPORT_TITLES_JA[name], query }),
    fields: Object.entries(fieldsOf(name)).map(([field, what]) => ({ field, ...what })),
  };
};

const describeRoutes = (app: OpenAPIHono): void => {
  const security = [{ bearer: [] }];
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/exports',
    summary: '連携用データの一覧',
    security,
    responses: {
      200: {
        description: 'Every export with its fields and mappings',
        content: { 'application/json': { schema: z.object({ exports: z.array(ExportListed) }) } },
      },
      ...problems(401),
    },
  });
  for (const name of EXPORT_NAMES) {
    app.openAPIRegistry.registerPath({
      method: 'get',
      path: `/v1/exports/${name}`,
      summary: EXPORT_TITLES_JA[name],
      security,
      request: { query: z.object(Query.shape) },
      responses: {
        200: { description: 'CSV', content: { 'text/csv': { schema: z.string() } } },
        ...problems(400, 401, 404, 422),
      },
    });
  }
};

const isExport = (name: string): name is ExportName => EXPORT_NAMES.some((known) => known === name);

const answer = (context: Context, name: ExportName, deps: ExportRoutesDeps): Response => {
  const { exportMappings = {} } = deps;
  const query = Query.safeParse(context.req.query());
  if (!query.success) return problem(context, 400, faultsOf(query.error.issues));
  const { mapping: asked, ...filter } = query.data;
  const set =
    asked !== undefined && Object.hasOwn(exportMappings, asked) ? exportMappings[asked] : undefined;
  if (asked !== undefined && set?.of !== name) {
    const known = mappingsOf(name, exportMappings).join(', ') || 'none';
    return problem(context, 400, [
      { place: '/mapping', message: `${asked} is no mapping of ${name}; there are ${known}` },
    ]);
  }
  const mapping = set ?? neutralMapping(name);
  const { rows, viewing } = context.get('sight').rows(
    EXPORT_ITEMS[name],
    exportRows(name, {
      registry: deps.registry(),
      index: deps.registryIndex(),
      days: deps.ledger.attendance(exportNeeds(name, filter)),
      asOf: dateInJapan(deps.now()),
      filter,
    }),
  );
  const csv = mappedCsv(
    rows.filter(({ days }) => !mapping.payableOnly || days !== 0),
    mapping,
  );
  if (!csv.ok) return problem(context, 422, csv.faults);
  const bytes = encodeCsv(csv.value, mapping.encoding);
  if (!bytes.ok) return problem(context, 422, bytes.faults);
  return context.body(new Uint8Array(bytes.value), 200, {
    'content-type': csvContentType(mapping.encoding),
    'content-disposition': `attachment; filename="${name}.csv"`,
    // A file has no room beside its rows.
    ...(viewing === undefined ? {} : { 'x-genba-viewing': JSON.stringify(viewing) }),
  });
};

export const exportRoutes = (app: OpenAPIHono, deps: ExportRoutesDeps): void => {
  describeRoutes(app);
  app.get('/v1/exports', (context) => {
    context.get('sight').holdsNothing();
    const exports = EXPORT_NAMES.map((name) => exportListed(name, deps.exportMappings ?? {}));
    return context.json({ exports }, 200);
  });
  app.get('/v1/exports/:name', (context) => {
    const name = context.req.param('name');
    if (isExport(name)) return answer(context, name, deps);
    const message = `is no export; there are ${EXPORT_NAMES.join(', ')}`;
    return problem(context, 404, [{ place: name, message }]);
  });
};
