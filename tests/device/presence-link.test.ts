/** A terminal and who is on site elsewhere: with gateways that tell it, and with older ones. */

import { expect, test } from 'vitest';
import { ownState } from '../../device/own-state.ts';
import { encodeRoster } from '../../shared/roster.ts';
import { openBareTerminal, roster } from '../fixtures/bare-terminal.ts';
import { CARD, gatewaySigner, WORKER } from '../fixtures/identities.ts';
import { unknownMachine } from '../fixtures/machine-facts.ts';
import { passageOf, peopleOf, wholeBytes } from '../fixtures/site-presence.ts';

const follows = (events: readonly string[]): number =>
  events.filter((event) => event === 'follow presence').length;
const telling = encodeRoster({ ...roster, version: 6, tellsPresence: true }, gatewaySigner);
const told = ({ terminal }: ReturnType<typeof openBareTerminal>) =>
  ownState({
    status: terminal.status(),
    ...unknownMachine,
    linkDrops: 0,
  }).presence;

test('an older gateway is asked for nothing, and hears nothing new', () => {
  const bare = openBareTerminal();
  bare.terminal.onLink(true);
  bare.terminal.onMessage('roster', encodeRoster({ ...roster, version: 6 }, gatewaySigner));
  expect(follows(bare.events)).toBe(0);
  expect(told(bare)).toBeUndefined();
  expect(bare.terminal.status().otherGates).toEqual({ kind: 'untold' });
});

test('as soon as the roster says that presence is told, it is listened for, and on each connection anew', () => {
  const bare = openBareTerminal();
  bare.terminal.onLink(true);
  bare.terminal.onMessage('roster', telling);
  bare.terminal.onMessage('roster', telling);
  expect(follows(bare.events)).toBe(1);
  expect(told(bare)).toEqual({ run: 0, no: 0 });
  bare.terminal.onLink(false);
  bare.terminal.onLink(true);
  expect(follows(bare.events)).toBe(2);
});

test('what was kept is known at the start, and an auto reader goes by it', () => {
  const first = openBareTerminal();
  let saved: Uint8Array | undefined;
  const presenceCache = {
    load: () => saved,
    save: (bytes: Uint8Array) => {
      saved = bytes;
    },
  };
  const before = openBareTerminal({ presenceCache, clock: first.clock });
  const people = peopleOf(passageOf({ who: WORKER }));
  before.terminal.onMessage('presence', wholeBytes({ passageByWho: people }));
  before.terminal.save();
  const after = openBareTerminal({ presenceCache, clock: first.clock });
  expect(after.terminal.status()).toMatchObject({ onSite: 1, otherGates: { kind: 'told' } });
  const place = { readerId: 'gate', direction: 'auto' } as const;
  expect(after.terminal.touched({ by: 'card', cardId: CARD }, place)).toMatchObject({
    kind: 'recorded',
    passage: 'out',
  });
});
