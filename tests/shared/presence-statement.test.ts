/** Who is on site, on its way from the gateway to the gates: what is said is what is heard, and nobody else may say it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  diffPeople,
  encodePresence,
  parsePresence,
  presenceText,
  withChange,
} from '../../shared/presence-statement.ts';
import { gatewaySigner, terminalSigner, verifyGateway, WORKER } from '../fixtures/identities.ts';
import {
  arbitraryPeople,
  changeOf,
  passageOf,
  peopleOf,
  statementOf,
  wholeBytes,
} from '../fixtures/site-presence.ts';

describe('a statement', () => {
  test('is heard as it was said', () => {
    fc.assert(
      fc.property(arbitraryPeople, (passageByWho) => {
        const message = { kind: 'whole', statement: statementOf({ passageByWho }) } as const;
        const heard = parsePresence(encodePresence(message, gatewaySigner), verifyGateway);
        expect(heard).toEqual({ ok: true, value: message });
      }),
    );
  });

  test('and the change to another make that other, also on the wire', () => {
    fc.assert(
      fc.property(arbitraryPeople, arbitraryPeople, (before, after) => {
        const change = changeOf(diffPeople(before, after));
        const heard = parsePresence(
          encodePresence({ kind: 'change', change }, gatewaySigner),
          verifyGateway,
        );
        if (!heard.ok || heard.value.kind !== 'change') throw new Error(JSON.stringify(heard));
        const next = withChange(statementOf({ passageByWho: before }), heard.value.change);
        expect(next).toEqual(statementOf({ no: 2, passageByWho: next.passageByWho }));
        expect(next.passageByWho).toEqual(after);
      }),
    );
  });

  test('names nobody but by id, and says of whom nothing changed nothing', () => {
    const before = peopleOf(passageOf({ who: WORKER }));
    expect(diffPeople(before, new Map(before))).toEqual({ changed: [], gone: [] });
    const text = presenceText({ kind: 'whole', statement: statementOf({ passageByWho: before }) });
    expect(JSON.parse(text).people).toEqual([
      { gate: 'gate-2', in: [[WORKER, 1_795_469_400_000]], out: [] },
    ]);
  });

  const good = wholeBytes();
  const signed = (change: (json: Record<string, unknown>) => void): Uint8Array => {
    const json = JSON.parse(presenceText({ kind: 'whole', statement: statementOf() }));
    change(json);
    const text = JSON.stringify(json);
    return Buffer.from(`${gatewaySigner.sign(`genba-tap presence v1\n${text}`)}\n${text}`);
  };
  test.each<[string, Uint8Array, RegExp]>([
    [
      'a terminal’s signature',
      encodePresence({ kind: 'whole', statement: statementOf() }, terminalSigner),
      /not signed/,
    ],
    [
      'a byte that changed',
      Buffer.from(Buffer.from(good).toString().replace('"no":1', '"no":9')),
      /not signed/,
    ],
    ['no signature', Buffer.from('{}'), /not signed/],
    ['more bytes than it may have', Buffer.alloc(4_000_001), /4000001 bytes/],
    [
      'a name in place of an id',
      signed((json) => Object.assign(json, { people: [{ in: [['山田', 1]], out: [] }] })),
      /people/,
    ],
    [
      'more people than any site has',
      signed((json) =>
        Object.assign(json, {
          people: [1, 2].map(() => ({
            in: Array.from({ length: 10_001 }, () => [WORKER, 1]),
            out: [],
          })),
        }),
      ),
      /at most 20000/,
    ],
    ['a moment before time', signed((json) => Object.assign(json, { atMs: -1 })), /atMs/],
  ])('with %s is refused, and says why', (_what, bytes, why) => {
    const parsed = parsePresence(bytes, verifyGateway);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).toMatch(why);
  });
});
