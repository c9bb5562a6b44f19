/** How the registry's routes are described to programs: their schemas are the tables' own. */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { REGISTRY_TABLES, RegistryDocument } from '../registry/registry-document.ts';
import { problems } from './problem.ts';

export const TableRendering = z.object({
  format: z.enum(['json', 'csv']).default('json'),
  /** Of CSV: UTF-8 with a byte order mark, or CP932. */
  encoding: z.enum(['utf-8', 'cp932']).default('utf-8'),
  /** Of CSV: the names of the fields, or what people in Japan head the columns with. */
  header: z.enum(['field', 'ja']).default('field'),
});
export type TableRendering = z.infer<typeof TableRendering>;

const Imported = z.object({
  rows: z.record(z.string(), z.int()),
  changes: z.record(z.string(), z.object({ added: z.int(), removed: z.int(), changed: z.int() })),
  /** Names in a whole document that are no tables; what they hold was passed over. */
  unknown: z.array(z.string()),
});

export const describeRegistryRoutes = (app: OpenAPIHono): void => {
  const put = (path: string, summary: string, schema: z.ZodType, csv: object): void =>
    app.openAPIRegistry.registerPath({
      method: 'put',
      path,
      summary,
      security: [{ bearer: [] }],
      request: { body: { content: { 'application/json': { schema }, ...csv } } },
      responses: {
        200: {
          description: 'Stored whole; rows per table, and how many were added, removed, changed',
          content: { 'application/json': { schema: Imported } },
        },
        ...problems(401, 403, 413, 415, 422),
      },
    });
  const get = (path: string, summary: string, schema: z.ZodType, query: z.ZodObject, csv: object) =>
    app.openAPIRegistry.registerPath({
      method: 'get',
      path,
      summary,
      security: [{ bearer: [] }],
      request: { query },
      responses: {
        200: {
          description: 'As it stands',
          content: { 'application/json': { schema }, ...csv },
        },
        ...problems(400, 401, 403, 422),
      },
    });
  const csv = { 'text/csv': { schema: z.string() } };
  put('/v1/registry', 'Replaces the registry, all or nothing', RegistryDocument, {});
  get('/v1/registry', 'The registry as it stands', RegistryDocument, z.object({}), {});
  for (const [table, row] of Object.entries(REGISTRY_TABLES)) {
    const path = `/v1/registry/${table}`;
    put(path, `Replaces the table ${table}, all or nothing`, z.array(row), csv);
    get(path, `The table ${table}`, z.object({ [table]: z.array(row) }), TableRendering, csv);
  }
};
