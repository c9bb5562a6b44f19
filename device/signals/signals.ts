/**
 * Lamp, buzzer and gate (表示灯・ブザー・ゲート): plays what a touch came to, on whatever wires there are.
 *
 * Nobody at the gate waits for it: without wires, or with a chip that is gone, the terminal works on, says
 * so once, and tries again, sooner at first and later on ever more slowly.
 */
import { type RetryBounds, retryDelayMs } from '../../shared/retry-delay.ts';
import type { UptimeMs } from '../../shared/time.ts';
import type { Tone } from '../feedback.ts';
import type { Readiness } from '../readiness.ts';
import { gpiodOutputs } from './gpio-libgpiod.ts';
import { onoffOutputs } from './gpio-onoff.ts';
import type { OpenOutputs, Outputs, OutputsEvent, Wire } from './outputs.ts';
import {
  LEVELS_AT_REST,
  LEVELS_BY_READINESS,
  type Levels,
  LINE_NAMES,
  type RelaySettings,
  signalOf,
} from './patterns.ts';
import { PLAYER_AT_REST, type PlayerStep, step } from './player.ts';
import type { SignalsConfig } from './signals-config.ts';
import { isSysfsGpioThere } from './sysfs-gpio.ts';

export interface SignalsFault {
  readonly kind: 'gpio-unavailable';
  readonly reason: string;
}

export interface SignalsDeps {
  /** Once for each reason, and undefined when the wires work again. */
  readonly onFault: (fault: SignalsFault | undefined) => void;
  readonly now: () => UptimeMs;
  /** Runs it once after so many milliseconds; gives back the way to call it off. */
  readonly after?: (ms: number, run: () => void) => () => void;
  /** In [0, 1). */
  readonly random?: () => number;
}

export interface Signals {
  /** A touch: takes the place of the one before. */
  readonly play: (tone: Tone) => void;
  /** The light that stands there between the touches. */
  readonly setReadiness: (readiness: Readiness) => void;
  /** Everything at rest. */
  readonly close: () => Promise<void>;
}

export const startSignals = (config: SignalsConfig, deps: SignalsDeps): Signals =>
  playSignals(config, outputsFor(config), deps);

const RETRY: RetryBounds = { minMs: 1_000, maxMs: 60_000 };

const timerAfter: NonNullable<SignalsDeps['after']> = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** `candidates` are tried in turn until one holds; without any, nothing is wired and nothing is a fault. */
export const playSignals = (
  settings: RelaySettings,
  candidates: readonly OpenOutputs[],
  { onFault, now, after = timerAfter, random = Math.random }: SignalsDeps,
): Signals => {
  let player = PLAYER_AT_REST;
  let atRest: Levels = LEVELS_AT_REST;
  let wanted: Levels = atRest;
  /** What the outputs were last told; undefined while there are none. */
  let shown: Levels | undefined;
  let outputs: Outputs | undefined;
  let callOffWake = (): void => undefined;
  let callOffRetry = (): void => undefined;
  let failures = 0;
  let readyAt: UptimeMs | undefined;
  const reasonsTold = new Set<string>();
  let isClosed = false;

  const show = (): void => {
    if (shown === undefined) return;
    const before = shown;
    shown = wanted;
    for (const name of LINE_NAMES) {
      if (before[name] !== wanted[name]) outputs?.setLine(name, wanted[name]);
    }
  };

  const take = ({ state, levels, wakeAt }: PlayerStep): void => {
    callOffWake();
    player = state;
    wanted = state.kind === 'at-rest' ? atRest : levels;
    show();
    if (wakeAt === undefined) return;
    callOffWake = after(Math.max(0, wakeAt - now()), () =>
      take(step(player, { kind: 'time', now: now() })),
    );
  };

  const onEvent = (event: OutputsEvent): void => {
    if (isClosed) return;
    switch (event.kind) {
      case 'outputs-ready':
        readyAt = now();
        shown = LEVELS_AT_REST;
        if (reasonsTold.size > 0) onFault(undefined);
        reasonsTold.clear();
        show();
        return;
      case 'outputs-failed':
        return reopen(event.reason);
    }
  };

  const reopen = (reason: string): void => {
    // One that fails as soon as it is ready does not begin anew at the shortest delay.
    if (readyAt !== undefined && now() - readyAt >= RETRY.maxMs) failures = 0;
    readyAt = undefined;
    shown = undefined;
    const gone = outputs?.close() ?? Promise.resolve();
    const delayMs = retryDelayMs(RETRY, failures, random());
    failures += 1;
    callOffRetry = after(delayMs, () => gone.then(open));
    if (reasonsTold.has(reason)) return;
    reasonsTold.add(reason);
    onFault({ kind: 'gpio-unavailable', reason });
  };

  const open = (): void => {
    if (isClosed) return;
    outputs = candidates[failures % candidates.length]?.(onEvent);
  };
  open();

  return {
    play: (tone) => {
      if (isClosed) return;
      take(step(player, { kind: 'play', signal: signalOf(tone, settings), now: now() }));
    },
    setReadiness: (readiness) => {
      atRest = LEVELS_BY_READINESS[readiness];
      if (isClosed || player.kind !== 'at-rest') return;
      wanted = atRest;
      show();
    },
    close: async () => {
      isClosed = true;
      callOffWake();
      callOffRetry();
      await outputs?.close();
    },
  };
};

const outputsFor = ({ adapter, chip, lines }: SignalsConfig): readonly OpenOutputs[] => {
  const wires = LINE_NAMES.flatMap((name): Wire[] => {
    const wire = lines[name];
    return wire === undefined ? [] : [{ name, ...wire }];
  });
  if (wires.length === 0) return [];
  const [onoff, gpiod] = [onoffOutputs({ chip, wires }), gpiodOutputs({ chip, wires })];
  switch (adapter) {
    case 'none':
      return [];
    case 'onoff':
      return [onoff];
    case 'gpiod':
      return [gpiod];
    case 'auto':
      // With sysfs and without the package onoff, or with the line held there, the tools may still do.
      return isSysfsGpioThere() ? [onoff, gpiod] : [gpiod];
  }
};
