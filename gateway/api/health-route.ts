/** `GET /healthz`: is the gateway at work, and is anything waiting for a person. No token, no personal data. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Ledger } from '../store/ledger.ts';

const Health = z
  .object({
    status: z.literal('ok'),
    version: z.string(),
    terminals: z.int(),
    /** Touches of boots whose clock was never trusted; somebody must date them. */
    undatedTaps: z.int(),
    /** Payloads that could not be taken. */
    quarantined: z.int(),
    /** Whether anything still waits to be derived. */
    isDerived: z.boolean(),
  })
  .openapi('Health');

export interface HealthDeps {
  readonly ledger: Pick<Ledger, 'undatedTaps' | 'quarantined' | 'dirtyMarks'>;
  readonly version: string;
  readonly contacts: () => readonly unknown[];
}

export const healthRoute = (app: OpenAPIHono, { ledger, version, contacts }: HealthDeps): void => {
  const route = createRoute({
    method: 'get',
    path: '/healthz',
    summary: 'Health of the gateway',
    responses: {
      200: { description: 'At work', content: { 'application/json': { schema: Health } } },
    },
  });
  app.openapi(route, (context) =>
    context.json(
      {
        status: 'ok' as const,
        version,
        terminals: contacts().length,
        undatedTaps: ledger.undatedTaps(),
        quarantined: ledger.quarantined(),
        isDerived: ledger.dirtyMarks(1).length === 0,
      },
      200,
    ),
  );
};
