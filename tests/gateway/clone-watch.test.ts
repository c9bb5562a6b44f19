/** Which starts, told one after the other, are two programs with one certificate for certain. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ConnectionCount,
  noteSeen,
  noteToldStart,
  noteTries,
  type ToldStarts,
} from '../../gateway/broker/clone-watch.ts';
import { watchLives } from '../../gateway/broker/life-watch.ts';
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

/** `s` the broker lets somebody in · a number: the terminal tells so many tries; positions at which two are found. */
const foundByTries = (events: string, start: (index: number) => string = () => 'a') => {
  let count: ConnectionCount | undefined;
  return events.split(' ').flatMap((event, index) => {
    if (event === 's') {
      if (count !== undefined) count = noteSeen(count);
      return [];
    }
    const step = noteTries(count, start(index), Number(event));
    count = step.count;
    return step.areTwoAlive ? [index] : [];
  });
};

describe('connections that a terminal tried, and those that the broker let in', () => {
  test.each<[string, string, readonly number[]]>([
    ['a terminal that lost its connection again and again', 's 1 s 2 s 3 s 4 s 5 s 6', []],
    ['one that tells once a minute on one connection', 's 1 1 1 1 1 1 1', []],
    ['tries that never reached the broker', 's 1 s 9 s 40', []],
    ['lines of the broker that are ahead of the terminal’s word', 's 1 s s 2 3', []],
    ['this gateway was away while it connected', '7 30 s 31', []],
    [
      'a copy that says nothing, pushed off by the terminal each time',
      's 1 s s 2 s s 3 s s 4',
      [10],
    ],
    ['a copy that says nothing, and the terminal cannot come back for long', '1 s s s s 2', [5]],
    ['a copy that tells the terminal’s own start and a count that it made up', '5 50 6', [2]],
  ])('%s', (_why, events, positions) => {
    expect(foundByTries(events)).toEqual(positions);
  });

  test('another start begins another count', () => {
    expect(foundByTries('9 1 2', (index) => (index === 0 ? 'a' : 'b'))).toEqual([]);
  });

  test('whatever is lost, late by a connection or never arrives: one terminal alone is never accused', () => {
    const attempt = fc.record({
      reaches: fc.boolean(),
      lineIsHeard: fc.boolean(),
      lineIsLate: fc.boolean(),
      tells: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 80 }), (attempts) => {
        let late = 0;
        const events = attempts.flatMap(({ reaches, lineIsHeard, lineIsLate, tells }, index) => {
          const before = Array<string>(late).fill('s');
          late = reaches && lineIsHeard && lineIsLate ? 1 : 0;
          const now = reaches && lineIsHeard && !lineIsLate ? ['s'] : [];
          return [...before, ...now, ...Array<string>(reaches ? tells : 0).fill(`${index + 1}`)];
        });
        if (events.length > 0) expect(foundByTries(events.join(' '))).toEqual([]);
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
    onLife: watchLives((terminalId) => found.push(terminalId)).onTold,
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
