/**
 * Lamp, buzzer, gate and camera trigger on a real GPIO chip: a PL061 in an emulated arm64 machine, under
 * Debian's kernel, through sysfs and onoff and through the tools of libgpiod 1 and 2.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { CHIP_CASES } from '../device/signals/chip-cases.ts';
import { type ChipMessage, MARK } from '../device/signals/chip-messages.ts';
import { OUTPUTS_CONTRACT } from '../device/signals/outputs-contract.ts';
import { LIBGPIOD_1_TOOLS, runOnArmMachine } from '../fixtures/arm-machine.ts';

const RIGS = {
  'onoff over sysfs': { adapter: 'onoff', path: '/usr/bin' },
  'the tools of libgpiod 2': { adapter: 'gpiod', path: '/usr/bin' },
  'the tools of libgpiod 1': { adapter: 'gpiod', path: `${LIBGPIOD_1_TOOLS}:/usr/bin` },
} as const;

const FILES = [
  'package.json',
  'device/signals',
  'shared/retry-delay.ts',
  'shared/time.ts',
  'tests/device/signals',
  'tests/fixtures/event-log.ts',
  'tests/fixtures/processes.ts',
  ...['zod', 'onoff', 'epoll', 'lodash.debounce', 'bindings', 'file-uri-to-path'].map(
    (name) => `node_modules/${name}`,
  ),
];

const outcomes = new Map<string, string>();
const key = (rig: string, name: string): string => `${rig}: ${name}`;
const consoleLines: string[] = [];
/** What the machine had no answer for; told by each test, so that none counts as skipped. */
const machineFaults: string[] = [];

beforeAll(async () => {
  await runOnArmMachine({
    files: FILES,
    // Nine programs load the same modules: compiling them is most of what an emulated machine has to do.
    script: [
      'export NODE_COMPILE_CACHE=/tmp/compiled\n',
      ...Object.entries(RIGS).map(
        ([rig, { adapter, path }]) =>
          `PATH=${path} node tests/device/signals/chip-run.ts ${adapter} '${rig}'\n`,
      ),
    ].join(''),
    deadlineMs: 480_000,
    onLine: (line, pressButton) => {
      consoleLines.push(line);
      if (!line.startsWith(MARK)) return;
      const message: ChipMessage = JSON.parse(line.slice(MARK.length));
      if (message.kind === 'press-button') pressButton();
      else outcomes.set(key(message.rig, message.name), message.outcome);
    },
  }).catch((cause) => machineFaults.push(String(cause)));
}, 1_200_000);

describe.each(Object.keys(RIGS))('%s', (rig) => {
  test.each([...Object.keys(OUTPUTS_CONTRACT), ...Object.keys(CHIP_CASES)])('%s', (name) => {
    const silence = [...machineFaults, ...consoleLines.slice(-40)].join('\n');
    expect(outcomes.get(key(rig, name)) ?? silence).toBe('passed');
  });
});
