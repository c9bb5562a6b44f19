/**
 * Exports whose lines were made anew by somebody who has the gateway’s own key: what the terminals signed still
 * tells what is wrong, and on which line.
 */
import { describe, expect, test } from 'vitest';
import { encodeBatch } from '../../../shared/batch.ts';
import { GENESIS_HASH, nextHash } from '../../../shared/chain.ts';
import { generateSigningKeyPem, signerFromPem } from '../../../shared/signature.ts';
import {
  type BodyLine,
  encoded,
  found,
  lineOf as lineIn,
  sampleLines,
} from '../../fixtures/exports.ts';
import { gatewaySigner, TERMINAL, terminalSigner } from '../../fixtures/identities.ts';
import { HISTORY_END } from '../../fixtures/random-history.ts';

const stranger = signerFromPem(generateSigningKeyPem());
const lines = sampleLines();
const lineOf = (kind: BodyLine['kind'], nth?: number): number => lineIn(lines, kind, nth);

/** Whoever has the gateway's own key can make the sums and the end anew; the terminals' keys he has not. */
describe('an export forged with the gateway’s own key', () => {
  const at = <Kind extends BodyLine['kind']>(kind: Kind, nth = 1) => lineOf(kind, nth) - 1;
  /** The n-th line of a kind with some fields replaced. */
  const withFields = (
    of: readonly BodyLine[],
    kind: BodyLine['kind'],
    nth: number,
    fields: object,
  ): readonly BodyLine[] =>
    of.map((line, index) =>
      index === at(kind, nth) ? ({ ...line, ...fields } as BodyLine) : line,
    );
  const textOf = (nth: number): string => {
    const line = lines[at('entry', nth)];
    if (line?.kind !== 'entry') throw new Error('no entry');
    return line.text;
  };
  const without = (...places: readonly number[]) =>
    lines.filter((_line, index) => !places.includes(index));
  const forgedText = textOf(2).replace('"out"', '"in"');

  /** Chain and seals made anew from the second entry on, with a key that the terminal never had. */
  const resigned = (): readonly BodyLine[] => {
    let head = GENESIS_HASH;
    const entries: { seq: number; text: string; hash: string }[] = [];
    const isFirstJournal = (index: number): boolean => index < at('journal', 2);
    return lines.map((line, index) => {
      if (!isFirstJournal(index)) return line;
      if (line.kind === 'entry') {
        const text = line.seq === 2 ? forgedText : line.text;
        head = nextHash(head, text);
        entries.push({ seq: line.seq, text, hash: head });
        return { ...line, text, hash: head };
      }
      if (line.kind !== 'seal') return line;
      const journal = lines[at('journal')];
      if (journal?.kind !== 'journal') throw new Error('no journal');
      const covered = entries.slice(line.firstSeq - 1, line.firstSeq - 1 + line.count);
      const previousHash = entries[line.firstSeq - 2]?.hash ?? GENESIS_HASH;
      const header = encodeBatch(journal, previousHash, covered, stranger)
        .toString()
        .split('\n')[0];
      const { signature, headHash } = JSON.parse(header ?? '');
      return { ...line, previousHash, headHash, signature };
    });
  };
  const lastSeal = at('seal', 6);

  test.each<[string, readonly BodyLine[], string, number]>([
    [
      'the text of an entry',
      withFields(lines, 'entry', 2, { text: forgedText }),
      'chain-broken',
      at('entry', 2),
    ],
    [
      'the text of an entry and its hash',
      withFields(lines, 'entry', 2, {
        text: forgedText,
        hash: nextHash((lines[at('entry', 1)] as { hash: string }).hash, forgedText),
      }),
      'chain-broken',
      at('entry', 3),
    ],
    ['texts, chain and seals, signed by another key', resigned(), 'bad-signature', at('seal', 1)],
    [
      'the same, with that key in the place of the terminal’s',
      withFields(resigned(), 'terminal', 1, { terminalId: 'gate-9' }),
      'unknown-key',
      at('seal', 1),
    ],
    [
      'a signature that is another’s',
      withFields(lines, 'seal', 2, {
        signature: stranger.sign('anything'),
      }),
      'bad-signature',
      at('seal', 2),
    ],
    [
      'a seal that says less',
      withFields(lines, 'seal', 2, { firstSeq: 5, count: 1 }),
      'seal-mismatch',
      at('seal', 2),
    ],
    [
      'a seal that covers more',
      withFields(lines, 'seal', 1, { count: 4 }),
      'seal-mismatch',
      at('seal', 1),
    ],
    ['an entry dropped', without(at('entry', 4)), 'seq-gap', at('entry', 4)],
    [
      'an entry doubled',
      lines.toSpliced(at('entry', 4), 0, ...lines.slice(at('entry', 4), at('entry', 4) + 1)),
      'seq-gap',
      at('entry', 5),
    ],
    ['a seal dropped', without(at('seal', 1)), 'unsealed', at('entry', 1)],
    ['the note of a rescue dropped', without(at('rescue')), 'unsealed', at('rescue')],
    ['the last batch dropped', without(lastSeal - 1, lastSeal), 'incomplete-journal', lastSeal - 1],
    ['a whole journal dropped', lines.slice(0, at('journal', 2)), 'whole', 0],
    ['a journal twice', [...lines, ...lines.slice(at('journal', 2))], 'out-of-place', lines.length],
    [
      'a terminal after a registry',
      lines.toSpliced(at('registry', 2), 0, ...lines.slice(1, 2)),
      'out-of-place',
      at('registry', 2),
    ],
    [
      'an import of the registry dropped',
      without(at('registry', 2)),
      'out-of-place',
      at('registry', 2),
    ],
    ['a correction dropped', without(at('correction')), 'out-of-place', at('correction')],
    [
      'the run dropped on which an amendment rests',
      without(at('run')),
      'out-of-place',
      at('issued', 2) - 1,
    ],
    ['the rows of a run', withFields(lines, 'run', 1, { rows: [] }), 'run-altered', at('run')],
    [
      'a run twice',
      lines.toSpliced(at('run'), 0, ...lines.slice(at('run'), at('run') + 1)),
      'out-of-place',
      at('run') + 1,
    ],
    [
      'the last import dropped on which an amendment rests',
      without(at('registry', 4)),
      'out-of-place',
      at('issued', 2) - 1,
    ],
    [
      'the text of a registry',
      withFields(lines, 'registry', 2, { text: '{}' }),
      'registry-altered',
      at('registry', 2),
    ],
    ['an entry before any journal', without(at('journal', 1)), 'out-of-place', at('entry', 1) - 1],
    ['a second header', lines.toSpliced(1, 0, ...lines.slice(0, 1)), 'out-of-place', 1],
    ['no header', lines.slice(1), 'out-of-place', 0],
    [
      'a line of another shape',
      withFields(lines, 'entry', 1, { seq: 'one' }),
      'unreadable',
      at('entry', 1),
    ],
  ])('%s', (_what, forged, kind, index) => {
    expect(found(encoded(forged))).toEqual(kind === 'whole' ? 'whole' : [kind, index + 1]);
  });

  test('an entry of another journal among its own, rightly chained', () => {
    const text = textOf(1).replace('gate-1', 'gate-2');
    const forged = withFields(lines, 'entry', 1, { text, hash: nextHash(GENESIS_HASH, text) });
    expect(found(encoded(forged))).toEqual(['foreign-entry', lineOf('entry', 1)]);
  });

  test('the end signed by another key, or by a gateway that is not the one', () => {
    expect(found(encoded(lines, stranger))).toEqual(['bad-end-signature', lines.length + 1]);
    const other = lines.map((line) =>
      line.kind === 'genba-export' ? { ...line, gatewayKey: stranger.publicKey } : line,
    );
    expect(found(encoded(other, stranger))).toBe('whole');
    expect(found(encoded(other, stranger), gatewaySigner.publicKey)).toEqual(['other-gateway', 1]);
  });

  test('a key that the terminal had before is as good', () => {
    const former = { kind: 'terminal', terminalId: TERMINAL, siteId: '30000000000001' } as const;
    const more = lines.toSpliced(1, 0, { ...former, publicKey: stranger.publicKey } as BodyLine);
    expect(found(encoded(more))).toBe('whole');
    expect(terminalSigner.publicKey).not.toBe(stranger.publicKey);
  });
});

describe('a long journal', () => {
  /** Entries that no program of today can read, chained, under seals over the given ranges. */
  const longExport = (count: number, seals: readonly (readonly [number, number])[]): Buffer => {
    const [journal] = lines.filter((line) => line.kind === 'journal');
    if (journal === undefined) throw new Error('no journal');
    let hash = GENESIS_HASH;
    const entries = Array.from({ length: count }, (_, index) => {
      const text = `of tomorrow ${index}`;
      hash = nextHash(hash, text);
      return { seq: index + 1, text, hash };
    });
    const sealLine = ([first, last]: readonly [number, number]): BodyLine => {
      const previousHash = entries[first - 2]?.hash ?? GENESIS_HASH;
      const covered = entries.slice(first - 1, last);
      const bytes = encodeBatch(journal, previousHash, covered, terminalSigner);
      const { firstSeq, signature, headHash } = JSON.parse(bytes.toString().split('\n')[0] ?? '');
      return { kind: 'seal', firstSeq, count: covered.length, previousHash, headHash, signature };
    };
    const receivedAtMs = HISTORY_END;
    return encoded([
      ...lines.slice(0, lineOf('journal') - 1),
      { ...journal, entries: count, headHash: hash },
      ...entries.flatMap((entry): readonly BodyLine[] => [
        { kind: 'entry', ledgerNo: entry.seq, receivedAtMs, ...entry },
        ...seals.filter(([, last]) => last === entry.seq).map(sealLine),
      ]),
    ]);
  };
  const first = lineOf('journal') + 1;

  test.each<[string, number, readonly (readonly [number, number])[], unknown]>([
    [
      'each entry covered once',
      1_500,
      [
        [1, 1_000],
        [1_001, 1_500],
      ],
      'whole',
    ],
    [
      'the longest seal comes late for the first entry',
      1_500,
      [
        [2, 500],
        [1, 1_000],
        [1_001, 1_500],
      ],
      'whole',
    ],
    [
      'the first entry is out of reach of every seal',
      1_500,
      [
        [2, 1_001],
        [1_002, 1_500],
      ],
      ['unsealed', first],
    ],
    [
      'the last entry is covered by none',
      1_500,
      [
        [1, 1_000],
        [1_001, 1_499],
      ],
      ['unsealed', first + 1_501],
    ],
  ])('%s', (_what, count, seals, expected) => {
    expect(found(longExport(count, seals))).toEqual(expected);
  });
});
