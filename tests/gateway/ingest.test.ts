/** What a batch is worth: one table with a row for every outcome, and why. */
import { describe, expect, test } from 'vitest';
import {
  bootOffsets,
  datedAt,
  isFutureDated,
  judgeBatch,
  latestClaim,
  readEntries,
  START_POSITION,
} from '../../gateway/ingest.ts';
import type { StoredEntry } from '../../shared/batch.ts';
import { GENESIS_HASH, nextHash } from '../../shared/chain.ts';
import { JournalId } from '../../shared/ids.ts';
import { uptimeMs, utcMs } from '../../shared/time.ts';
import { TERMINAL } from '../fixtures/identities.ts';
import { TAP_BODY } from '../fixtures/tap-body.ts';

const journalId = JournalId.parse('11111111-1111-4111-8111-111111111111');
const text = (seq: number, fields: object = {}): string =>
  JSON.stringify({
    v: 1,
    terminalId: TERMINAL,
    journalId,
    seq,
    wallMs: 1_000_000 + seq,
    uptimeMs: 1_000 + seq,
    bootId: 'boot-1',
    clock: 'trusted',
    ...TAP_BODY,
    ...fields,
  });

const chain = (texts: readonly string[]): readonly StoredEntry[] => {
  let hash = GENESIS_HASH;
  return texts.map((each, index) => {
    hash = nextHash(hash, each);
    return { seq: index + 1, text: each, hash };
  });
};
const ours = chain([1, 2, 3, 4, 5].map((seq) => text(seq)));
const theirs = chain([1, 2, 3, 4, 5].map((seq) => text(seq, { readerId: 'other' })));

const batch = (entries: readonly StoredEntry[], first: number, last: number) => ({
  firstSeq: first,
  previousHash: entries[first - 2]?.hash ?? GENESIS_HASH,
  entries: entries.slice(first - 1, last),
});
const positionAt = (seq: number) =>
  seq === 0 ? START_POSITION : { committedSeq: seq, headHash: ours[seq - 1]?.hash ?? '' };
const hashAt = (seq: number) => (seq === 0 ? GENESIS_HASH : ours[seq - 1]?.hash);

describe('judgeBatch', () => {
  test.each([
    ['the first batch of a journal', batch(ours, 1, 3), 0, 'append', [1, 2, 3]],
    ['the next batch', batch(ours, 3, 5), 2, 'append', [3, 4, 5]],
    ['a batch that overlaps equally adds its rest', batch(ours, 2, 5), 3, 'append', [4, 5]],
    ['the same batch again', batch(ours, 1, 3), 3, 'already-committed', []],
    ['an old batch again', batch(ours, 1, 2), 5, 'already-committed', []],
    ['a batch after a lost one', batch(ours, 4, 5), 2, 'gap', []],
    ['a first batch that begins late', batch(ours, 2, 3), 0, 'gap', []],
    ['the next seq of another history', batch(theirs, 3, 4), 2, 'conflict', []],
    ['an overlap of another history', batch(theirs, 1, 3), 3, 'conflict', []],
    ['an overlap of another history that goes further', batch(theirs, 1, 5), 3, 'conflict', []],
    ['an old batch of another history', batch(theirs, 1, 2), 3, 'conflict', []],
  ] as const)('%s', (_because, candidate, committed, kind, freshSeqs) => {
    const judgement = judgeBatch(candidate, positionAt(committed), hashAt);
    expect(judgement.kind).toBe(kind);
    expect(judgement.kind === 'append' ? judgement.fresh.map(({ seq }) => seq) : []).toEqual(
      freshSeqs,
    );
    if (judgement.kind === 'append') {
      const last = candidate.entries.at(-1);
      expect(judgement.position).toEqual({ committedSeq: last?.seq, headHash: last?.hash });
    }
  });
});

describe('readEntries', () => {
  test('keeps what it cannot read, and goes on', () => {
    const { entries, strangers } = readEntries(
      { terminalId: TERMINAL, journalId },
      chain([text(1), '{"kind":"of tomorrow"}', 'no json', text(4)]),
    );
    expect(entries.map(({ entry }) => entry?.kind)).toEqual(['tap', undefined, undefined, 'tap']);
    expect(strangers).toEqual([]);
  });

  test.each([
    ['another terminal', { terminalId: 'gate-2' }],
    ['another journal', { journalId: '22222222-2222-4222-8222-222222222222' }],
    ['another seq', { seq: 9 }],
  ])('names an entry that says it is of %s', (_what, fields) => {
    const { strangers } = readEntries(
      { terminalId: TERMINAL, journalId },
      chain([text(1), text(2, fields)]),
    );
    expect(strangers).toEqual([2]);
  });
});

describe('dating', () => {
  const untrusted = { clock: 'untrusted', wallMs: utcMs(5), uptimeMs: uptimeMs(2_000) } as const;
  test.each([
    [
      'a trusted wall time stands',
      { ...untrusted, clock: 'trusted' } as const,
      undefined,
      'trusted',
      5,
    ],
    ['an untrusted one waits', untrusted, undefined, 'unknown', undefined],
    ['and is dated by the offset of its boot', untrusted, 1_000_000, 'recovered', 1_002_000],
    ['a moment before all time is none', untrusted, -9_000, 'unknown', undefined],
    ['and one after it', untrusted, 253_402_300_799_000, 'unknown', undefined],
  ] as const)('%s', (_because, entry, offset, trust, at) => {
    expect(datedAt(entry, offset)).toEqual({ trust, at });
  });

  test('the first trusted entry of a boot dates it, later steps of the wall clock do not', () => {
    const { entries } = readEntries(
      { terminalId: TERMINAL, journalId },
      chain([
        text(1, { clock: 'untrusted', wallMs: 7, uptimeMs: 100 }),
        text(2, { wallMs: 1_000_500, uptimeMs: 500 }),
        text(3, { wallMs: 1_009_000, uptimeMs: 900 }),
        text(4, { wallMs: 2_000_050, uptimeMs: 50, bootId: 'boot-2' }),
      ]),
    );
    expect([...bootOffsets(entries)]).toEqual([
      ['boot-1', 1_000_000],
      ['boot-2', 2_000_000],
    ]);
  });
});

describe('a touch is of the future', () => {
  const at = utcMs(1_800_000_000_000);
  test.each<[number, 'trusted' | 'untrusted', boolean, string]>([
    [300_001, 'trusted', true, 'more than the tolerance later than its arrival'],
    [300_000, 'trusted', false, 'within it: clocks are never quite equal'],
    [0, 'trusted', false, 'at its arrival'],
    [-86_400_000, 'trusted', false, 'it waited on the terminal'],
    [86_400_000, 'untrusted', false, 'the gateway’s own clock is not to be believed'],
  ])('%i ms after its arrival, %s: %s (%s)', (ahead, trust, expected) => {
    const latest = latestClaim({ wallMs: utcMs(at - ahead), trust }, 300_000);
    expect(isFutureDated(at, latest)).toBe(expected);
  });
});
