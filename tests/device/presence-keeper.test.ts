/** What the gateway says of who is on site, as the terminal takes it, drops it, asks for it, and keeps it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createPresenceKeeper, type PresenceKeeper } from '../../device/presence-keeper.ts';
import { SiteId } from '../../shared/ids.ts';
import { encodePresence } from '../../shared/presence-statement.ts';
import { MINUTE_MS } from '../../shared/time.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { SITE, terminalSigner, verifyGateway, WORKER } from '../fixtures/identities.ts';
import {
  changeBytes,
  jst,
  passageOf,
  peopleOf,
  statementOf,
  wholeBytes,
  workerNo,
} from '../fixtures/site-presence.ts';

const clock = createFakeClock('2026-11-24T07:00:00+09:00');
let saved: Uint8Array[];
let followed: number;
let logged: string[];
const open = (): PresenceKeeper =>
  createPresenceKeeper({
    siteId: SITE,
    verifyGateway,
    presenceCache: { load: () => saved.at(-1), save: (bytes) => saved.push(bytes) },
    followPresence: () => {
      followed += 1;
    },
    log: (message) => logged.push(message),
  });
const take = (keeper: PresenceKeeper, ...messages: readonly Uint8Array[]): readonly boolean[] =>
  messages.map((bytes) => keeper.take(bytes, clock.read()));
const known = (keeper: PresenceKeeper): readonly string[] => [
  ...(keeper.last()?.statement.passageByWho.keys() ?? []),
];
const people = peopleOf(passageOf({ who: WORKER }));
const second = passageOf({ who: workerNo(2) });
let keeper: PresenceKeeper;
beforeEach(() => {
  [saved, followed, logged] = [[], 0, []];
  keeper = open();
});

describe('statements', () => {
  test('a whole one, and each change that follows', () => {
    keeper.onLink(true, true);
    expect(keeper.held()).toEqual({ run: 0, no: 0 });
    expect(
      take(keeper, wholeBytes({ passageByWho: people }), changeBytes({ changed: [second] })),
    ).toEqual([true, true]);
    expect(known(keeper)).toEqual([WORKER, second.who]);
    expect(keeper.held()).toEqual({ run: 1, no: 2 });
    expect(take(keeper, changeBytes({ no: 3, follows: 2, gone: [WORKER] }))).toEqual([true]);
    expect(known(keeper)).toEqual([second.who]);
  });

  test('a change that does not follow is dropped, asks for a whole one, and that mends it', () => {
    keeper.onLink(true, true);
    take(keeper, wholeBytes({ passageByWho: people }));
    expect(take(keeper, changeBytes({ no: 3, follows: 2, changed: [second] }))).toEqual([false]);
    expect(known(keeper)).toEqual([WORKER]);
    expect(keeper.held()).toEqual({ run: 0, no: 0 });
    expect(take(keeper, wholeBytes({ no: 3, passageByWho: peopleOf(second) }))).toEqual([true]);
    expect(keeper.held()).toEqual({ run: 1, no: 3 });
  });

  test.each([
    ['a change of another run of the gateway', changeBytes({ run: 2, changed: [second] }), false],
    ['the same whole one again', wholeBytes(), false],
    ['a change that came twice', changeBytes({ no: 1, follows: 0, changed: [second] }), false],
    [
      'an older one that somebody plays back',
      wholeBytes({ no: 0, atMs: jst('2026-11-24T06:00') }),
      false,
    ],
    ['one of a run before', wholeBytes({ run: 0, no: 99, atMs: jst('2026-11-24T06:59') }), false],
    [
      'of a gateway that started again, though its clock was put back',
      wholeBytes({ run: 2, atMs: jst('2026-11-24T05:00') }),
      true,
    ],
    [
      'of a gateway that was restored from a backup',
      wholeBytes({ run: 0, atMs: jst('2026-11-24T07:01') }),
      true,
    ],
    ['of another site', wholeBytes({ no: 2, siteId: SiteId.parse('30000000000009') }), false],
    [
      'that a terminal signed',
      encodePresence({ kind: 'whole', statement: statementOf({ no: 2 }) }, terminalSigner),
      false,
    ],
  ])('%s: taken %s', (_what, bytes, isTaken) => {
    take(keeper, wholeBytes({ passageByWho: people }));
    expect(take(keeper, bytes)).toEqual([isTaken]);
    expect(known(keeper)).toEqual(isTaken ? [] : [WORKER]);
  });
});

describe('listening', () => {
  test('begins once on each connection, and only where the gateway tells presence', () => {
    keeper.onLink(true, false);
    expect([followed, keeper.held()]).toEqual([0, undefined]);
    keeper.onLink(true, true);
    keeper.onLink(true, true);
    expect(followed).toBe(1);
    keeper.onLink(false, true);
    expect(keeper.held()).toBeUndefined();
    keeper.onLink(true, true);
    expect(followed).toBe(2);
  });
});

describe('on the disk', () => {
  test('what was heard, and when, is there after a start without a network', () => {
    take(keeper, wholeBytes({ passageByWho: people }), changeBytes({ changed: [second] }));
    keeper.save();
    const again = open();
    expect(again.last()).toEqual(keeper.last());
    expect(again.last()?.heard).toEqual(clock.read());
  });

  test('is written at once, then only every few minutes, and only what is new', () => {
    take(keeper, wholeBytes());
    keeper.tick(clock.read());
    expect(saved).toHaveLength(1);
    take(keeper, changeBytes({ changed: [second] }));
    clock.advance(4 * MINUTE_MS);
    keeper.tick(clock.read());
    expect(saved).toHaveLength(1);
    clock.advance(MINUTE_MS);
    keeper.tick(clock.read());
    expect(saved).toHaveLength(2);
    clock.advance(60 * MINUTE_MS);
    keeper.tick(clock.read());
    keeper.save();
    expect(saved).toHaveLength(2);
  });

  test.each([
    ['nothing that reads', () => Buffer.from('{')],
    [
      'of another site',
      () => {
        const other = saved.at(-1)?.toString().replace(SITE, '30000000000009') ?? '';
        return Buffer.from(other);
      },
    ],
  ])('%s is as good as nothing', (_what, bytes) => {
    take(keeper, wholeBytes({ passageByWho: people }));
    keeper.save();
    saved.push(bytes());
    expect(open().last()).toBeUndefined();
  });
});
