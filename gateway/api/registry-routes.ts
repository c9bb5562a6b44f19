/**
 * `PUT /v1/registry` and `GET /v1/registry` (台帳の取り込み・書き出し): whole as JSON, one table as JSON or CSV;
 * in all or nothing, every fault named at once.
 */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Log } from '../../shared/log.ts';
import { faultsOf, parseWrittenJson, type Result } from '../../shared/result.ts';
import { charsetNamed } from '../csv/decode-csv.ts';
import { parseTableCsv } from '../registry/csv/parse-table-csv.ts';
import { unknownTables } from '../registry/parse-registry.ts';
import {
  REGISTRY_TABLES,
  type Registry,
  type RegistryTable,
} from '../registry/registry-document.ts';
import {
  type Imported,
  importCsvTable,
  importDocument,
  importTable,
  type RegistryImportDeps,
} from '../registry/registry-import.ts';
import { utf8Text } from '../utf8-text.ts';
import { limitedBody } from './json-body.ts';
import { problem } from './problem.ts';
import { describeRegistryRoutes, TableRendering } from './registry-openapi.ts';
import { csvBody, jsonBody } from './registry-rendering.ts';

const REGISTRY_BYTES_MAX = 256 * 1_024 * 1_024;

export type RegistryRoutesDeps = RegistryImportDeps & { readonly log: Log };

const counts = (registry: Registry): Record<string, number> =>
  Object.fromEntries(Object.entries(registry).map(([table, rows]) => [table, rows.length]));

const writtenJson = async (context: Context): Promise<Result<unknown>> => {
  const text = utf8Text(new Uint8Array(await context.req.arrayBuffer()));
  return text.ok ? parseWrittenJson(text.value) : text;
};

const isCsv = (contentType: string): boolean => /^text\/csv(;|$)/i.test(contentType.trim());

const tableNamed = (name: string): RegistryTable | undefined =>
  Object.hasOwn(REGISTRY_TABLES, name) ? (name as RegistryTable) : undefined;

const noTable = (context: Context, name: string): Response => {
  const known = Object.keys(REGISTRY_TABLES).join(', ');
  return problem(context, 404, [{ place: name, message: `is no table; there are ${known}` }]);
};

export const registryRoutes = (app: OpenAPIHono, deps: RegistryRoutesDeps): void => {
  const limit = limitedBody(REGISTRY_BYTES_MAX);

  const answer = (
    context: Context,
    imported: Result<Imported>,
    unknown: readonly string[] = [],
  ): Response => {
    if (!imported.ok) return problem(context, 422, imported.faults);
    const { registry, changes } = imported.value;
    deps.log('the registry was imported', { changes: JSON.stringify(changes) });
    return context.json({ rows: counts(registry), changes, unknown }, 200);
  };

  const importCsv = async (
    context: Context,
    table: RegistryTable,
    contentType: string,
  ): Promise<Result<Imported>> => {
    const charset = charsetNamed(contentType);
    if (!charset.ok) return charset;
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    return importCsvTable(deps, table, await parseTableCsv(table, bytes, charset.value));
  };

  app.put('/v1/registry', limit, async (context) => {
    if (isCsv(context.req.header('content-type') ?? ''))
      return problem(context, 415, [
        { place: 'content-type', message: 'the whole registry is JSON; a table may be CSV' },
      ]);
    const json = await writtenJson(context);
    return json.ok
      ? answer(context, await importDocument(deps, json.value), unknownTables(json.value))
      : answer(context, json);
  });

  app.put('/v1/registry/:table', limit, async (context) => {
    const table = tableNamed(context.req.param('table'));
    if (table === undefined) return noTable(context, context.req.param('table'));
    const contentType = context.req.header('content-type') ?? '';
    if (isCsv(contentType)) return answer(context, await importCsv(context, table, contentType));
    const rows = await writtenJson(context);
    return answer(context, rows.ok ? await importTable(deps, table, rows.value) : rows);
  });

  app.get('/v1/registry', (context) => jsonBody(context, deps.registry()));

  app.get('/v1/registry/:table', async (context) => {
    const table = tableNamed(context.req.param('table'));
    if (table === undefined) return noTable(context, context.req.param('table'));
    const asked = TableRendering.safeParse(context.req.query());
    if (!asked.success) return problem(context, 400, faultsOf(asked.error.issues));
    return asked.data.format === 'json'
      ? jsonBody(context, { [table]: deps.registry()[table] })
      : csvBody(context, deps.registry(), table, asked.data);
  });

  describeRegistryRoutes(app);
};
