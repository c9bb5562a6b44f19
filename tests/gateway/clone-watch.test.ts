/** Which starts, told one after the other, are two programs with one certificate for certain. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toldStarts } from '../../gateway/access/audit-sources.ts';
import { noteToldStart, type ToldStarts } from '../../gateway/broker/clone-watch.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { openSqliteLedger } from '../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { encodeTerminalState } from '../../shared/terminal-state.ts';
import { topicOf } from '../../shared/topics.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { gatewaySigner, SITE, TERMINAL, verifyTerminal } from '../fixtures/identities.ts';
import { terminalState } from '../fixtures/terminal-state.ts';

/** Positions at which two are found alive. */
const found = (starts: readonly string[]): readonly number[] => {
  let told: ToldStarts = [];
  return starts.flatMap((start, index) => {
    const step = noteToldStart(told, start);
    told = step.told;
    return step.areTwoAlive ? [index] : [];
  });
};

describe('starts that a terminal tells', () => {
  test.each<[string, string, readonly number[]]>([
    ['one program that lost its connection again and again', 'aaaaaaaaaaaa', []],
    ['a program that was started anew', 'aab', []],
    ['a terminal that is switched off each night', 'abcdefghijklmnopqrstuvwxyz', []],
    ['a copy beside it, which was alive before and after another', 'aba', [2]],
    ['the copy is long connected before the first place comes back', `a${'b'.repeat(50)}a`, [51]],
    ['the copy is started anew in between', 'abca', [3]],
    ['both push each other off: told each time that it shows again', 'ababab', [2, 4]],
  ])('%s', (_why, starts, positions) => {
    expect(found([...starts])).toEqual(positions);
  });

  test('however often and however long each lives: who starts anew without a copy is never accused', () => {
    const lives = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 });
    fc.assert(
      fc.property(lives, (words) => {
        const starts = words.flatMap((count, life) => Array<string>(count).fill(`start-${life}`));
        expect(found(starts)).toEqual([]);
      }),
    );
  });
});

test('a word that the broker had kept is no sign that somebody lives', () => {
  const found: string[] = [];
  const ledger = openSqliteLedger(openDurableSqlite(':memory:', { checkpointPages: 1_000 }));
  const gateway = createGateway({
    ledger,
    clock: createFakeClock('2026-11-24T08:00:00+09:00'),
    signer: gatewaySigner,
    terminals: new Map([[TERMINAL, { siteId: SITE, verify: verifyTerminal }]]),
    registry: undefined,
    send: () => undefined,
    stale: () => undefined,
    onStart: toldStarts((terminalId) => found.push(terminalId)),
    log: () => undefined,
  });
  const hear = (start: string, isRetained = false): void =>
    gateway.onMessage(
      topicOf(TERMINAL, 'status'),
      encodeTerminalState(terminalState({ start })),
      isRetained,
    );
  hear('a');
  hear('b');
  // As from a broker that came up with what it had saved half an hour ago.
  hear('a', true);
  hear('b');
  expect(found).toEqual([]);
  hear('a');
  expect(found).toEqual([TERMINAL]);
  ledger.close();
});
