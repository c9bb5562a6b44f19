/**
 * Keeps strangers who knock without end from filling the audit log (監査記録の間引き).
 *
 * The first of a kind from an address is told at once; what follows within the window is counted and told
 * with the next one after it.
 */
import { MINUTE_MS, type UtcMs } from '../../shared/time.ts';
import type { AuditEvent } from './audit-log.ts';

interface Told {
  readonly at: UtcMs;
  readonly heldBack: number;
}
type ToldByKey = ReadonlyMap<string, Told>;

const WINDOW_MS = MINUTE_MS;
/** Different keys remembered; beyond it everything further is one key. */
const KEYS_MAX = 1_000;
const OTHERS = 'others';

/** Pure. */
const mayTell = (
  toldByKey: ToldByKey,
  wanted: string,
  now: UtcMs,
): {
  readonly toldByKey: ToldByKey;
  /** Undefined: hold it back; else how many were held back before. */
  readonly heldBack: number | undefined;
} => {
  const recent = new Map([...toldByKey].filter(([, { at }]) => now - at < 60 * WINDOW_MS));
  const key = recent.has(wanted) || recent.size < KEYS_MAX ? wanted : OTHERS;
  const told = recent.get(key);
  if (told !== undefined && now - told.at < WINDOW_MS) {
    return {
      toldByKey: recent.set(key, { ...told, heldBack: told.heldBack + 1 }),
      heldBack: undefined,
    };
  }
  return { toldByKey: recent.set(key, { at: now, heldBack: 0 }), heldBack: told?.heldBack ?? 0 };
};

/** Tells the audit log of what somebody may do without end, such as a stranger's knocks, once a minute, with how often it was. */
export const throttledAudit = (
  audit: (event: AuditEvent) => void,
  now: () => UtcMs,
  isEndless = ({ actor }: AuditEvent): boolean => actor.startsWith('address:'),
): ((event: AuditEvent) => void) => {
  let told: ToldByKey = new Map();
  return (event) => {
    if (!isEndless(event)) return audit(event);
    const step = mayTell(told, `${event.kind} ${event.actor} ${event.detail.reason}`, now());
    told = step.toldByKey;
    if (step.heldBack === undefined) return;
    audit(
      step.heldBack === 0
        ? event
        : { ...event, detail: { ...event.detail, heldBack: step.heldBack } },
    );
  };
};
