/** `genba enrol` killed before each of its changes of the disk: nothing is left by half. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TerminalId } from '../../../shared/ids.ts';
import { type DeskPort, openDeskPort } from '../../fixtures/desk-port.ts';
import { type EnrollingMachine, enrollingMachine } from '../../fixtures/enrolling-machine.ts';
import { type EnrolmentDesk, openEnrolmentDesk } from '../../fixtures/enrolment-desk.ts';

const KILL_AT_CHANGE = fileURLToPath(new URL('../../fixtures/kill-at-change.ts', import.meta.url));

let desk: EnrolmentDesk;
let port: DeskPort;
let machine: EnrollingMachine;
beforeEach(async () => {
  desk = await openEnrolmentDesk(Date.now());
  port = await openDeskPort(desk);
  machine = enrollingMachine(desk);
});
afterEach(async () => {
  await port.close();
  desk.close();
  machine.remove();
});

describe('a death at any moment', () => {
  /** Kills before the n-th change of the disk until one run gets through; then the same code finishes it. */
  const dieAtEach = async (
    begin: () => Promise<string>,
    words: readonly string[],
    check: (wasCommitted: boolean) => void,
  ): Promise<number> => {
    for (let change = 1; ; change += 1) {
      const text = await begin();
      const first = await machine.run([text, ...words], {
        env: { KILL_AT_CHANGE: String(change) },
        preload: KILL_AT_CHANGE,
      });
      if (first.code === 0) return change - 1;
      expect(first.code, first.stderr).toBe(null);
      const before = machine.soundConfig();
      const { outcome } = await machine.runHere([text, ...words]);
      // It counted already, and only tidying up was left; a code is of no more use then.
      const wasCommitted = outcome !== 'enrolled';
      if (wasCommitted) expect(['already-enrolled', 'used-code']).toContain(outcome);
      if (wasCommitted) expect(before).toBeDefined();
      check(wasCommitted);
    }
  };

  test('leaves nothing, or all of it; the same code goes on', async () => {
    const changes = await dieAtEach(
      async () => {
        rmSync(machine.home, { recursive: true, force: true });
        rmSync(dirname(machine.configFile), { recursive: true, force: true });
        return `${port.url}#${await desk.makeCode()}`;
      },
      [],
      () => expect(machine.soundConfig()).toBeDefined(),
    );
    expect(changes).toBeGreaterThan(10);
  }, 240_000);

  test('of a replacement leaves the terminal that was, or the one that is to be', async () => {
    expect((await machine.run([`${port.url}#${await desk.makeCode()}`])).code).toBe(0);
    const gate = TerminalId.parse('gate-1');
    const changes = await dieAtEach(
      async () => `${port.url}#${await desk.makeCode(gate)}`,
      ['--replace'],
      () => {
        expect(desk.enrolments.admit(machine.certificate(), gate, '::1')).toBe('good');
      },
    );
    expect(changes).toBeGreaterThan(10);
    expect(machine.enrolmentFolders()).toHaveLength(1);
  }, 240_000);
});
