/** The outputs' contract on the recording fake, and signals on it: what is played, and what happens without wires. */
import { describe, expect, test } from 'vitest';
import type { OpenOutputs } from '../../../device/signals/outputs.ts';
import { playSignals, type SignalsFault, startSignals } from '../../../device/signals/signals.ts';
import { SignalsConfig } from '../../../device/signals/signals-config.ts';
import { uptimeMs } from '../../../shared/time.ts';
import { createFakeGpioBoard } from '../../fakes/gpio-board.ts';
import { createEventLog } from '../../fixtures/event-log.ts';
import { AT_REST, levelsOf, OUTPUTS_CONTRACT, WIRES } from './outputs-contract.ts';

const CHIP = 'pinctrl-fake';

describe('the outputs’ contract on the recording fake', () => {
  test.each(Object.entries(OUTPUTS_CONTRACT))('%s', async (_name, run) => {
    const board = createFakeGpioBoard(CHIP);
    await run({
      chip: CHIP,
      open: board.open,
      level: board.level,
      occupy: async (line) => {
        const giveBack = board.occupy(line);
        return async () => giveBack();
      },
    });
  });
});

/** Time that passes when it is told to; promises that are due are settled in between. */
const createTimeline = () => {
  let now = 0;
  const due = new Set<{ readonly at: number; readonly run: () => void }>();
  const settle = () => new Promise((done) => setImmediate(done));
  return {
    now: () => uptimeMs(now),
    after: (ms: number, run: () => void) => {
      const timer = { at: now + ms, run };
      due.add(timer);
      return () => due.delete(timer);
    },
    pass: async (ms: number) => {
      const until = now + ms;
      await settle();
      for (;;) {
        const next = [...due].sort((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > until) break;
        now = next.at;
        due.delete(next);
        next.run();
        await settle();
      }
      now = until;
    },
    settle,
  };
};

const setUp = (candidates?: (open: OpenOutputs) => readonly OpenOutputs[]) => {
  const board = createFakeGpioBoard(CHIP);
  const time = createTimeline();
  const faults: (SignalsFault | undefined)[] = [];
  let tries = 0;
  const open = board.open(WIRES, CHIP);
  const counted: OpenOutputs = (emit) => {
    tries += 1;
    return open(emit);
  };
  const signals = playSignals(
    { relayOpenMs: 2_000, opensWhenWarned: false },
    candidates?.(counted) ?? [counted],
    { onFault: (fault) => faults.push(fault), now: time.now, after: time.after, random: () => 0.5 },
  );
  return { board, time, faults, signals, tries: () => tries, levels: () => levelsOf(board) };
};

describe('signals', () => {
  test('closed is a red light between the touches, until it is not', async () => {
    const { signals, time, levels } = setUp();
    signals.setReadiness('closed');
    await time.pass(0);
    expect(levels()).toBe('001');
    signals.play('failed');
    await time.pass(60_000);
    expect(levels()).toBe('001');
    signals.play('in');
    signals.setReadiness('ready');
    expect(levels()).toBe('110');
    await time.pass(60_000);
    expect(levels()).toBe(AT_REST);
    signals.setReadiness('closed');
    await signals.close();
    expect(levels()).toBe(AT_REST);
  });

  test('an entry lights green, lets the gate open, and ends with everything at rest', async () => {
    const { board, signals, time, levels } = setUp();
    await time.pass(0);
    const before = board.history.length;
    signals.play('in');
    expect(levels()).toBe('110');
    await time.pass(1_200);
    expect(levels()).toBe('010');
    await time.pass(800);
    expect(levels()).toBe(AT_REST);
    await time.pass(60_000);
    expect(board.history.slice(before)).toEqual(['5=1', '7=0', '5=0', '7=1']);
    await signals.close();
  });

  test('a held touch shuts the gate that the one before let open', async () => {
    const { signals, time, levels } = setUp();
    await time.pass(0);
    signals.play('in');
    await time.pass(500);
    signals.play('held');
    expect(levels()).toBe('001');
    await time.pass(10_000);
    expect(levels()).toBe(AT_REST);
  });

  test('the gate does not so much as click between two who may pass', async () => {
    const { board, signals, time } = setUp();
    await time.pass(0);
    const before = board.history.length;
    signals.play('in');
    await time.pass(1_500);
    signals.play('in');
    await time.pass(10_000);
    const gate = board.history.slice(before).filter((each) => each.startsWith('7'));
    expect(gate).toEqual(['7=0', '7=1']);
  });

  test('closing in the middle leaves everything at rest', async () => {
    const { signals, time, levels } = setUp();
    await time.pass(0);
    signals.play('in');
    await signals.close();
    expect(levels()).toBe(AT_REST);
    signals.play('in');
    await time.pass(10_000);
    expect(levels()).toBe(AT_REST);
  });

  test('a failure is told once, tried again ever more slowly, and told when it is over', async () => {
    const { board, faults, signals, time, tries } = setUp();
    const giveBack = board.occupy(6);
    await time.pass(0);
    expect(faults).toEqual([{ kind: 'gpio-unavailable', reason: 'line 6 is busy' }]);
    await time.pass(1_000 + 2_000 + 4_000);
    expect(tries()).toBe(4);
    await time.pass(3_600_000);
    expect(tries()).toBeLessThan(4 + 3_600 / 60 + 5);
    signals.play('in');
    expect(faults).toHaveLength(1);
    giveBack();
    await time.pass(60_000);
    expect(faults).toEqual([{ kind: 'gpio-unavailable', reason: 'line 6 is busy' }, undefined]);
  });

  test('wires that come back in the middle of a signal show what is due by then', async () => {
    const { board, faults, signals, time, levels } = setUp();
    await time.pass(0);
    signals.play('in');
    board.fail('the chip is gone');
    expect(levels()).toBe(AT_REST);
    await time.pass(1_000);
    expect(levels()).toBe('110');
    await time.pass(5_000);
    expect(levels()).toBe(AT_REST);
    expect(faults.map((fault) => fault?.reason)).toEqual(['the chip is gone', undefined]);
  });

  test('one that fails as soon as it is ready is not tried each second for ever', async () => {
    const { board, signals, time, tries } = setUp();
    for (let second = 0; second < 600; second += 1) {
      await time.pass(1_000);
      board.fail('a loose wire');
    }
    expect(tries()).toBeLessThan(25);
    await signals.close();
  });

  test('where the first way does not work the next one is tried', async () => {
    const { faults, signals, time, levels } = setUp((open) => [
      createFakeGpioBoard('another').open(WIRES, CHIP),
      open,
    ]);
    await time.pass(1_000);
    signals.play('in');
    expect(levels()).toBe('110');
    expect(faults.map((fault) => fault?.reason)).toEqual([`no GPIO chip ${CHIP}`, undefined]);
    await signals.close();
  });

  test('nothing wired is no fault', async () => {
    const { faults, signals, time } = setUp(() => []);
    signals.play('in');
    await time.pass(60_000);
    await signals.close();
    expect(faults).toEqual([]);
  });
});

describe('on a machine without such a chip', () => {
  test.each(['auto', 'onoff', 'gpiod'])('%s is a fault that says so', async (adapter) => {
    const log = createEventLog<SignalsFault | undefined>();
    const config = SignalsConfig.parse({
      adapter,
      chip: 'pinctrl-nowhere',
      lines: { green: { line: 1 }, relay: { line: 2, activeLow: true } },
    });
    const signals = startSignals(config, {
      onFault: log.add,
      now: () => uptimeMs(Math.floor(performance.now())),
    });
    signals.play('in');
    const fault = await log.next(() => true, 0);
    await signals.close();
    expect(fault).toMatchObject({ kind: 'gpio-unavailable', reason: expect.stringMatching(/./) });
  });

  test('none does nothing', async () => {
    const faults: unknown[] = [];
    const signals = startSignals(SignalsConfig.parse({ lines: { green: { line: 1 } } }), {
      onFault: (fault) => faults.push(fault),
      now: () => uptimeMs(0),
    });
    signals.play('in');
    await signals.close();
    expect(faults).toEqual([]);
  });
});
