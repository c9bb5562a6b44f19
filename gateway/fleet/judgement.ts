/** What a rule of the alerts is (警報の規則の形), and what rules of terminals and of the gateway have in common. Pure. */
import type { TerminalId } from '../../shared/ids.ts';
import { HOUR_MS, type UtcMs } from '../../shared/time.ts';
import type { AlertSettings } from './alert-settings.ts';

/** `afterMs`: how long it may last before it is an alert. `since` undefined: since it is first seen. */
export type Judgement =
  | { readonly kind: 'fine' }
  /** Cannot be told now, as when the terminal is silent: whatever stood, stands. */
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'wrong';
      readonly since: UtcMs | undefined;
      readonly afterMs: number;
      /** What exactly, for people; no personal data. */
      readonly detail: string;
    };

export interface Incident {
  /** `clone` and `ledger-chain` come from the audit log, the others from quarantine. */
  readonly reason: 'conflict' | 'broken-chain' | 'wrong-site' | 'clone' | 'ledger-chain' | 'other';
  /** The last of its kind. */
  readonly at: UtcMs;
  /** What exactly, for people; no personal data. */
  readonly detail?: string;
  /** Whom it names; that terminal may be known no more. */
  readonly terminalId?: TerminalId | undefined;
}

export interface RuleOf<Facts> {
  readonly rule: string;
  readonly level: 'critical' | 'warning';
  readonly titleJa: string;
  /** Who should do what. */
  readonly adviceJa: string;
  readonly judge: (facts: Facts, settings: AlertSettings, now: UtcMs) => Judgement;
}

export const FINE: Judgement = { kind: 'fine' };
export const UNKNOWN: Judgement = { kind: 'unknown' };
export const wrong = (detail = '', afterMs = 0, since?: UtcMs): Judgement => ({
  kind: 'wrong',
  since,
  afterMs,
  detail,
});

export const incidentRule =
  (reason: Incident['reason'], detailOf: (recent: readonly Incident[]) => string = () => '') =>
  (
    { incidents }: { readonly incidents: readonly Incident[] },
    { incidentHours }: AlertSettings,
    now: UtcMs,
  ): Judgement => {
    const recent = incidents.filter(
      (each) => each.reason === reason && now - each.at < incidentHours * HOUR_MS,
    );
    return recent.length === 0 ? FINE : wrong(detailOf(recent));
  };

export const megabytes = (bytes: number): string => `空き ${Math.floor(bytes / 1e6)} MB`;
export const DISK_ADVICE = '不要なファイルを消すか、容量の大きいものに替えてください。';
