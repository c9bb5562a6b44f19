/** What the terminal makes of what its readers say, on a real journal. */
import { describe, expect, test } from 'vitest';
import { UNREAD_TO_FAULT } from '../../device/reader-board.ts';
import { RANDOM_SERIAL } from '../../device/readers/card-id.ts';
import { CardId } from '../../shared/ids.ts';
import { type BareTerminal, entriesIn, openBareTerminal } from '../fixtures/bare-terminal.ts';
import { CARD, OTHER_CARD } from '../fixtures/identities.ts';

describe('a card at the edge of the field, which comes and goes twenty times a second', () => {
  const taps = ({ journal }: BareTerminal) =>
    entriesIn(journal).flatMap((entry) => (entry.kind === 'tap' ? [entry.verdict] : []));
  const present = { kind: 'card-presented', reader: 'R', cardId: CARD } as const;
  const removed = { kind: 'card-removed', reader: 'R' } as const;
  const flap = ({ terminal, clock }: BareTerminal, seconds: number): void => {
    for (let time = 0; time < seconds * 20; time += 1) {
      terminal.onReader(present);
      clock.advance(25);
      terminal.onReader(removed);
      clock.advance(25);
    }
  };

  test('is one touch, and is said to be left there', () => {
    const bench = openBareTerminal();
    const { terminal, clock } = bench;
    terminal.onReader({ kind: 'reader-attached', reader: 'R' });
    flap(bench, 60);
    terminal.onReader(present);
    expect(taps(bench)).toEqual(['recorded']);
    expect(terminal.status().readers).toMatchObject([{ isCardLeft: true }]);
    terminal.onReader(removed);
    clock.advance(1_000);
    terminal.onReader(present);
    expect(taps(bench)).toEqual(['recorded', 'recorded']);
  });

  test('is no touch less than it is: another card in between, or a touch that was not stored', () => {
    const bench = openBareTerminal();
    const { terminal, db } = bench;
    flap(bench, 1);
    terminal.onReader({ ...present, cardId: OTHER_CARD });
    terminal.onReader(removed);
    flap(bench, 1);
    expect(taps(bench)).toEqual(['recorded', 'warned', 'repeat']);
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages}`);
    for (let card = 0; bench.feedbacks.at(-1)?.kind === 'recorded' && card < 200; card += 1) {
      terminal.onReader({
        ...present,
        cardId: CardId.parse(`02AC${String(card).padStart(12, '0')}`),
      });
      terminal.onReader(removed);
    }
    const refused = bench.feedbacks.length;
    flap(bench, 1);
    expect(bench.feedbacks.length).toBe(refused + 20);
    db.pragma('max_page_count = 100000');
    const before = taps(bench).length;
    flap(bench, 1);
    expect(taps(bench).length).toBe(before + 1);
  });
});

test('a reader that reads card after card not is written down, once', () => {
  const { terminal, journal } = openBareTerminal();
  const cards = (count: number, reason: string): void => {
    for (let card = 0; card < count; card += 1) {
      terminal.onReader({ kind: 'read-failed', reader: 'R', reason });
      // The same card, tried again where it lies.
      terminal.onReader({ kind: 'read-failed', reader: 'R', reason });
      terminal.onReader({ kind: 'card-removed', reader: 'R' });
    }
  };
  const written = () =>
    entriesIn(journal).flatMap((entry) =>
      entry.kind === 'health' && entry.what === 'read-failed' ? [entry.detail] : [],
    );
  cards(UNREAD_TO_FAULT - 1, 'answer 6300');
  // Phones are read well, and name nobody.
  cards(5, RANDOM_SERIAL);
  expect(written()).toEqual([]);
  cards(5, 'answer 6300');
  expect(written()).toEqual(['R: answer 6300']);
  terminal.onReader({ kind: 'card-presented', reader: 'R', cardId: CARD });
  terminal.onReader({ kind: 'card-removed', reader: 'R' });
  cards(UNREAD_TO_FAULT, 'no answer');
  expect(written()).toEqual(['R: answer 6300', 'R: no answer']);
});
