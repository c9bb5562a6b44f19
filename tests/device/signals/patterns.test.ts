/** What each touch looks and sounds like, and that nobody needs colour or hearing to tell them apart. */
import { describe, expect, test } from 'vitest';
import type { Tone } from '../../../device/feedback.ts';
import {
  beepsOf,
  LEVELS_AT_REST,
  LEVELS_BY_READINESS,
  LINE_NAMES,
  type LineName,
  PATTERN_BY_TONE,
  type Pattern,
  signalOf,
} from '../../../device/signals/patterns.ts';
import { PLAYER_AT_REST, type PlayerState, step } from '../../../device/signals/player.ts';
import { SignalsConfig } from '../../../device/signals/signals-config.ts';
import { uptimeMs } from '../../../shared/time.ts';

const TONES: readonly Tone[] = ['in', 'out', 'repeat', 'warned', 'held', 'failed'];
const LAMPS: readonly LineName[] = ['green', 'yellow', 'red'];
const SETTINGS = { relayOpenMs: 3_000, opensWhenWarned: false };

/** Morse-like: what is on for 300 ms or longer is a dash. Neighbouring steps that are on are one. */
const rhythm = (pattern: Pattern, lines: readonly LineName[]): string => {
  const runs: number[] = [];
  let isOn = false;
  for (const { on, ms } of pattern) {
    const isOnNow = on.some((name) => lines.includes(name));
    if (isOnNow && isOn) runs.push((runs.pop() ?? 0) + ms);
    else if (isOnNow) runs.push(ms);
    isOn = isOnNow;
  }
  return runs.map((ms) => (ms >= 300 ? '-' : '.')).join('');
};

describe('patterns', () => {
  test.each<[Tone, LineName, string, string]>([
    ['in', 'green', '.', '-'],
    ['out', 'green', '..', '.-'],
    ['repeat', 'green', '...', '...'],
    ['warned', 'yellow', '.-', '.---'],
    ['held', 'red', '--', '----'],
    ['failed', 'red', '.....', '........'],
  ])('%s is %s, sounds %s and blinks %s', (tone, lamp, sound, blinking) => {
    const pattern = PATTERN_BY_TONE[tone];
    const lamps = pattern.flatMap(({ on }) => on.filter((name) => LAMPS.includes(name)));
    expect([...new Set(lamps)]).toEqual([lamp]);
    expect(rhythm(pattern, ['buzzer'])).toBe(sound);
    expect(rhythm(pattern, LAMPS)).toBe(blinking);
  });

  test.each([
    ['the buzzer', ['buzzer'] as const],
    ['the lamp without its colour', LAMPS],
  ])('%s alone tells every tone from every other', (_what, lines) => {
    const rhythms = TONES.map((tone) => rhythm(PATTERN_BY_TONE[tone], lines));
    expect(new Set(rhythms).size).toBe(TONES.length);
  });

  test('each is over before the next worker can have lifted and laid a card', () => {
    for (const tone of TONES) {
      const ms = PATTERN_BY_TONE[tone].reduce((sum, each) => sum + each.ms, 0);
      expect(ms, tone).toBeLessThanOrEqual(3_000);
    }
  });

  test.each(TONES)('nothing of %s flashes more than three times within any second', (tone) => {
    for (const lamp of LAMPS) {
      const starts: number[] = [];
      let atMs = 0;
      let isOn = false;
      for (const { on, ms } of PATTERN_BY_TONE[tone]) {
        if (on.includes(lamp) && !isOn) starts.push(atMs);
        isOn = on.includes(lamp);
        atMs += ms;
      }
      for (const start of starts)
        expect(starts.filter((each) => each >= start && each < start + 1_000).length).toBeLessThan(
          4,
        );
    }
  });

  test.each(TONES)('a loudspeaker sounds %s in the rhythm of the buzzer', (tone) => {
    const beeps = beepsOf(tone).map(({ ms }) => (ms >= 300 ? '-' : '.'));
    expect(beeps.join('')).toBe(rhythm(PATTERN_BY_TONE[tone], ['buzzer']));
    expect(beepsOf(tone)[0]?.startsMs).toBe(0);
  });

  test.each([
    ['ready', ''],
    ['face-only', ''],
    ['card-left', 'yellow'],
    ['no-reader', 'yellow'],
    ['closed', 'red'],
  ] as const)('between the touches, %s shows "%s"', (readiness, lit) => {
    const levels = LEVELS_BY_READINESS[readiness];
    expect(LINE_NAMES.filter((name) => levels[name]).join(' ')).toBe(lit);
  });

  test('the gate is moved by its own setting and never by a pattern', () => {
    const named = TONES.flatMap((tone) => PATTERN_BY_TONE[tone].flatMap(({ on }) => on));
    expect(named).not.toContain('relay');
  });

  test.each<[Tone, boolean, number, string]>([
    ['in', false, 3_000, 'recorded'],
    ['out', false, 3_000, 'recorded'],
    ['repeat', false, 3_000, 'recorded a moment ago'],
    ['warned', false, 0, 'an unknown card opens nothing unless the site says so'],
    ['warned', true, 3_000, 'the site says so'],
    ['held', true, 0, 'must not enter, whatever the site says'],
    ['failed', true, 0, 'not recorded'],
  ])('%s with opensWhenWarned %s opens the gate for %i ms (%s)', (tone, opensWhenWarned, ms) => {
    expect(signalOf(tone, { ...SETTINGS, opensWhenWarned }).relayOpenMs).toBe(ms);
  });
});

describe('the player', () => {
  /** Names of the lines that are on. */
  const onAt = (state: PlayerState, now: number): string => {
    const { levels } = step(state, { kind: 'time', now: uptimeMs(now) });
    return LINE_NAMES.filter((name) => levels[name]).join(' ');
  };
  const playing = (tone: Tone, at: number) =>
    step(PLAYER_AT_REST, { kind: 'play', signal: signalOf(tone, SETTINGS), now: uptimeMs(at) });

  test.each([
    [0, 'green buzzer relay', 'the beep is at once'],
    [149, 'green buzzer relay', 'to its last millisecond'],
    [150, 'relay', 'a pause'],
    [300, 'green buzzer relay', 'the second beep'],
    [450, 'green relay', 'the lamp stays longer'],
    [1_199, 'green relay', ''],
    [1_200, 'relay', 'the gate longer still'],
    [2_999, 'relay', ''],
    [3_000, '', 'all at rest'],
    [99_000, '', 'for good'],
  ])('%i ms after an exit: "%s" (%s)', (elapsedMs, on) => {
    expect(onAt(playing('out', 10_000).state, 10_000 + elapsedMs)).toBe(on);
  });

  test('it asks to be woken at each change and not after the last one', () => {
    const wakes: number[] = [];
    let current = playing('out', 0);
    while (current.wakeAt !== undefined) {
      wakes.push(current.wakeAt);
      current = step(current.state, { kind: 'time', now: current.wakeAt });
    }
    expect(wakes).toEqual([150, 300, 450, 1_200, 3_000]);
    expect(current).toEqual({
      state: PLAYER_AT_REST,
      levels: LEVELS_AT_REST,
      wakeAt: undefined,
    });
  });

  test('a new touch takes the place of the old one, and shuts a gate that it may not pass', () => {
    const first = playing('in', 0);
    const held = step(first.state, {
      kind: 'play',
      signal: signalOf('held', SETTINGS),
      now: uptimeMs(1_000),
    });
    expect(held.levels).toEqual({ ...LEVELS_AT_REST, red: true, buzzer: true });
    expect(onAt(held.state, 1_700)).toBe('');
  });

  test('a touch that may pass keeps an open gate open, for its own full time', () => {
    const second = step(playing('in', 0).state, {
      kind: 'play',
      signal: signalOf('in', SETTINGS),
      now: uptimeMs(2_500),
    });
    expect(second.levels.relay).toBe(true);
    expect(onAt(second.state, 5_499)).toBe('relay');
    expect(onAt(second.state, 5_500)).toBe('');
  });

  test('asked too late, it is where it should be by now', () => {
    expect(onAt(playing('held', 0).state, 700)).toBe('');
    expect(onAt(playing('failed', 0).state, 60_000)).toBe('');
  });
});

describe('the configuration of signals', () => {
  test('nothing is wired unless it is said', () => {
    expect(SignalsConfig.parse({})).toEqual({
      adapter: 'none',
      chip: 'pinctrl-bcm2711',
      lines: {},
      relayOpenMs: 3_000,
      opensWhenWarned: false,
    });
  });

  test.each<[unknown, string]>([
    [{ lines: { green: { line: 5 }, red: { line: 5 } } }, 'two names for one wire'],
    [{ lines: { blue: { line: 5 } } }, 'a lamp that there is not'],
    [{ lines: { green: { line: -1 } } }, 'no such offset'],
    [{ lines: { green: { line: 5, activelow: true } } }, 'a misspelt key'],
    [{ adapter: 'sysfs' }, 'an adapter that there is not'],
    [{ chip: 'a b; c' }, 'not a label'],
    [{ relayOpenMs: 0 }, 'a gate that never opens'],
  ])('%j is refused: %s', (section) => {
    expect(SignalsConfig.safeParse(section).success).toBe(false);
  });
});
