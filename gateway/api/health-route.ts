/**
 * `GET /healthz`: is the gateway at work, and, for programs of this machine and whoever has a token, is anything waiting
 * for a person. No personal data; a stranger learns that it lives.
 */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { isoInJapan } from '../../shared/time.ts';
import type { Access } from '../access/access.ts';
import { isFromHere } from '../access/client.ts';
import { JobName } from '../nightly/nightly-store.ts';
import type { Nightly } from '../nightly/start-nightly.ts';
import type { Ledger } from '../store/ledger.ts';

const Work = z.object({
  version: z.string(),
  terminals: z.int(),
  /** Touches of boots whose clock was never trusted; somebody must date them. */
  undatedTaps: z.int(),
  /** Payloads that could not be taken. */
  quarantined: z.int(),
  /** Whether anything still waits to be derived. */
  isDerived: z.boolean(),
  /** The last run of each nightly job. */
  nightly: z.array(
    z.object({ job: JobName, outcome: z.enum(['done', 'failed']), endedAt: z.string() }),
  ),
});
const Health = z.object({ status: z.literal('ok'), ...Work.partial().shape }).openapi('Health');

export interface HealthDeps {
  readonly access: Pick<Access, 'clientOf' | 'principalOf'>;
  readonly ledger: Pick<Ledger, 'undatedTaps' | 'quarantined' | 'dirtyMarks'>;
  readonly version: string;
  readonly contacts: () => readonly unknown[];
  readonly nightly: Pick<Nightly, 'records'>;
}

export const healthRoute = (
  app: OpenAPIHono,
  { access, ledger, version, contacts, nightly }: HealthDeps,
): void => {
  const route = createRoute({
    method: 'get',
    path: '/healthz',
    summary: 'Health of the gateway',
    responses: {
      200: { description: 'At work', content: { 'application/json': { schema: Health } } },
    },
  });
  const work = (): z.infer<typeof Work> => ({
    version,
    terminals: contacts().length,
    undatedTaps: ledger.undatedTaps(),
    quarantined: ledger.quarantined(),
    isDerived: ledger.dirtyMarks(1).length === 0,
    nightly: nightly
      .records()
      .map(({ job, outcome, endedAt }) => ({ job, outcome, endedAt: isoInJapan(endedAt) })),
  });
  app.openapi(route, (context) => {
    const isKnown =
      isFromHere(context, access.clientOf(context)) || access.principalOf(context) !== undefined;
    return context.json({ status: 'ok' as const, ...(isKnown ? work() : {}) }, 200);
  });
};
