/** What travels: batches, receipts and rosters survive the way, and nothing altered gets through. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BATCH_BYTES_MAX,
  decodeBatch,
  encodeBatch,
  isSignedBy,
  type StoredEntry,
} from '../../shared/batch.ts';
import { GENESIS_HASH, nextHash } from '../../shared/chain.ts';
import { JournalId } from '../../shared/ids.ts';
import { encodeReceipt, parseReceipt, type Receipt } from '../../shared/receipt.ts';
import { encodeRoster, parseRoster } from '../../shared/roster.ts';
import { workDate } from '../../shared/time.ts';
import {
  gatewaySigner,
  TERMINAL,
  terminalSigner,
  verifyGateway,
  verifyTerminal,
} from '../fixtures/identities.ts';
import { rosterOf, rosterWorkerOf } from '../fixtures/roster.ts';

const journal = {
  terminalId: TERMINAL,
  journalId: JournalId.parse('11111111-1111-4111-8111-111111111111'),
};
const chain = (
  texts: readonly string[],
  firstSeq = 1,
  start = GENESIS_HASH,
): readonly StoredEntry[] => {
  let hash = start;
  return texts.map((text, index) => {
    hash = nextHash(hash, text);
    return { seq: firstSeq + index, text, hash };
  });
};
const entries = chain(['{"a":"一"}', '{"b":2}', '{"c":3}']);
const bytes = encodeBatch(journal, GENESIS_HASH, entries, terminalSigner);

describe('batch', () => {
  test('survives the way and is by the terminal', () => {
    const decoded = decodeBatch(bytes);
    expect(decoded).toMatchObject({ ok: true, value: { ...journal, firstSeq: 1, entries } });
    expect(decoded.ok && isSignedBy(decoded.value, verifyTerminal)).toBe(true);
  });

  test('is the same bytes each time', () => {
    expect(encodeBatch(journal, GENESIS_HASH, entries, terminalSigner).equals(bytes)).toBe(true);
  });

  test('any one changed byte is noticed', () => {
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        (place, difference) => {
          const altered = Buffer.from(bytes);
          altered[place] = (altered[place] ?? 0) ^ difference;
          const decoded = decodeBatch(altered);
          if (!decoded.ok) return;
          // Base64 has spare bits in its last character; then nothing else may have changed.
          const isSame = isDeepStrictEqual(
            { ...decoded.value, signature: '' },
            { ...okValue(decodeBatch(bytes)), signature: '' },
          );
          expect(isSame || !isSignedBy(decoded.value, verifyTerminal)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test.each<[string, Uint8Array, string]>([
    ['oversized', Buffer.alloc(BATCH_BYTES_MAX + 1), 'the limit is'],
    ['not UTF-8', Buffer.from([0xff, 0xfe]), 'UTF-8'],
    ['empty', Buffer.alloc(0), 'not JSON'],
    ['no JSON', Buffer.from('hello'), 'not JSON'],
    ['a header that is no object', Buffer.from('[]'), 'expected object'],
    ['an entry cut off', bytes.subarray(0, bytes.length - 1), 'not the hash'],
    [
      'entries missing',
      Buffer.from(bytes.toString().split('\n').slice(0, 2).join('\n')),
      'entries follow',
    ],
    ['an entry too many', Buffer.concat([bytes, Buffer.from('\n{}')]), 'entries follow'],
    ['an empty entry', Buffer.from(bytes.toString().replace('{"b":2}', '')), 'must be 1 to'],
    [
      'entries in another order',
      Buffer.from(bytes.toString().replace('{"b":2}\n{"c":3}', '{"c":3}\n{"b":2}')),
      'not the hash',
    ],
  ])('%s is refused', (_what, payload, message) => {
    const decoded = decodeBatch(payload);
    expect(decoded.ok ? '' : decoded.faults.map((fault) => fault.message).join()).toContain(
      message,
    );
  });

  test('a header with several faults has them all named', () => {
    const decoded = decodeBatch(Buffer.from('{"v":2,"terminalId":"UPPER","firstSeq":0}'));
    expect(decoded.ok ? [] : decoded.faults.map(({ place }) => place)).toEqual(
      expect.arrayContaining([
        'header/v',
        'header/terminalId',
        'header/firstSeq',
        'header/journalId',
      ]),
    );
  });

  test('random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (payload) => {
        expect(decodeBatch(payload).ok).toBe(false);
      }),
    );
  });
});

const okValue = <T>(result: { ok: true; value: T } | { ok: false }): T => {
  if (!result.ok) throw new Error('expected a value');
  return result.value;
};

describe('receipt', () => {
  const receipt: Receipt = { ...journal, committedSeq: 3, headHash: entries[2]?.hash ?? '' };

  test.each<[string, Receipt]>([
    ['of a committed batch', receipt],
    ['of a gap', { ...receipt, refused: 'gap' }],
  ])('%s survives the way', (_what, each) => {
    expect(parseReceipt(encodeReceipt(each, gatewaySigner), verifyGateway)).toEqual({
      ok: true,
      value: each,
    });
  });

  test.each<[string, Uint8Array]>([
    ['signed by anybody else', encodeReceipt(receipt, terminalSigner)],
    [
      'with another seq than was signed',
      Buffer.from(
        encodeReceipt(receipt, gatewaySigner)
          .toString()
          .replace('"committedSeq":3', '"committedSeq":9'),
      ),
    ],
    ['that is not JSON', Buffer.from('ok')],
    ['that is too long', Buffer.alloc(5_000, 32)],
  ])('%s is not believed', (_what, payload) => {
    expect(parseReceipt(payload, verifyGateway).ok).toBe(false);
  });
});

describe('roster', () => {
  const roster = rosterOf({
    effects: { 'insurance-unconfirmed': 'hold' },
    workers: [
      rosterWorkerOf({
        level: 2,
        language: 'vi',
        contributedDays: [2, 3],
        findings: [{ reason: 'no-employer', to: workDate('2026-11-30') }],
      }),
    ],
  });

  test('survives the way', () => {
    expect(parseRoster(encodeRoster(roster, gatewaySigner), verifyGateway)).toEqual({
      ok: true,
      value: roster,
    });
  });

  test('by anybody else, altered, or garbage is not believed', () => {
    const altered = encodeRoster(roster, gatewaySigner).toString().replace('山田', '田山');
    for (const payload of [
      encodeRoster(roster, terminalSigner),
      Buffer.from(altered),
      Buffer.from('x'),
    ]) {
      expect(parseRoster(payload, verifyGateway).ok).toBe(false);
    }
  });
});
