/** Who is on site by the ledger of two gates: what terminals are told is what the report says, however it came about. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hear } from '../../../device/presence-keeper.ts';
import { onSiteNow } from '../../../gateway/policies/headcount-analysis.ts';
import { type OpenPresence, openPresence } from '../../../gateway/presence/open-presence.ts';
import { type PresenceStatement, parsePresence } from '../../../shared/presence-statement.ts';
import { NO_STATEMENT } from '../../../shared/statement-number.ts';
import { DAY_MS, HOUR_MS, type UtcMs, utcMs } from '../../../shared/time.ts';
import { createGatewayOfGates, type GatewayOfGates } from '../../fixtures/gateway-of-gates.ts';
import {
  gatewaySigner,
  OTHER_TERMINAL,
  SITE,
  TERMINAL,
  verifyGateway,
} from '../../fixtures/identities.ts';
import {
  aChange,
  type Change,
  HISTORY_END,
  isOfficeChange,
} from '../../fixtures/random-history.ts';

/** The tenth and eleventh day of the history are just over. */
const FIRST_MINUTE = 10 * 24 * 60;
const NOW = HISTORY_END - 28 * DAY_MS + HOUR_MS;

/** A terminal that listens, and follows what it is told. */
const listen = (world: GatewayOfGates, start: number = NOW) => {
  let at = start;
  let held: PresenceStatement | undefined;
  const kinds: string[] = [];
  const presence: OpenPresence = openPresence({
    ledger: world.ledger,
    registryIndex: world.gateway.registryIndex,
    contacts: world.gateway.contacts,
    waitingTouches: world.gateway.waitingTouches,
    siteByTerminal: new Map([
      [TERMINAL, SITE],
      [OTHER_TERMINAL, SITE],
    ]),
    signer: gatewaySigner,
    now: () => at as UtcMs,
    send: (_to, bytes) => {
      const parsed = parsePresence(bytes, verifyGateway);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
      const hearing = hear(held, parsed.value);
      if (hearing.kind !== 'taken') throw new Error(hearing.kind);
      held = hearing.statement;
      kinds.push(parsed.value.kind);
    },
  });
  presence.onHeld(TERMINAL, NO_STATEMENT);
  return {
    kinds,
    held: () => held,
    now: () => at,
    derived: () => {
      at += 10_000;
      presence.onDerived();
    },
  };
};

const play = (world: GatewayOfGates, change: Change, gate: 0 | 1): void => {
  if (isOfficeChange(change)) return world.change(change);
  world.write(
    gate,
    'minute' in change ? { ...change, minute: FIRST_MINUTE + (change.minute % 2_880) } : change,
  );
  world.sendAll();
};

const peopleIn = (statement: PresenceStatement | undefined): readonly string[] =>
  [...(statement?.passageByWho.values() ?? [])]
    .filter(({ passage }) => passage === 'in')
    .map(({ who, at }) => `${who} ${at}`)
    .sort();
const reported = (world: GatewayOfGates, now: number): readonly string[] =>
  onSiteNow(world.ledger.attendance({ siteId: SITE }), world.gateway.registryIndex(), utcMs(now))
    .map(({ workerId, cardId, since }) => `${workerId ?? `card:${cardId}`} ${since}`)
    .sort();

describe('what terminals are told', () => {
  test('is what a whole look at the ledger says, and the report of who is on site now', {
    timeout: 60_000,
  }, () => {
    let changes = 0;
    let people = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(aChange, fc.constantFrom<0 | 1>(0, 1), fc.boolean()), { maxLength: 12 }),
        (history) => {
          const world = createGatewayOfGates();
          const listener = listen(world);
          for (const [change, gate, isTold] of history) {
            play(world, change, gate);
            world.derive();
            if (isTold) listener.derived();
          }
          listener.derived();
          // All of one moment: ten seconds later a shift may be over.
          const fresh = listen(world, listener.now() - 10_000);
          fresh.derived();
          expect(listener.held()?.passageByWho).toEqual(fresh.held()?.passageByWho);
          expect(listener.held()?.gates).toEqual(fresh.held()?.gates);
          expect(peopleIn(listener.held())).toEqual(reported(world, listener.now()));
          changes += listener.kinds.filter((kind) => kind === 'change').length;
          people += peopleIn(listener.held()).length;
          world.close();
        },
      ),
      { numRuns: 60 },
    );
    expect(changes).toBeGreaterThan(10);
    expect(people).toBeGreaterThan(10);
  });

  const touch = (minute: number, direction: 'in' | 'out' | 'auto', card: 0 | 1 = 0) =>
    ({ do: 'touch', minute, direction, card, readerId: 'east' }) as const;

  test('names the gate of the passage, and how far each journal is held', () => {
    const world = createGatewayOfGates();
    play(world, touch(2_000, 'in'), 0);
    play(world, touch(2_000, 'in', 1), 1);
    play(world, touch(2_100, 'out', 1), 0);
    world.derive();
    const listener = listen(world);
    const { passageByWho, gates } = listener.held() ?? {};
    expect(
      [...(passageByWho?.values() ?? [])].map(({ passage, gate }) => `${passage} ${gate}`),
    ).toEqual(['in gate-1', 'out gate-1']);
    expect(gates?.map(({ terminalId, journals }) => `${terminalId} ${journals[0]?.[1]}`)).toEqual([
      'gate-1 2',
      'gate-2 1',
    ]);
    world.close();
  });

  test('is nothing while a touch is committed and not derived', () => {
    const world = createGatewayOfGates();
    play(world, touch(2_000, 'in'), 0);
    const listener = listen(world);
    expect(listener.held()).toBeUndefined();
    world.derive();
    listener.derived();
    expect(peopleIn(listener.held())).toHaveLength(1);
    world.close();
  });

  test('ends before the first touch that nobody can date: that one is its own gate’s to tell', () => {
    const world = createGatewayOfGates();
    play(world, touch(2_000, 'in'), 0);
    play(world, { do: 'boot' }, 0);
    play(world, touch(2_100, 'in', 1), 0);
    world.derive();
    const waiting = world.gateway.waitingTouches();
    expect(waiting).toHaveLength(1);
    const listener = listen(world);
    // The gateway of the test receives everything at its own end of time.
    expect(listener.held()?.gates[0]?.journals[0]?.[1]).toBe(2);
    world.close();
  });
});
