/** `GET /v1/terminals`: which terminals there are and when they were last heard of. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { isoInJapan } from '../../shared/time.ts';
import type { TerminalContact } from '../gateway.ts';
import { problems } from './problem.ts';

const TerminalRow = z
  .object({
    terminalId: z.string(),
    siteId: z.string(),
    isOnline: z.boolean(),
    lastBatchAt: z.string().optional(),
  })
  .openapi('Terminal');

const route = createRoute({
  method: 'get',
  path: '/v1/terminals',
  summary: 'Terminals and when they were last heard of',
  security: [{ bearer: [] }],
  responses: {
    200: {
      description: 'Every terminal of the configuration',
      content: { 'application/json': { schema: z.object({ terminals: z.array(TerminalRow) }) } },
    },
    ...problems(401),
  },
});

export interface TerminalsRouteDeps {
  readonly contacts: () => readonly TerminalContact[];
}

export const terminalsRoute = (app: OpenAPIHono, { contacts }: TerminalsRouteDeps): void => {
  app.openapi(route, (context) =>
    context.json(
      {
        terminals: contacts().map(({ lastBatchAt, ...contact }) => ({
          ...contact,
          ...(lastBatchAt === undefined ? {} : { lastBatchAt: isoInJapan(lastBatchAt) }),
        })),
      },
      200,
    ),
  );
};
