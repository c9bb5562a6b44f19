/**
 * Plays a signal (pure): what was touched and what time it is in, the level of every line out.
 *
 * The levels follow from the time alone, never from how often or how late somebody asked, so that a
 * busy event loop shortens a beep and cannot leave one on.
 */
import { type UptimeMs, uptimeMs } from '../../shared/time.ts';
import { LEVELS_AT_REST, type Levels, type Pattern, type Signal } from './patterns.ts';

export type PlayerState =
  | { readonly kind: 'at-rest' }
  | { readonly kind: 'playing'; readonly signal: Signal; readonly startedAt: UptimeMs };

export type PlayerEvent =
  /** A touch: takes the place of what is playing, the gate included. */
  | { readonly kind: 'play'; readonly signal: Signal; readonly now: UptimeMs }
  | { readonly kind: 'time'; readonly now: UptimeMs };

export interface PlayerStep {
  readonly state: PlayerState;
  readonly levels: Levels;
  /** When the levels change next; undefined: not before the next touch. */
  readonly wakeAt: UptimeMs | undefined;
}

export const PLAYER_AT_REST: PlayerState = { kind: 'at-rest' };

export const step = (state: PlayerState, event: PlayerEvent): PlayerStep => {
  if (event.kind === 'play') return play(event.signal, event.now, event.now);
  return state.kind === 'playing' ? play(state.signal, state.startedAt, event.now) : AT_REST;
};

const AT_REST: PlayerStep = {
  state: PLAYER_AT_REST,
  levels: LEVELS_AT_REST,
  wakeAt: undefined,
};

const play = (signal: Signal, startedAt: UptimeMs, now: UptimeMs): PlayerStep => {
  const elapsedMs = now - startedAt;
  const current = stepAt(signal.pattern, elapsedMs);
  const isRelayOpen = elapsedMs < signal.relayOpenMs;
  const ends = [current?.endsMs, isRelayOpen ? signal.relayOpenMs : undefined].filter(
    (end) => end !== undefined,
  );
  if (ends.length === 0) return AT_REST;
  const lit = Object.fromEntries((current?.on ?? []).map((name) => [name, true]));
  return {
    state: { kind: 'playing', signal, startedAt },
    levels: { ...LEVELS_AT_REST, ...lit, relay: isRelayOpen },
    wakeAt: uptimeMs(startedAt + Math.min(...ends)),
  };
};

/** The step that runs so long after the start, with its end counted from the start. */
const stepAt = (pattern: Pattern, elapsedMs: number) => {
  let endsMs = 0;
  for (const { on, ms } of pattern) {
    endsMs += ms;
    if (elapsedMs < endsMs) return { on, endsMs };
  }
  return undefined;
};
