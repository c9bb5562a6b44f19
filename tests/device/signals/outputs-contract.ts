/**
 * What every output promises, as cases that run on the fake here and on a real chip in another machine.
 *
 * Plain functions and node:assert, because that machine has no test runner.
 */
import assert from 'node:assert/strict';
import type { OpenOutputs, OutputsEvent, Wire } from '../../../device/signals/outputs.ts';
import { createEventLog, until } from '../../fixtures/event-log.ts';

export interface OutputsBench {
  readonly chip: string;
  readonly open: (wires: readonly Wire[], chip: string) => OpenOutputs;
  /** What stands on the line, seen from outside. */
  readonly level: (line: number) => 0 | 1;
  /** Lets somebody else have the line until the returned function is called. */
  readonly occupy: (line: number) => Promise<() => Promise<void>>;
}

/** An active-high lamp, an active-low one and an active-low gate, as they come. */
export const WIRES: readonly Wire[] = [
  { name: 'green', line: 5, activeLow: false },
  { name: 'red', line: 6, activeLow: true },
  { name: 'relay', line: 7, activeLow: true },
];
/** Levels of lines 5, 6, 7 when all is at rest. */
export const AT_REST = '011';

export const levelsOf = ({ level }: Pick<OutputsBench, 'level'>): string =>
  WIRES.map(({ line }) => level(line)).join('');

/** Waits until the lines stand so; an output need not be instant. */
export const standsAt = async (
  bench: Pick<OutputsBench, 'level'>,
  levels: string,
): Promise<void> => {
  await until(() => levelsOf(bench) === levels, `lines at ${levels}`);
};

const opened = ({ open, chip }: OutputsBench, wires: readonly Wire[] = WIRES, label = chip) => {
  const log = createEventLog<OutputsEvent>();
  const outputs = open(wires, label)(log.add);
  return {
    ...outputs,
    events: log.events,
    ready: () => log.next(({ kind }) => kind === 'outputs-ready', 0),
    failed: async (): Promise<string> => {
      const event = await log.next(({ kind }) => kind === 'outputs-failed', 0);
      return event.kind === 'outputs-failed' ? event.reason : '';
    },
  };
};

export const OUTPUTS_CONTRACT: Readonly<Record<string, (bench: OutputsBench) => Promise<void>>> = {
  'ready means that every wire is at rest, active-low ones high': async (bench) => {
    const outputs = opened(bench);
    await outputs.ready();
    assert.equal(levelsOf(bench), AT_REST);
    await outputs.close();
  },
  'one wire is set and the others stay': async (bench) => {
    const outputs = opened(bench);
    await outputs.ready();
    outputs.setLine('green', true);
    await standsAt(bench, '111');
    outputs.setLine('red', true);
    await standsAt(bench, '101');
    outputs.setLine('green', false);
    await standsAt(bench, '001');
    outputs.setLine('red', false);
    await standsAt(bench, AT_REST);
    await outputs.close();
  },
  'what was set last stands, however fast it came': async (bench) => {
    const outputs = opened(bench);
    await outputs.ready();
    for (let round = 0; round < 10; round += 1) {
      outputs.setLine('green', true);
      outputs.setLine('relay', true);
      outputs.setLine('green', false);
    }
    outputs.setLine('red', true);
    await standsAt(bench, '000');
    await outputs.close();
    assert.deepEqual(
      outputs.events.map(({ kind }) => kind),
      ['outputs-ready'],
    );
  },
  'a name that is not wired is nobody’s': async (bench) => {
    const outputs = opened(bench);
    await outputs.ready();
    outputs.setLine('buzzer', true);
    outputs.setLine('green', true);
    await standsAt(bench, '111');
    await outputs.close();
  },
  'closing puts every wire to rest, and the wires can be had again': async (bench) => {
    const first = opened(bench);
    await first.ready();
    first.setLine('green', true);
    first.setLine('relay', true);
    await standsAt(bench, '110');
    await first.close();
    assert.equal(levelsOf(bench), AT_REST);
    const second = opened(bench);
    await second.ready();
    second.setLine('relay', true);
    await standsAt(bench, '010');
    await second.close();
    assert.equal(levelsOf(bench), AT_REST);
  },
  'closed at once, or twice, it is closed': async (bench) => {
    const outputs = opened(bench);
    await outputs.close();
    await outputs.close();
    outputs.setLine('relay', true);
    const next = opened(bench);
    await next.ready();
    assert.equal(levelsOf(bench), AT_REST);
    await next.close();
    assert.deepEqual(outputs.events, []);
  },
  'a chip that is not there is a failure with its label, and no crash': async (bench) => {
    const outputs = opened(bench, WIRES, 'pinctrl-elsewhere');
    assert.match(await outputs.failed(), /pinctrl-elsewhere/);
    outputs.setLine('relay', true);
    await outputs.close();
  },
  'a wire that somebody else has is a failure, and none of the others is kept': async (bench) => {
    const giveBack = await bench.occupy(6);
    const outputs = opened(bench);
    assert.match(await outputs.failed(), /busy/i);
    await outputs.close();
    await giveBack();
    const again = opened(bench);
    await again.ready();
    assert.equal(levelsOf(bench), AT_REST);
    await again.close();
  },
};
