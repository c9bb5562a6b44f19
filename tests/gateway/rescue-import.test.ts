/** What a rescue file is worth against the ledger, as a table; and what is wrong with a file, by its line. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openJournal } from '../../device/journal.ts';
import { type JournalPosition, START_POSITION } from '../../gateway/ingest.ts';
import { createRescueJudge, type RescueJudgement } from '../../gateway/rescue-import.ts';
import { GENESIS_HASH } from '../../shared/chain.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { surveyOf } from '../../shared/rescue-file.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { OTHER_TERMINAL, TERMINAL } from '../fixtures/identities.ts';
import { parseRescue, rescueText, type WholeRescue } from '../fixtures/rescued.ts';
import { TAP_BODY } from '../fixtures/tap-body.ts';

const ENTRIES = 10;

const rescueOf = (terminalId = TERMINAL): WholeRescue => {
  const journal = openJournal(openDurableSqlite(':memory:', { checkpointPages: 100 }), terminalId);
  const clock = createFakeClock('2026-11-24T07:00:00+09:00');
  for (let count = 0; count < ENTRIES; count += 1) journal.append(TAP_BODY, clock.read());
  const entries = journal.read(1, ENTRIES);
  return {
    terminalId,
    journalId: journal.journalId,
    entries,
    settledSeq: undefined,
  };
};

const rescue = rescueOf();
const hashAt = (seq: number): string | undefined =>
  seq === 0 ? GENESIS_HASH : rescue.entries[seq - 1]?.hash;
const committed = (seq: number) => ({ committedSeq: seq, headHash: hashAt(seq) ?? GENESIS_HASH });
const without = (...seqs: readonly number[]): WholeRescue => ({
  ...rescue,
  entries: rescue.entries.filter(({ seq }) => !seqs.includes(seq)),
});
const altered = (of: number): WholeRescue => ({
  ...rescue,
  entries: rescue.entries.map((entry) =>
    entry.seq === of ? { ...entry, text: entry.text.replace('"in"', '"out"') } : entry,
  ),
});
const other = rescueOf();
const numbersFrom = (first: number): readonly number[] =>
  Array.from({ length: ENTRIES + 1 - first }, (_, index) => first + index);

const judgeRescue = (
  { entries, ...about }: WholeRescue,
  position: JournalPosition,
  hashOf: (seq: number) => string | undefined,
): RescueJudgement => {
  const judge = createRescueJudge(about, position, hashOf);
  for (const entry of entries) judge.entry(entry);
  return judge.judgement();
};
const freshOf = (judged: RescueJudgement): number =>
  judged.kind === 'append' && judged.fresh !== undefined
    ? judged.fresh.last - judged.fresh.first + 1
    : 0;

describe('a rescue file against the ledger', () => {
  test.each<[string, WholeRescue, number, string, (readonly [number, number])?]>([
    ['everything is new', rescue, 0, 'append', [10, 0]],
    ['some of it is there', rescue, 4, 'append', [6, 0]],
    ['all of it is there', rescue, 10, 'append', [0, 0]],
    ['a hole among what is there anyway', without(2, 3), 4, 'append', [6, 0]],
    ['a hole that ends where the ledger ends', without(3, 4), 4, 'append', [6, 0]],
    ['a hole ahead: what is before it is taken', without(7), 4, 'append', [2, 3]],
    ['a hole right after what is there', without(5, 6), 4, 'gap'],
    ['an altered entry ahead: what is before it is taken', altered(8), 4, 'append', [3, 3]],
    ['the first entry ahead altered', altered(5), 4, 'conflict'],
    ['another history', { ...other, journalId: rescue.journalId }, 4, 'conflict'],
    ['nothing in it', { ...rescue, entries: [] }, 4, 'append', [0, 0]],
  ])('%s', (_why, file, committedSeq, kind, counts) => {
    const judged = judgeRescue(file, committed(committedSeq), hashAt);
    expect(judged.kind).toBe(kind);
    if (judged.kind === 'append')
      expect([freshOf(judged), judged.left?.count ?? 0]).toEqual(counts);
  });

  test("another terminal's entries under this one's name are refused", () => {
    const foreign = rescueOf(OTHER_TERMINAL);
    const judged = judgeRescue(
      { ...foreign, terminalId: TERMINAL },
      START_POSITION,
      () => undefined,
    );
    expect(judged).toMatchObject({
      kind: 'strangers',
      seqs: foreign.entries.map(({ seq }) => seq),
    });
  });

  test('whatever is lost: what is taken follows from the head, and nothing is taken twice', () => {
    fc.assert(
      fc.property(
        fc.subarray(rescue.entries.map(({ seq }) => seq)),
        fc.integer({ min: 0, max: ENTRIES }),
        (lost, committedSeq) => {
          const judged = judgeRescue(without(...lost), committed(committedSeq), hashAt);
          if (judged.kind === 'gap') return judged.missing.first === committedSeq + 1;
          if (judged.kind !== 'append') return false;
          const kept = without(...lost).entries.map(({ seq }) => seq);
          const { first = committedSeq + 1, last = committedSeq } = judged.fresh ?? {};
          const isWithoutHole = (seq: number): boolean => seq > last || kept.includes(seq);
          return first === committedSeq + 1 && numbersFrom(first).every(isWithoutHole);
        },
      ),
    );
  });
});

describe('the file', () => {
  const text = rescueText(rescue);
  const lines = text.trimEnd().split('\n');
  const line = (number: number, change: (line: string) => string): string =>
    lines.map((each, index) => (index === number - 1 ? change(each) : each)).join('\n');

  test('is read as it was written', () => {
    expect(parseRescue(text)).toEqual({ ok: true, value: rescue });
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'line 1'],
    ['another kind of file', '{"v":1,"kind":"else"}', 'line 1/kind'],
    ['a line that is no JSON', line(3, () => 'x'), 'line 3'],
    [
      'a hash that is none',
      line(4, (each) => each.replace(/"hash":"../, '"hash":"zz')),
      'line 4/hash',
    ],
    [
      'lines in another order',
      [lines[0], lines[2], lines[1], ...lines.slice(3)].join('\n'),
      'line 3',
    ],
    ['a line without end', line(3, (each) => each + ' '.repeat(17 << 20)), 'line 3'],
    ['the end missing', lines.slice(0, -2).join('\n'), 'line 1/count'],
  ])('%s is named by its place', (_what, file, place) => {
    const parsed = parseRescue(file);
    expect(parsed.ok ? [] : parsed.faults.map((fault) => fault.place)).toContain(place);
  });

  test('every faulty line is named at once', () => {
    const parsed = parseRescue([lines[0], 'x', lines[2], 'y'].join('\n'));
    expect(parsed.ok ? [] : parsed.faults.map(({ place }) => place)).toEqual(['line 2', 'line 4']);
  });

  test('gaps and breaks are found, whatever its first line says', () => {
    const holes = without(3, 4, 7).entries;
    expect(surveyOf(holes, 5)).toEqual({
      count: 7,
      seqs: { first: 1, last: 10 },
      unsentTaps: 4,
      missing: 3,
      broken: 0,
      named: {
        missing: [
          { first: 3, last: 4 },
          { first: 7, last: 7 },
        ],
        broken: [],
      },
    });
    expect(surveyOf(altered(5).entries, undefined)).toMatchObject({
      unsentTaps: 10,
      broken: 1,
      named: { missing: [], broken: [5] },
    });
    // Those of the last version named all of them there.
    const older = text.replace('"missing":[]', '"missing":[{"first":1,"last":9}]');
    expect(parseRescue(older)).toEqual({ ok: true, value: rescue });
  });
});
