/** What whoever comes to the gate may do, as readers come and go; the tables of it stand with the kiosk's view. */
import { expect, test } from 'vitest';
import { CARD_LEFT_MS } from '../../device/reader-board.ts';
import { openBareTerminal } from '../fixtures/bare-terminal.ts';
import { CARD } from '../fixtures/identities.ts';

test('what may be done follows the readers, there and back', () => {
  const { terminal, clock } = openBareTerminal();
  expect(terminal.readiness()).toBe('no-reader');
  terminal.onReader({ kind: 'reader-attached', reader: 'R' });
  expect(terminal.readiness()).toBe('ready');
  terminal.onReader({ kind: 'card-presented', reader: 'R', cardId: CARD });
  clock.advance(CARD_LEFT_MS + 1);
  expect(terminal.readiness()).toBe('card-left');
  terminal.onReader({ kind: 'card-removed', reader: 'R' });
  expect(terminal.readiness()).toBe('ready');
  terminal.onReader({ kind: 'reader-detached', reader: 'R', reason: 'unplugged' });
  terminal.onReader({ kind: 'readers-unavailable', reason: 'no pcscd' });
  expect(terminal.readiness()).toBe('no-reader');
  terminal.onReader({ kind: 'reader-attached', reader: 'R' });
  expect(terminal.readiness()).toBe('ready');
});
