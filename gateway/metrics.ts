/** What Prometheus may read of the gateway (監視用の数値), through prom-client. Counts only, nobody's name or id. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { UtcMs } from '../shared/time.ts';
import type { Alert } from './fleet/alerts.ts';
import { ruleRow } from './fleet/alerts.ts';
import type { TerminalContact } from './fleet/contacts.ts';
import { STATE_FRESH_MS, unsentAgeMs } from './fleet/terminal-rules.ts';
import type { BatchOutcome } from './gateway.ts';
import type { Ledger } from './store/ledger.ts';

export interface MetricsDeps {
  readonly ledger: Pick<Ledger, 'quarantined' | 'undatedTaps' | 'dirtyMarks'>;
  readonly contacts: () => readonly TerminalContact[];
  readonly alerts: () => readonly Alert[];
  readonly now: () => UtcMs;
}

export interface Metrics {
  readonly onBatch: (outcome: BatchOutcome, entries: number) => void;
  /** One turn of derivation. */
  readonly onDerived: (marks: number, seconds: number) => void;
  /** `route` is the pattern that answered, never the path that was asked for. */
  readonly onRequest: (request: HttpRequest, seconds: number) => void;
  /** Text exposition format 0.0.4. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
}

export interface HttpRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
}

/**
 * How often the lag of the event loop is looked at: each look wakes a gateway that has nothing to do. As Node counts it,
 * the figures of `nodejs_eventloop_lag_…` hold this time between two looks.
 */
const EVENT_LOOP_LOOK_MS = 100;
/** Gauges of the library whose names say that they are counters (`promtool check metrics`); their sums by type are there. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];
/** Counting them all would cost more than anybody gains. */
const DIRTY_MARKS_COUNTED = 10_000;
const HTTP_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60];
const DERIVE_SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2];

export const createMetrics = ({ ledger, contacts, alerts, now }: MetricsDeps): Metrics => {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: EVENT_LOOP_LOOK_MS });
  for (const name of MISNAMED) register.removeSingleMetric(name);

  const batches = new Counter({
    name: 'genba_batches_total',
    help: 'Batches from terminals, by what became of them',
    labelNames: ['outcome'],
    registers,
  });
  const entries = new Counter({
    name: 'genba_entries_committed_total',
    help: 'Journal entries committed to the ledger',
    registers,
  });
  const derived = new Counter({
    name: 'genba_dirty_marks_derived_total',
    help: 'Marks of stale attendance that were worked off',
    registers,
  });
  const deriveSeconds = new Histogram({
    name: 'genba_derive_seconds',
    help: 'Duration of one turn of derivation',
    buckets: DERIVE_SECONDS,
    registers,
  });
  const requests = new Histogram({
    name: 'genba_http_request_seconds',
    help: 'Requests by route and status; a long poll counts with its wait',
    labelNames: ['method', 'route', 'status'],
    buckets: HTTP_SECONDS,
    registers,
  });

  /** A gauge that is worked out when somebody reads it. */
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  };
  gauge('genba_quarantined', 'Payloads in quarantine', ledger.quarantined);
  gauge('genba_undated_taps', 'Touches that wait for a date', ledger.undatedTaps);
  gauge(
    'genba_dirty_marks',
    `Marks of stale attendance, counted up to ${DIRTY_MARKS_COUNTED}`,
    () => ledger.dirtyMarks(DIRTY_MARKS_COUNTED).length,
  );
  gauge('genba_terminals', 'Terminals that are enrolled', () => contacts().length);
  gauge(
    'genba_terminals_online',
    'Terminals with a connection',
    () => contacts().filter(({ isOnline }) => isOnline).length,
  );
  gauge('genba_unsent_taps', 'Touches that terminals could not send, by their last word', () =>
    contacts().reduce((sum, { state }) => sum + (state?.queue.unsentTaps ?? 0), 0),
  );
  gauge('genba_unsent_oldest_seconds', 'Age of the oldest touch that waits on a terminal', () => {
    const at = now();
    const ages = contacts().map(({ state, stateAt }) =>
      state === undefined || stateAt === undefined ? 0 : unsentAgeMs(state, stateAt, at) / 1_000,
    );
    return Math.max(0, ...ages);
  });
  gauge(
    'genba_terminals_silent',
    `Terminals that were heard of, but not in the last ${STATE_FRESH_MS / 1_000} s`,
    () => {
      const at = now();
      return contacts().filter(
        ({ lastHeardAt }) => lastHeardAt !== undefined && at - lastHeardAt > STATE_FRESH_MS,
      ).length;
    },
  );
  new Gauge({
    name: 'genba_alerts_open',
    help: 'Alerts that have begun and not cleared',
    labelNames: ['level'],
    registers,
    collect() {
      const open = alerts().filter(({ kind }) => kind === 'open');
      for (const level of ['critical', 'warning'] as const)
        this.set({ level }, open.filter(({ rule }) => ruleRow(rule).level === level).length);
    },
  });

  return {
    onBatch: (outcome, count) => {
      batches.inc({ outcome });
      if (count > 0) entries.inc(count);
    },
    onDerived: (marks, seconds) => {
      derived.inc(marks);
      deriveSeconds.observe(seconds);
    },
    onRequest: ({ method, route, status }, seconds) =>
      requests.observe({ method, route, status }, seconds),
    text: () => register.metrics(),
    contentType: register.contentType,
  };
};
