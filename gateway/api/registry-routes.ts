/** `PUT /v1/registry` (台帳の取り込み): whole or one table, all or nothing, every fault named at once. */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { faulty, type Result } from '../../shared/result.ts';
import { parseRegistryDocument } from '../parse-registry.ts';
import { REGISTRY_TABLES, type Registry, RegistryDocument } from '../registry-document.ts';
import { problem, problems } from './problem.ts';

const REGISTRY_BYTES_MAX = 256 * 1_024 * 1_024;

export interface RegistryRoutesDeps {
  readonly registry: () => Registry;
  readonly importRegistry: (registry: Registry) => void;
}

const parseJson = (text: string): Result<unknown> => {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (cause) {
    return faulty({
      place: '',
      message: `is not JSON: ${cause instanceof Error ? cause.message : ''}`,
    });
  }
};

const counts = (registry: Registry): Record<string, number> =>
  Object.fromEntries(Object.entries(registry).map(([table, rows]) => [table, rows.length]));

export const registryRoutes = (
  app: OpenAPIHono,
  { registry, importRegistry }: RegistryRoutesDeps,
): void => {
  const limit = bodyLimit({
    maxSize: REGISTRY_BYTES_MAX,
    onError: (context) =>
      problem(context, 413, [{ place: '', message: `the limit is ${REGISTRY_BYTES_MAX} bytes` }]),
  });

  app.put('/v1/registry', limit, async (context) => {
    const json = parseJson(await context.req.text());
    const parsed = json.ok ? parseRegistryDocument(json.value) : json;
    if (!parsed.ok) return problem(context, 422, parsed.faults);
    importRegistry(parsed.value);
    return context.json({ rows: counts(parsed.value) }, 200);
  });

  app.put('/v1/registry/:table', limit, async (context) => {
    const table = context.req.param('table');
    if (!Object.hasOwn(REGISTRY_TABLES, table)) {
      const known = Object.keys(REGISTRY_TABLES).join(', ');
      return problem(context, 404, [{ place: table, message: `is no table; there are ${known}` }]);
    }
    const rows = parseJson(await context.req.text());
    // The whole document is judged, because a row of one table may name rows of the others.
    const parsed = rows.ok ? parseRegistryDocument({ ...registry(), [table]: rows.value }) : rows;
    if (!parsed.ok) return problem(context, 422, parsed.faults);
    importRegistry(parsed.value);
    return context.json({ rows: counts(parsed.value) }, 200);
  });

  const describe = (path: string, summary: string, schema: z.ZodType): void =>
    app.openAPIRegistry.registerPath({
      method: 'put',
      path,
      summary,
      security: [{ bearer: [] }],
      request: { body: { content: { 'application/json': { schema } } } },
      responses: {
        200: {
          description: 'Stored whole; rows per table',
          content: {
            'application/json': { schema: z.object({ rows: z.record(z.string(), z.int()) }) },
          },
        },
        ...problems(401, 403, 413, 422),
      },
    });
  describe('/v1/registry', 'Replaces the registry, all or nothing', RegistryDocument);
  for (const [table, row] of Object.entries(REGISTRY_TABLES)) {
    describe(`/v1/registry/${table}`, `Replaces the table ${table}, all or nothing`, z.array(row));
  }
};
