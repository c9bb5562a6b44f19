/** Alerts begin once and clear once, whatever happens in between. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AlertSettings } from '../../../gateway/fleet/alert-settings.ts';
import { type AlertEffect, type AlertState, step } from '../../../gateway/fleet/alerts.ts';
import type { TerminalContact } from '../../../gateway/fleet/contacts.ts';
import { MINUTE_MS, utcMs } from '../../../shared/time.ts';
import { GATEWAY_FACTS } from '../../fixtures/gateway-facts.ts';
import { OTHER_TERMINAL, SITE, TERMINAL } from '../../fixtures/identities.ts';
import { STATE_AT, terminalState } from '../../fixtures/terminal-state.ts';

const settings = AlertSettings.parse({});

type Reader = 'there' | 'gone' | 'not heard';

const contactAt = (reader: Reader, minute: number, id = TERMINAL): TerminalContact => {
  const at = utcMs(STATE_AT + minute * MINUTE_MS);
  return {
    terminalId: id,
    siteId: SITE,
    isOnline: reader !== 'not heard',
    lastHeardAt: at,
    lastBatchAt: undefined,
    state: terminalState({
      atMs: at,
      roster: { version: 1, issuedAtMs: at, workers: 1 },
      readers: [
        { readerId: '入口', direction: 'in', isAttached: reader === 'there', isCardLeft: false },
      ],
    }),
    stateAt: at,
  };
};

/** One minute a word; what began and cleared, and in which minute. */
const run = (readers: readonly Reader[]): readonly string[] => {
  let state: AlertState = new Map();
  return readers.flatMap((reader, minute) => {
    const now = utcMs(STATE_AT + minute * MINUTE_MS);
    const facts = {
      terminals: [{ contact: contactAt(reader, minute), gatewayVersion: '1.2.3', incidents: [] }],
      gateway: GATEWAY_FACTS,
    };
    const next = step(state, facts, settings, now);
    state = next.state;
    return next.effects.map(({ kind, alert }) => `${minute} ${kind} ${alert.rule}`);
  });
};
const times = (count: number, reader: Reader): readonly Reader[] => Array(count).fill(reader);

describe('a reader', () => {
  test.each<[string, readonly (readonly Reader[])[], readonly string[]]>([
    ['gone for less than ten minutes is nothing', [times(10, 'gone'), times(9, 'there')], []],
    [
      'gone for ten minutes is told, and its return once it has lasted',
      [times(12, 'gone'), times(9, 'there')],
      ['10 begin reader-gone', '17 clear reader-gone'],
    ],
    [
      'with a loose plug is told once',
      [
        times(12, 'gone'),
        times(3, 'there'),
        times(1, 'gone'),
        times(3, 'there'),
        times(9, 'gone'),
        times(6, 'there'),
      ],
      ['10 begin reader-gone', '33 clear reader-gone'],
    ],
    [
      'of a terminal that is not heard stays as it was',
      [times(12, 'gone'), times(30, 'not heard'), times(6, 'there')],
      ['10 begin reader-gone', '47 clear reader-gone'],
    ],
  ])('%s', (_what, readers, told) => {
    expect(run(readers.flat())).toEqual(told);
  });

  test('in any history: beginning and clearing take turns, and nothing clears that is still wrong', () => {
    const reader = fc.constantFrom<Reader>('there', 'gone', 'not heard');
    const history = fc.array(fc.tuple(reader, fc.integer({ min: 1, max: 15 })), { maxLength: 30 });
    fc.assert(
      fc.property(history, (parts) => {
        const readers = parts.flatMap(([each, count]) => times(count, each));
        const told = run(readers).map((text) => text.split(' '));
        told.forEach(([minute, kind], index) => {
          expect(kind).toBe(index % 2 === 0 ? 'begin' : 'clear');
          expect(readers[Number(minute)]).toBe(kind === 'begin' ? 'gone' : 'there');
        });
      }),
    );
  });
});

test('the alert of a terminal that is taken away clears, and the others stay', () => {
  const wrong = (id: typeof TERMINAL) => ({
    contact: {
      ...contactAt('there', 0, id),
      state: terminalState({ faults: [{ part: 'storage', reason: 'full' }] }),
    },
    gatewayVersion: '1.2.3',
    incidents: [],
  });
  const both = { terminals: [wrong(TERMINAL), wrong(OTHER_TERMINAL)], gateway: GATEWAY_FACTS };
  const first = step(new Map(), both, settings, STATE_AT);
  const second = step(first.state, { ...both, terminals: [wrong(TERMINAL)] }, settings, STATE_AT);
  const words = ({ kind, alert }: AlertEffect) => `${kind} ${alert.subject}`;
  expect(first.effects.map(words)).toEqual([`begin ${TERMINAL}`, `begin ${OTHER_TERMINAL}`]);
  expect(second.effects.map(words)).toEqual([`clear ${OTHER_TERMINAL}`]);
});
