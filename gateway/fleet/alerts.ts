/**
 * Alerts (警報): what has been wrong for long enough to tell somebody, from when to when.
 *
 * A pure machine over the rules. Each pair of rule and subject is fine, pending or open; it begins once
 * and clears once, and what cannot be told stays as it was.
 */
import type { SiteId, TerminalId } from '../../shared/ids.ts';
import { MINUTE_MS, type UtcMs } from '../../shared/time.ts';
import type { AlertSettings } from './alert-settings.ts';
import { GATEWAY_RULES, type GatewayFacts } from './gateway-rules.ts';
import type { Judgement } from './judgement.ts';
import { TERMINAL_RULES, type TerminalFacts } from './terminal-rules.ts';

const ALL_RULES = [...TERMINAL_RULES, ...GATEWAY_RULES];
export type RuleName = (typeof ALL_RULES)[number]['rule'];

/** Whom an alert is about. */
export type AlertSubject = TerminalId | typeof GATEWAY;
/** No terminal's id: those have no capitals. */
export const GATEWAY = 'GATEWAY' as const;

interface AlertHead {
  readonly rule: RuleName;
  readonly subject: AlertSubject;
  /** Of the terminal; undefined for the gateway. */
  readonly siteId: SiteId | undefined;
  readonly detail: string;
  /** Since when it is so, as far as that is known. */
  readonly since: UtcMs;
}

export type Alert =
  /** Wrong, but not yet for long enough. Forgotten at a restart, and seen anew. */
  | (AlertHead & { readonly kind: 'pending' })
  | (AlertHead & {
      readonly kind: 'open';
      readonly begunAt: UtcMs;
      /** Well again since then, but not yet for long enough. */
      readonly wellSince: UtcMs | undefined;
    });
export type OpenAlert = Extract<Alert, { kind: 'open' }>;

/** By `alertKey`. */
export type AlertState = ReadonlyMap<string, Alert>;

export interface FleetFacts {
  readonly terminals: readonly TerminalFacts[];
  readonly gateway: GatewayFacts;
}

export type AlertEffect =
  | { readonly kind: 'begin'; readonly alert: OpenAlert }
  | { readonly kind: 'clear'; readonly alert: OpenAlert; readonly clearedAt: UtcMs };

export interface AlertStep {
  readonly state: AlertState;
  readonly effects: readonly AlertEffect[];
}

export const alertKey = ({ rule, subject }: Pick<Alert, 'rule' | 'subject'>): string =>
  `${subject} ${rule}`;

type Judged = Pick<AlertHead, 'rule' | 'subject' | 'siteId'> & { readonly judgement: Judgement };

const judgeAll = (
  { terminals, gateway }: FleetFacts,
  settings: AlertSettings,
  now: UtcMs,
): readonly Judged[] => [
  ...terminals.flatMap((facts) =>
    TERMINAL_RULES.map(({ rule, judge }) => ({
      rule,
      subject: facts.contact.terminalId,
      siteId: facts.contact.siteId,
      judgement: judge(facts, settings, now),
    })),
  ),
  ...GATEWAY_RULES.map(({ rule, judge }) => ({
    rule,
    subject: GATEWAY,
    siteId: undefined,
    judgement: judge(gateway, settings, now),
  })),
];

/** What becomes of one alert; undefined = nothing is wrong. */
const next = (
  before: Alert | undefined,
  { judgement, ...head }: Judged,
  { clearMinutes }: AlertSettings,
  now: UtcMs,
): Alert | undefined => {
  if (judgement.kind === 'unknown') return before;
  if (judgement.kind === 'fine') {
    if (before?.kind !== 'open') return undefined;
    const wellSince = before.wellSince ?? now;
    return now - wellSince >= clearMinutes * MINUTE_MS ? undefined : { ...before, wellSince };
  }
  const { detail, afterMs } = judgement;
  if (before?.kind === 'open') return { ...before, detail, wellSince: undefined };
  const since = judgement.since ?? before?.since ?? now;
  return now - since >= afterMs
    ? { ...head, kind: 'open', detail, since, begunAt: now, wellSince: undefined }
    : { ...head, kind: 'pending', detail, since };
};

export const step = (
  state: AlertState,
  facts: FleetFacts,
  settings: AlertSettings,
  now: UtcMs,
): AlertStep => {
  const after = new Map<string, Alert>();
  const effects: AlertEffect[] = [];
  for (const judged of judgeAll(facts, settings, now)) {
    const key = alertKey(judged);
    const before = state.get(key);
    const alert = next(before, judged, settings, now);
    if (alert !== undefined) after.set(key, alert);
    if (alert?.kind === 'open' && before?.kind !== 'open') effects.push({ kind: 'begin', alert });
  }
  // Also what is about a terminal that is no longer there.
  for (const [key, before] of state) {
    if (before.kind === 'open' && !after.has(key))
      effects.push({ kind: 'clear', alert: before, clearedAt: now });
  }
  return { state: after, effects };
};

const ROW_BY_RULE = new Map<string, (typeof ALL_RULES)[number]>(
  ALL_RULES.map((row) => [row.rule, row]),
);

/** Of a name that was stored; undefined where the rule is no more. */
export const ruleNamed = (name: string): RuleName | undefined => ROW_BY_RULE.get(name)?.rule;

/** The row of a rule: level and texts. */
export const ruleRow = (rule: RuleName) => {
  const row = ROW_BY_RULE.get(rule);
  if (row === undefined) throw new Error(`no rule ${rule}`);
  return row;
};
