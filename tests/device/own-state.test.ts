/** What the terminal tells of itself, and when. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isTimeToTell,
  ownState,
  TELL_EVERY_MS,
  TELL_GAP_MS,
  type Told,
} from '../../device/own-state.ts';
import { createStateTeller } from '../../device/state-teller.ts';
import type { TerminalStatus } from '../../device/terminal-status.ts';
import { RefusalReason } from '../../shared/refusal.ts';
import {
  encodeTerminalState,
  parseStatusMessage,
  type TerminalState,
} from '../../shared/terminal-state.ts';
import { uptimeMs, utcMs } from '../../shared/time.ts';
import { CARD } from '../fixtures/identities.ts';
import { unknownMachine } from '../fixtures/machine-facts.ts';
import { rosterOf } from '../fixtures/roster.ts';
import { openTerminalBench } from '../fixtures/terminal-bench.ts';
import { STATE_AT, terminalState } from '../fixtures/terminal-state.ts';

const status: TerminalStatus = {
  lastFeedback: undefined,
  onSite: 3,
  otherGates: { kind: 'untold' },
  presenceHeld: undefined,
  unsentTaps: 2,
  isLinked: true,
  readers: [],
  readersFault: undefined,
  cameras: [],
  facesCount: false,
  rosterIndex: undefined,
  isRosterOld: false,
  rosterFault: undefined,
  storageFault: undefined,
  signalsFault: undefined,
  syncFault: undefined,
  clock: { wallMs: STATE_AT, uptimeMs: uptimeMs(5_000), bootId: 'b', trust: 'untrusted' },
  language: 'ja',
  isLanguageChosen: false,
};
const facts = {
  status,
  ...unknownMachine,
  start: 'a-start',
  linkDrops: 4,
};

describe('the document', () => {
  test('leaves out what is not known', () => {
    expect(ownState(facts)).toEqual({
      v: 1,
      atMs: STATE_AT,
      uptimeMs: 5_000,
      version: '1.2.3',
      clock: 'untrusted',
      queue: { unsentTaps: 2 },
      start: 'a-start',
      linkDrops: 4,
      readers: [],
      cameras: [],
      faults: [],
    });
  });

  test('names every part that does not work', () => {
    const faulty = {
      ...status,
      storageFault: 'disk-full: x',
      readersFault: 'no daemon',
      signalsFault: 'no chip',
      syncFault: 'conflict' as const,
      rosterFault: 'is of site 1',
    };
    const certificateFault = 'つながりません: connect ECONNREFUSED';
    const setAside = ['set-aside-1', 'set-aside-2'];
    expect(ownState({ ...facts, status: faulty, certificateFault, setAside }).faults).toEqual([
      { part: 'storage', reason: 'disk-full: x' },
      { part: 'readers', reason: 'no daemon' },
      { part: 'signals', reason: 'no chip' },
      { part: 'sync', reason: 'conflict' },
      { part: 'roster', reason: 'is of site 1' },
      { part: 'certificate', reason: certificateFault },
      { part: 'set-aside', reason: 'set-aside-1、set-aside-2' },
    ]);
  });

  test('can always be read by the gateway, however many readers there are and whatever they complain of', () => {
    const reason = fc.option(fc.string({ unit: 'binary', maxLength: 600 }), { nil: undefined });
    const refusal = fc.constantFrom(undefined, ...RefusalReason.options);
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 26 });
    const direction = fc.constantFrom('in', 'out', 'auto');
    const reader = fc.record({
      reader: name,
      place: fc.record({ readerId: name, direction }),
      attached: fc.boolean(),
      fault: reason,
      isCardLeft: fc.boolean(),
    });
    const camera = fc.record({ camera: name, attached: fc.boolean(), fault: reason });
    fc.assert(
      fc.property(
        fc.array(reader, { maxLength: 60 }),
        fc.array(camera, { maxLength: 40 }),
        fc.tuple(reason, reason, reason, refusal),
        (readers, cameras, [storageFault, readersFault, signalsFault, syncFault]) => {
          const state = ownState({
            ...facts,
            status: {
              ...status,
              readers,
              cameras,
              storageFault,
              readersFault,
              signalsFault,
              syncFault,
            },
          });
          const parsed = parseStatusMessage(encodeTerminalState(state));
          expect(parsed.ok ? [] : parsed.faults).toEqual([]);
        },
      ),
    );
  });

  test('holds nothing of people, cards or touches', async () => {
    const bench = await openTerminalBench({ roster: rosterOf() });
    bench.terminal.touched({ by: 'card', cardId: CARD }, { readerId: '入口', direction: 'in' });
    const text = Buffer.from(
      encodeTerminalState(ownState({ ...facts, status: bench.terminal.status() })),
    ).toString();
    await bench.close();
    expect(text).toContain('"roster":{"version":1');
    for (const personal of [CARD, '山田', '10000000000001', '試験建設'])
      expect(text).not.toContain(personal);
  });
});

describe('it is told', () => {
  const at = (ms: number, fields = {}) => terminalState({ uptimeMs: uptimeMs(ms), ...fields });
  const last = { state: at(100_000), atMs: 100_000 };
  const news = { clock: 'untrusted' } as const;
  test.each<[Told | undefined, TerminalState, boolean, string]>([
    [undefined, at(0), true, 'a fresh link has heard nothing'],
    [last, at(100_000 + TELL_EVERY_MS - 1), false, 'nothing is new'],
    [last, at(100_000 + TELL_EVERY_MS), true, 'a minute has passed'],
    [last, at(100_000 + TELL_GAP_MS, news), true, 'the clock lost its trust'],
    [last, at(100_000 + TELL_GAP_MS - 1, news), false, 'the last word was just now'],
    [
      last,
      at(100_000 + TELL_GAP_MS, { queue: { unsentTaps: 9, oldestMs: utcMs(1) } }),
      false,
      'touches come and go all day',
    ],
  ])('%# %s', (before, next, expected, _because) => {
    expect(isTimeToTell(before, next)).toBe(expected);
  });

  test('on every fresh link, with how often one was lost, and not without a link', () => {
    const told: number[] = [];
    const teller = createStateTeller({
      state: (linkDrops) => terminalState({ linkDrops }),
      publish: (bytes) => {
        const parsed = parseStatusMessage(bytes);
        if (parsed.ok && parsed.value.kind === 'online')
          told.push(parsed.value.state?.linkDrops ?? -1);
      },
    });
    teller.tick();
    for (const isUp of [true, false, false, true]) teller.onLink(isUp);
    teller.tick();
    expect(told).toEqual([0, 1]);
  });
});
