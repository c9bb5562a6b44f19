/**
 * `GET /v1/documents/NAME` (帳票): a document of the catalogue as a page, CSV or workbook; and
 * `GET /v1/documents`: which there are and what each must be told.
 */
import { readFileSync } from 'node:fs';
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type Fault, faultsOf, faulty, type Result } from '../../shared/result.ts';
import { dateInJapan, type UtcMs } from '../../shared/time.ts';
import { csvContentType } from '../csv/encode-csv.ts';
import { DOCUMENTS, documentNamed } from '../documents/catalogue.ts';
import type { DocumentModel } from '../documents/document.ts';
import type { DocumentKind } from '../documents/document-kind.ts';
import { renderCsv } from '../documents/render-csv.ts';
import { renderHtml } from '../documents/render-html.ts';
import { renderXlsx } from '../documents/render-xlsx.ts';
import type { TerminalContact } from '../fleet/contacts.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry } from '../registry/registry-document.ts';
import type { Ledger } from '../store/ledger.ts';
import type { AllocationRoutesDeps } from './allocation-routes.ts';
import { DocumentListed, listed } from './document-listing.ts';
import { problem, problems } from './problem.ts';

export interface DocumentRoutesDeps {
  readonly ledger: Pick<Ledger, 'attendance'>;
  readonly registry: () => Registry;
  readonly registryIndex: () => RegistryIndex;
  readonly contacts: () => readonly TerminalContact[];
  readonly allocations?: AllocationRoutesDeps['allocations'];
  readonly now: () => UtcMs;
}

const Rendering = z.object({
  format: z.enum(['html', 'csv', 'xlsx']).default('html'),
  encoding: z.enum(['utf-8', 'cp932']).default('utf-8'),
});
type Rendering = z.infer<typeof Rendering>;

const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const STYLE = readFileSync(new URL('../documents/document.css', import.meta.url), 'utf8');
/** The page carries its own style and nothing else: no script, no address, no frame around it. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A document from what is in the ledger now, by its name: what mail is made from. */
export const makeNamedDocument = (
  deps: DocumentRoutesDeps,
  name: string,
  parameters: Readonly<Record<string, string>>,
): Result<DocumentModel> => {
  const kind = documentNamed(name);
  return kind === undefined
    ? faulty({ place: '/name', message: `${name} is no document` })
    : makeDocument(deps, kind, parameters);
};

const makeDocument = (
  { ledger, registry, registryIndex, contacts, allocations, now }: DocumentRoutesDeps,
  kind: DocumentKind,
  parameters: Readonly<Record<string, string>>,
): Result<DocumentModel> => {
  const order = kind.order(parameters);
  return order.ok
    ? order.value.make({
        registry: registry(),
        index: registryIndex(),
        terminals: contacts(),
        allocated: allocations?.store.allocated ?? (() => []),
        days: ledger.attendance(order.value.needs),
        asOf: dateInJapan(now()),
      })
    : order;
};

const rendered = async (
  context: Context,
  model: DocumentModel,
  { format, encoding }: Rendering,
): Promise<Response> => {
  const attachment = {
    'content-disposition': `attachment; filename="${model.name}-${model.madeOn}.${format}"`,
  };
  switch (format) {
    case 'html':
      return context.html(renderHtml(model, STYLE), 200, {
        'content-security-policy': PAGE_POLICY,
      });
    case 'csv': {
      const csv = renderCsv(model, encoding);
      if (!csv.ok) return problem(context, 422, csv.faults);
      return context.body(new Uint8Array(csv.value), 200, {
        ...attachment,
        'content-type': csvContentType(encoding),
      });
    }
    case 'xlsx':
      return context.body(new Uint8Array(await renderXlsx(model)), 200, {
        ...attachment,
        'content-type': XLSX_TYPE,
      });
  }
};

const describeRoutes = (app: OpenAPIHono): void => {
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/documents',
    summary: '帳票一覧',
    security: [{ bearer: [] }],
    responses: {
      200: {
        description: 'Every document and its parameters',
        content: {
          'application/json': { schema: z.object({ documents: z.array(DocumentListed) }) },
        },
      },
      ...problems(401),
    },
  });
  for (const { name, titleJa, query } of DOCUMENTS) {
    app.openAPIRegistry.registerPath({
      method: 'get',
      path: `/v1/documents/${name}`,
      summary: titleJa,
      security: [{ bearer: [] }],
      request: { query: query.extend(Rendering.shape) },
      responses: {
        200: {
          description: 'The document',
          content: {
            'text/html': { schema: z.string() },
            'text/csv': { schema: z.string() },
            [XLSX_TYPE]: { schema: z.string() },
          },
        },
        ...problems(400, 401, 404, 422),
      },
    });
  }
};

export const documentRoutes = (app: OpenAPIHono, deps: DocumentRoutesDeps): void => {
  describeRoutes(app);
  app.get('/v1/documents', (context) => {
    context.get('sight').holdsNothing();
    return context.json({ documents: DOCUMENTS.map(listed) }, 200);
  });
  app.get('/v1/documents/:name', (context) => {
    const kind = documentNamed(context.req.param('name'));
    if (kind === undefined) {
      const known = DOCUMENTS.map(({ name }) => name).join(', ');
      const message = `is no document; there are ${known}`;
      return problem(context, 404, [{ place: context.req.param('name'), message }]);
    }
    const { format, encoding, ...parameters } = context.req.query();
    const how = Rendering.safeParse({ format, encoding });
    const order = kind.order(parameters);
    const faults: readonly Fault[] = [
      ...(how.success ? [] : faultsOf(how.error.issues)),
      ...(order.ok ? [] : order.faults),
    ];
    if (!how.success || !order.ok) return problem(context, 400, faults);
    if (!context.get('sight').document(kind.name, parameters)) return problem(context, 403);
    const model = makeDocument(deps, kind, parameters);
    return model.ok
      ? rendered(context, model.value, how.data)
      : problem(context, 400, model.faults);
  });
};
