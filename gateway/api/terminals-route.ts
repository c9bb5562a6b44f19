/** `GET /v1/terminals` (端末一覧): every terminal, what it says of itself and what is wrong with it, worst first. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { isoInJapan, type UtcMs } from '../../shared/time.ts';
import { ALERT_ITEMS, PAST_ALERT_ITEMS, TERMINAL_ITEMS } from '../access/report-items.ts';
import { type Alert, GATEWAY, ruleRow } from '../fleet/alerts.ts';
import type { RevokedTerminal, StoredContact, TerminalContact } from '../fleet/contacts.ts';
import { AlertRow, alertRow, TerminalRow, terminalRows } from '../fleet/terminal-row.ts';
import type { Registry } from '../registry/registry-document.ts';
import type { ClosedAlert } from '../store/fleet-store.ts';
import { problems } from './problem.ts';

const PastAlertRow = z
  .object({
    rule: z.string(),
    terminalId: z.string().optional(),
    title: z.string(),
    detail: z.string(),
    since: z.string(),
    begunAt: z.string(),
    clearedAt: z.string(),
  })
  .openapi('PastAlert');

const terminals = createRoute({
  method: 'get',
  path: '/v1/terminals',
  summary: 'Terminals, how they are, and what is wrong with them; worst first',
  security: [{ bearer: [] }],
  responses: {
    200: {
      description:
        'Every terminal that is enrolled, and those that were taken back and not replaced',
      content: {
        'application/json': { schema: z.object({ terminals: z.array(TerminalRow).readonly() }) },
      },
    },
    ...problems(401),
  },
});

const alerts = createRoute({
  method: 'get',
  path: '/v1/alerts',
  summary: 'What is wrong now with terminals and gateway, and what was',
  security: [{ bearer: [] }],
  responses: {
    200: {
      description: 'Alerts now, and the last ones that cleared, newest first',
      content: {
        'application/json': {
          schema: z.object({ alerts: z.array(AlertRow), past: z.array(PastAlertRow) }),
        },
      },
    },
    ...problems(401),
  },
});

const PAST_MAX = 200;

export interface TerminalsRouteDeps {
  readonly contacts: () => readonly TerminalContact[];
  readonly contactsToStore: () => readonly StoredContact[];
  /** Absent: this gateway enrols nobody, and takes nobody back. */
  readonly revokedTerminals?: () => readonly RevokedTerminal[];
  readonly fleet: {
    /** What is wrong now. */
    readonly alerts: () => readonly Alert[];
    readonly closedAlerts: (limit: number) => readonly ClosedAlert[];
  };
  readonly registry: () => Pick<Registry, 'sites'>;
  readonly now: () => UtcMs;
}

export const terminalsRoute = (app: OpenAPIHono, deps: TerminalsRouteDeps): void => {
  app.openapi(terminals, (context) => {
    const { rows, viewing } = context.get('sight').rows(
      TERMINAL_ITEMS,
      terminalRows(
        {
          contacts: deps.contacts(),
          revoked: deps.revokedTerminals?.() ?? [],
          heard: deps.contactsToStore(),
          alerts: deps.fleet.alerts(),
          sites: deps.registry().sites,
        },
        deps.now(),
      ),
    );
    return context.json({ terminals: [...rows], viewing }, 200);
  });
  app.openapi(alerts, (context) => {
    const sight = context.get('sight');
    const open = sight.rows(ALERT_ITEMS, deps.fleet.alerts().map(alertRow));
    const past = sight.rows(
      PAST_ALERT_ITEMS,
      deps.fleet.closedAlerts(PAST_MAX).map(({ rule, subject, ...closed }) => ({
        rule,
        ...(subject === GATEWAY ? {} : { terminalId: subject }),
        title: ruleRow(rule).titleJa,
        detail: closed.detail,
        since: isoInJapan(closed.since),
        begunAt: isoInJapan(closed.begunAt),
        clearedAt: isoInJapan(closed.clearedAt),
      })),
    );
    return context.json(
      { alerts: [...open.rows], past: [...past.rows], viewing: open.viewing },
      200,
    );
  });
};
