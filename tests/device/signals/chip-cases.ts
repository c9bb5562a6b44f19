/**
 * What must hold on a real chip besides the outputs' contract; runs where there is one, without a test runner.
 */
import assert from 'node:assert/strict';
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  gpiodInput,
  type InputEvent,
  type InputLine,
  onoffInput,
} from '../../../device/signals/gpio-input.ts';
import { gpiodOutputs } from '../../../device/signals/gpio-libgpiod.ts';
import { onoffOutputs } from '../../../device/signals/gpio-onoff.ts';
import type { OutputsEvent } from '../../../device/signals/outputs.ts';
import { type SignalsFault, startSignals } from '../../../device/signals/signals.ts';
import type { SignalsConfig } from '../../../device/signals/signals-config.ts';
import { uptimeMs } from '../../../shared/time.ts';
import { createEventLog, until } from '../../fixtures/event-log.ts';
import { childrenOf } from '../../fixtures/processes.ts';
import { AT_REST, levelsOf, type OutputsBench, standsAt, WIRES } from './outputs-contract.ts';

export const ADAPTERS = ['onoff', 'gpiod'] as const;
export type Adapter = (typeof ADAPTERS)[number];

export interface ChipBench extends OutputsBench {
  readonly adapter: Adapter;
  /** High and low again on `BUTTON_LINE`. */
  readonly pulse: () => void;
}

/** Label of the chip of QEMU's board `virt`, and its line that is wired to something. */
export const CHIP = '9030000.pl061';
const BUTTON_LINE = 3;
/** Version 2 by its path, so that it is the same whichever version is under test. */
const GPIOSET = '/usr/bin/gpioset';

/** Whether somebody has the line, as the kernel tells it: `gpio-517 ( |gpioset ) out hi`. */
const isHeld = (line: number): boolean => {
  const text = readFileSync('/sys/kernel/debug/gpio', 'utf8');
  const base = Number(/GPIOs (\d+)-/.exec(text)?.[1]);
  return new RegExp(`gpio-${base + line} .*\\) (in|out) `).test(text);
};

/** Data register of the PL061 on that board, with its mask for all eight lines. */
const DATA_REGISTER = '0x090303fc';

/**
 * The level as the chip itself has it. To ask the kernel would mean to take the line for a moment, and then
 * the tools under test find it busy.
 */
const levelOfLine = (line: number): 0 | 1 => {
  const data = execFileSync('busybox', ['devmem', DATA_REGISTER, '8'], { encoding: 'utf8' });
  return (Number(data) >> line) % 2 === 1 ? 1 : 0;
};

export const outputsOf = (adapter: Adapter): OutputsBench['open'] =>
  adapter === 'onoff'
    ? (wires, chip) => onoffOutputs({ chip, wires })
    : (wires, chip) => gpiodOutputs({ chip, wires });

const inputOf = (adapter: Adapter, line: InputLine) =>
  adapter === 'onoff' ? onoffInput(line) : gpiodInput(line);

export const createChipBench = (adapter: Adapter, pulse: () => void): ChipBench => ({
  adapter,
  chip: CHIP,
  open: outputsOf(adapter),
  level: levelOfLine,
  pulse,
  occupy: async (line) => {
    // Low, as nobody's line is: the chip keeps an output's level when the line is an input again.
    const other = spawn(GPIOSET, ['--chip', 'gpiochip0', `${line}=0`]);
    await until(() => isHeld(line), `line ${line} is held`);
    return async () => {
      const ended = once(other, 'exit');
      other.kill();
      await ended;
    };
  },
});

const VICTIM = fileURLToPath(new URL('./chip-victim.ts', import.meta.url));

/** Another program that lets the gate open and says so. */
const startVictim = async (bench: ChipBench) => {
  const victim = fork(VICTIM, [bench.adapter], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(victim, 'message');
  await standsAt(bench, '110');
  return victim;
};

/** Interrupts of the button so far; undefined while nobody's name stands behind them, and they go nowhere. */
const edgesOfButton = (): number | undefined => {
  const row = readFileSync('/proc/interrupts', 'utf8')
    .split('\n')
    .find((each) => new RegExp(` ${CHIP} +${BUTTON_LINE} +Edge +\\S`).test(each));
  return row === undefined ? undefined : Number(/: +(\d+)/.exec(row)?.[1]);
};

const watched = async (bench: ChipBench, edge: InputLine['edge']) => {
  const log = createEventLog<InputEvent>();
  const input = inputOf(bench.adapter, { chip: bench.chip, line: BUTTON_LINE, edge })(log.add);
  // Held is not enough: the line is had a moment before its edges are.
  await until(() => edgesOfButton() !== undefined, 'the button is watched');
  return { ...input, events: log.events, next: log.next };
};

export const CHIP_CASES: Readonly<Record<string, (bench: ChipBench) => Promise<void>>> = {
  'a program that is killed while the gate is open leaves it shut': async (bench) => {
    const victim = await startVictim(bench);
    victim.kill('SIGKILL');
    await standsAt(bench, AT_REST);
    const log = createEventLog<OutputsEvent>();
    const next = bench.open(WIRES, bench.chip)(log.add);
    await log.next(({ kind }) => kind === 'outputs-ready', 0);
    await next.close();
  },
  'a stop of the whole service, helpers included, leaves the gate shut': async (bench) => {
    const victim = await startVictim(bench);
    assert.ok(victim.pid !== undefined);
    for (const helper of childrenOf(victim.pid)) process.kill(helper, 'SIGTERM');
    victim.kill('SIGTERM');
    await standsAt(bench, AT_REST);
  },
  'a helper that is killed is a failure that lets go of everything': async (bench) => {
    const log = createEventLog<OutputsEvent>();
    const outputs = bench.open(WIRES, bench.chip)(log.add);
    await log.next(({ kind }) => kind === 'outputs-ready', 0);
    outputs.setLine('relay', true);
    await standsAt(bench, '010');
    for (const helper of childrenOf(process.pid, 'sh -c')) process.kill(helper, 'SIGKILL');
    await log.next(({ kind }) => kind === 'outputs-failed', 0);
    await outputs.close();
    const again = bench.open(WIRES, bench.chip)(log.add);
    await log.next(({ kind }) => kind === 'outputs-ready', 2);
    await standsAt(bench, AT_REST);
    await again.close();
  },
  'an entry is played on the wires and ends with everything at rest': async (bench) => {
    const log = createEventLog<SignalsFault | undefined>();
    const [green, red, relay] = WIRES.map(({ line, activeLow }) => ({ line, activeLow }));
    assert.ok(green && red && relay);
    const config: SignalsConfig = {
      adapter: bench.adapter === 'onoff' ? 'auto' : 'gpiod',
      chip: bench.chip,
      lines: { green, red, relay },
      relayOpenMs: 2_000,
      opensWhenWarned: false,
    };
    const signals = startSignals(config, {
      onFault: log.add,
      now: () => uptimeMs(Math.floor(performance.now())),
    });
    await until(() => WIRES.every(({ line }) => isHeld(line)), 'wires are held');
    await standsAt(bench, AT_REST);
    // Played anew at each look: the machine may be too slow to look while it still stands so.
    await until(() => {
      signals.play('in');
      return levelsOf(bench) === '110';
    }, 'the lamp is lit and the gate is open');
    await standsAt(bench, AT_REST);
    await signals.close();
    assert.deepEqual(log.events, []);
  },
  'both edges of a pulse are told, in their order': async (bench) => {
    const input = await watched(bench, 'both');
    bench.pulse();
    await input.next((event) => event.kind === 'edge' && event.edge === 'falling', 0);
    await input.close();
    assert.deepEqual(
      input.events.map((event) => (event.kind === 'edge' ? event.edge : event.reason)),
      ['rising', 'falling'],
    );
  },
  'a pulse that is over before anybody looked is told whole': async (bench) => {
    const input = await watched(bench, 'both');
    const before = edgesOfButton() ?? 0;
    bench.pulse();
    // Nothing else of this program runs meanwhile.
    const deadline = performance.now() + 20_000;
    while ((edgesOfButton() ?? 0) < before + 2) assert.ok(performance.now() < deadline);
    await input.next((event) => event.kind === 'edge' && event.edge === 'falling', 0);
    await input.close();
    assert.deepEqual(
      input.events.map((event) => (event.kind === 'edge' ? event.edge : event.reason)),
      ['rising', 'falling'],
    );
  },
  'who watches for rising edges hears of those alone': async (bench) => {
    const input = await watched(bench, 'rising');
    for (const count of [1, 2]) {
      bench.pulse();
      await until(() => input.events.length >= count, `edge ${count}`);
      await until(() => levelOfLine(BUTTON_LINE) === 0, 'the button is let go');
    }
    await input.close();
    assert.deepEqual(
      input.events.map((event) => (event.kind === 'edge' ? event.edge : event.reason)),
      ['rising', 'rising'],
    );
    assert.equal(isHeld(BUTTON_LINE), false);
  },
  'a button that somebody else has is a failure, and no crash': async (bench) => {
    const giveBack = await bench.occupy(BUTTON_LINE);
    const log = createEventLog<InputEvent>();
    const line: InputLine = { chip: bench.chip, line: BUTTON_LINE, edge: 'both' };
    const input = inputOf(bench.adapter, line)(log.add);
    const event = await log.next(({ kind }) => kind === 'input-failed', 0);
    assert.match(event.kind === 'input-failed' ? event.reason : '', /busy/i);
    await input.close();
    await giveBack();
  },
};
