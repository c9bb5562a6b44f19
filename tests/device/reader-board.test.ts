/** What is known of each reader. */
import { describe, expect, test } from 'vitest';
import { CARD_LEFT_MS, createReaderBoard } from '../../device/reader-board.ts';

const board = () => {
  const made = createReaderBoard((reader) => ({ readerId: reader, direction: 'auto' }));
  made.set('R', true, undefined);
  return made;
};

describe('the reader board', () => {
  test.each<[string, number, boolean]>([
    ['a touch', 2_000, false],
    ['somebody who waits for the screen', CARD_LEFT_MS, false],
    ['a card that nobody holds', CARD_LEFT_MS + 1, true],
  ])('%s for %i ms is left: %s', (_what, ms, isLeft) => {
    const readers = board();
    readers.setCard('R', true, 1_000);
    expect(readers.statuses(1_000 + ms)[0]?.isCardLeft).toBe(isLeft);
  });

  test('lifted, or gone with its reader, it is not', () => {
    const readers = board();
    readers.setCard('R', true, 0);
    readers.setCard('R', false, 0);
    expect(readers.statuses(CARD_LEFT_MS * 2)[0]?.isCardLeft).toBe(false);
    readers.setCard('R', true, 0);
    readers.set('R', false, 'unplugged');
    expect(readers.statuses(CARD_LEFT_MS * 2)[0]?.isCardLeft).toBe(false);
  });

  test('tells news once', () => {
    const readers = board();
    expect([readers.set('R', true, undefined), readers.set('R', false, 'unplugged')]).toEqual([
      false,
      true,
    ]);
    expect([readers.setUnavailable('no daemon'), readers.setUnavailable('no daemon')]).toEqual([
      true,
      false,
    ]);
  });
});
