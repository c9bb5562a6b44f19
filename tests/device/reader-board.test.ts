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

  test('a card that still lies there when its reader comes back is left as long as before', () => {
    const readers = board();
    readers.setCard('R', true, 0);
    readers.set('R', false, 'the card reader service stopped');
    readers.set('R', true, undefined);
    expect(readers.statuses(CARD_LEFT_MS + 1)[0]?.isCardLeft).toBe(true);
    readers.setCard('R', false, 0);
    expect(readers.statuses(CARD_LEFT_MS + 1)[0]?.isCardLeft).toBe(false);
  });

  type Step = 'unread' | 'foreign' | 'lifted' | 'read';
  const unreadOnce: readonly Step[] = ['unread', 'lifted'];
  test.each<[string, readonly Step[], string | undefined]>([
    ['a card that lies there and cannot be read is said', ['unread'], 'status 6300'],
    ['one that was taken off too soon is no fault of the reader', unreadOnce, undefined],
    ['nor are two', [...unreadOnce, ...unreadOnce], undefined],
    ['three in a row are', [...unreadOnce, ...unreadOnce, ...unreadOnce], 'status 6300'],
    ['one card that fails three times is one', ['unread', 'unread', 'unread', 'lifted'], undefined],
    [
      'a card that is read ends the row',
      [...unreadOnce, ...unreadOnce, 'read', 'lifted', ...unreadOnce],
      undefined,
    ],
    ['and ends the fault', [...unreadOnce, ...unreadOnce, ...unreadOnce, 'read'], undefined],
    [
      'cards that name nobody were read well',
      ['foreign', 'lifted', 'foreign', 'lifted', 'foreign', 'lifted'],
      undefined,
    ],
  ])('%s', (_what, steps, fault) => {
    const readers = board();
    for (const step of steps) {
      if (step === 'unread') readers.setUnread('R', 'status 6300', false);
      else if (step === 'foreign') readers.setUnread('R', 'random serial', true);
      else readers.setCard('R', step === 'read', 0);
    }
    expect(readers.statuses(0)[0]?.fault).toBe(fault);
  });

  test('a reader that has gone is not well because nothing lies on it', () => {
    const readers = board();
    readers.set('R', false, 'unplugged');
    readers.setCard('R', false, 0);
    expect(readers.statuses(0)[0]?.fault).toBe('unplugged');
  });

  test('a place of the set-up is missed until its reader comes, whatever that is called', () => {
    const readers = createReaderBoard(
      (reader) => ({ readerId: reader.includes('usb-1') ? '入口' : '出口', direction: 'auto' }),
      [
        { readerId: '入口', direction: 'in' },
        { readerId: '出口', direction: 'out' },
      ],
    );
    const told = () =>
      readers.statuses(0).map(({ place, attached }) => `${place.readerId} ${attached}`);
    expect(told()).toEqual(['入口 false', '出口 false']);
    readers.set('A 00 00 @usb-1', true, undefined);
    expect(told()).toEqual(['出口 false', '入口 true']);
    // Enumerated again, it has another number; exchanged, another name.
    readers.set('A 00 00 @usb-1', false, 'unplugged');
    readers.set('B 01 00 @usb-1', true, undefined);
    expect(told()).toEqual(['出口 false', '入口 true']);
  });

  test('a daemon that is gone stays said while its readers leave', () => {
    const readers = board();
    readers.setUnavailable('no daemon');
    readers.set('R', false, 'the card reader service stopped');
    expect(readers.fault()).toBe('no daemon');
    readers.set('R', true, undefined);
    expect(readers.fault()).toBeUndefined();
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
