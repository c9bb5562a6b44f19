/**
 * How a touch looks and sounds at the gate (表示灯・ブザー・ゲート), as data.
 *
 * Each tone has its own rhythm, for the lamp as well as for the buzzer: who cannot tell red from green
 * reads the blinking, who cannot hear it too, and who looks away hears it.
 */
import type { Tone } from '../feedback.ts';
import type { Readiness } from '../readiness.ts';

/** What can be wired; all of it is optional. */
export const LINE_NAMES = ['green', 'yellow', 'red', 'buzzer', 'relay'] as const;
export type LineName = (typeof LINE_NAMES)[number];

/** True: lit, sounding, gate let open. How that is wired, high or low, is the output's affair. */
export type Levels = Readonly<Record<LineName, boolean>>;

export const LEVELS_AT_REST: Levels = {
  green: false,
  yellow: false,
  red: false,
  buzzer: false,
  relay: false,
};

/** Between the touches: nobody need hold a card there to learn that it is not taken. */
export const LEVELS_BY_READINESS: Readonly<Record<Readiness, Levels>> = {
  ready: LEVELS_AT_REST,
  'face-only': LEVELS_AT_REST,
  'card-left': { ...LEVELS_AT_REST, yellow: true },
  'no-reader': { ...LEVELS_AT_REST, yellow: true },
  closed: { ...LEVELS_AT_REST, red: true },
};

export interface Step {
  readonly on: readonly LineName[];
  readonly ms: number;
}
export type Pattern = readonly Step[];

type Lamp = 'green' | 'yellow' | 'red';

const beep = (lamp: Lamp, ms: number): Step => ({ on: [lamp, 'buzzer'], ms });
const light = (lamp: Lamp, ms: number): Step => ({ on: [lamp], ms });
const buzz = (ms: number): Step => ({ on: ['buzzer'], ms });
const pause = (ms: number): Step => ({ on: [], ms });
const times = (count: number, steps: Pattern): Pattern =>
  Array.from({ length: count }, () => steps).flat();

/**
 * As a person hears them: ピッ · ピピッ · ピピピッ · ピッピー · ピーピー · ピピピピピ.
 *
 * No lamp flashes more than three times within a second (WCAG 2.2 §2.3.1: what flashes faster can bring on a seizure).
 */
export const PATTERN_BY_TONE: Readonly<Record<Tone, Pattern>> = {
  in: [beep('green', 150), light('green', 1_050)],
  out: [beep('green', 150), pause(150), beep('green', 150), light('green', 750)],
  repeat: times(3, [beep('green', 100), light('green', 70), pause(170)]),
  warned: [
    beep('yellow', 150),
    pause(150),
    beep('yellow', 500),
    pause(150),
    light('yellow', 500),
    pause(150),
    light('yellow', 500),
  ],
  held: [
    beep('red', 600),
    pause(200),
    beep('red', 600),
    pause(200),
    light('red', 600),
    pause(200),
    light('red', 600),
  ],
  // The buzzer is twice as fast as the lamp.
  failed: [
    ...times(2, [beep('red', 85), light('red', 85), buzz(85), pause(85)]),
    ...[beep('red', 85), light('red', 85), pause(170)],
    ...times(5, [light('red', 170), pause(170)]),
  ],
};

/** One sound, in milliseconds from the touch. */
export interface Beep {
  readonly startsMs: number;
  readonly ms: number;
}

/** What the buzzer of a tone sounds, for a loudspeaker in its place. */
export const beepsOf = (tone: Tone): readonly Beep[] => {
  let startsMs = 0;
  return PATTERN_BY_TONE[tone].flatMap(({ on, ms }) => {
    const beep = { startsMs, ms };
    startsMs += ms;
    return on.includes('buzzer') ? [beep] : [];
  });
};

export interface RelaySettings {
  /** How long the gate is let open after a touch that may pass, milliseconds. */
  readonly relayOpenMs: number;
  /** Whether it opens for a touch that somebody should look at. */
  readonly opensWhenWarned: boolean;
}

const mayPass = (tone: Tone, opensWhenWarned: boolean): boolean => {
  switch (tone) {
    case 'in':
    case 'out':
    case 'repeat':
      return true;
    case 'warned':
      return opensWhenWarned;
    case 'held':
    case 'failed':
      return false;
  }
};

/** A pattern for lamp and buzzer, and beside it the gate, which runs for its own time. */
export interface Signal {
  readonly pattern: Pattern;
  readonly relayOpenMs: number;
}

export const signalOf = (tone: Tone, { relayOpenMs, opensWhenWarned }: RelaySettings): Signal => ({
  pattern: PATTERN_BY_TONE[tone],
  relayOpenMs: mayPass(tone, opensWhenWarned) ? relayOpenMs : 0,
});
