/** Which terminals hear who is on site, and how much of it. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
  createPresenceTeller,
  type PresenceTeller,
} from '../../../gateway/presence/presence-teller.ts';
import { SiteId, TerminalId } from '../../../shared/ids.ts';
import { parsePresence, type SitePresence } from '../../../shared/presence-statement.ts';
import { HOUR_MS, MINUTE_MS, utcMs } from '../../../shared/time.ts';
import {
  gatewaySigner,
  OTHER_TERMINAL,
  SITE,
  TERMINAL,
  verifyGateway,
} from '../../fixtures/identities.ts';
import { jst, passageOf, peopleOf, workerNo } from '../../fixtures/site-presence.ts';

const STRANGER = TerminalId.parse('gate-9');
let at: number;
let presence: SitePresence | undefined;
let sent: string[];
let teller: PresenceTeller;
const people = (...count: readonly number[]): SitePresence => ({
  maxShiftHours: 18,
  gates: [],
  passageByWho: peopleOf(...count.map((index) => passageOf({ who: workerNo(index) }))),
});
const NONE = { run: 0, no: 0 };
beforeEach(() => {
  [at, sent, presence] = [jst('2026-11-24T07:00'), [], people(1)];
  teller = createPresenceTeller({
    siteByTerminal: new Map([
      [TERMINAL, SITE],
      [OTHER_TERMINAL, SITE],
      [STRANGER, SiteId.parse('30000000000009')],
    ]),
    signer: gatewaySigner,
    run: 7,
    now: () => utcMs(at),
    lookAt: (siteId) => (siteId === SITE ? presence : people()),
    send: (terminalId, bytes) => {
      const heard = parsePresence(bytes, verifyGateway);
      if (!heard.ok) throw new Error(JSON.stringify(heard.faults));
      const { value } = heard;
      sent.push(
        value.kind === 'whole'
          ? `${terminalId} ${value.statement.no} whole ${value.statement.passageByWho.size}`
          : `${terminalId} ${value.change.no} after ${value.change.follows} +${value.change.changed.length} -${value.change.gone.length}`,
      );
    },
  });
});
const told = (): readonly string[] => sent.splice(0);
const pass = (ms: number): void => {
  at += ms;
};

describe('who listens', () => {
  test('hears a whole statement, then what changes, each after the one before', () => {
    teller.onHeld(TERMINAL, NONE);
    expect(told()).toEqual(['gate-1 1 whole 1']);
    pass(10_000);
    presence = people(2, 3);
    teller.refresh();
    expect(told()).toEqual(['gate-1 2 after 1 +2 -1']);
    pass(10_000);
    teller.refresh();
    expect(told()).toEqual([]);
  });

  test('who does not, or has gone, or is of another site, hears nothing of it', () => {
    teller.onHeld(TERMINAL, NONE);
    teller.onHeld(STRANGER, NONE);
    teller.onHeld(TerminalId.parse('nobody'), NONE);
    expect(told()).toEqual(['gate-1 1 whole 1', 'gate-9 2 whole 0']);
    teller.onHeld(TERMINAL, undefined);
    presence = people(2);
    pass(MINUTE_MS);
    teller.refresh();
    expect(told()).toEqual([]);
    expect([...teller.sites()]).toEqual(['30000000000009']);
  });

  test('who holds what there is is told no more; who holds anything else, all', () => {
    teller.onHeld(TERMINAL, NONE);
    told();
    teller.onHeld(OTHER_TERMINAL, { run: 7, no: 1 });
    expect(told()).toEqual([]);
    pass(31_000);
    for (const held of [
      { run: 6, no: 1 },
      { run: 7, no: 9 },
    ]) {
      teller.onHeld(OTHER_TERMINAL, held);
      expect(told()).toEqual(['gate-2 1 whole 1']);
      pass(31_000);
    }
  });

  test('is not sent again what is still on its way', () => {
    teller.onHeld(TERMINAL, NONE);
    pass(10_000);
    teller.onHeld(TERMINAL, NONE);
    presence = people(1, 2);
    teller.refresh();
    teller.onHeld(TERMINAL, { run: 7, no: 1 });
    expect(told()).toEqual(['gate-1 1 whole 1', 'gate-1 2 after 1 +1 -0']);
    pass(MINUTE_MS);
    teller.onHeld(TERMINAL, { run: 7, no: 1 });
    expect(told()).toEqual(['gate-1 2 whole 2']);
  });

  test('hears a word every two minutes, though nothing changes', () => {
    teller.onHeld(TERMINAL, NONE);
    told();
    for (let minute = 1; minute <= 6; minute += 1) {
      pass(MINUTE_MS);
      teller.refresh();
    }
    expect(told()).toEqual([
      'gate-1 2 after 1 +0 -0',
      'gate-1 3 after 2 +0 -0',
      'gate-1 4 after 3 +0 -0',
    ]);
  });

  test('hears all anew once an hour, where something changed', () => {
    teller.onHeld(TERMINAL, NONE);
    told();
    pass(HOUR_MS);
    teller.refresh();
    expect(told()).toEqual(['gate-1 2 after 1 +0 -0']);
    presence = people(1, 2);
    teller.refresh();
    expect(told()).toEqual(['gate-1 3 whole 2']);
    presence = people(1);
    teller.refresh();
    expect(told()).toEqual(['gate-1 4 after 3 +0 -1']);
  });

  test('hears nothing while the ledger is not derived to its end, and all of it then', () => {
    presence = undefined;
    teller.onHeld(TERMINAL, NONE);
    teller.refresh();
    expect(told()).toEqual([]);
    presence = people(1, 2);
    teller.refresh();
    expect(told()).toEqual(['gate-1 1 whole 2']);
  });

  test('is never taken for up to date by a number of before everybody had gone', () => {
    teller.onHeld(TERMINAL, NONE);
    teller.onHeld(TERMINAL, undefined);
    teller.refresh();
    presence = people(1, 2);
    told();
    teller.onHeld(TERMINAL, { run: 7, no: 1 });
    expect(told()).toEqual(['gate-1 2 whole 2']);
  });
});
