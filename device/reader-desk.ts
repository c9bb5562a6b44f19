/** The terminal's side of its card readers (カードリーダー): which are there, and what each event means. */
import type { HealthBody } from '../shared/entry.ts';
import type { CardId } from '../shared/ids.ts';
import type { Log } from '../shared/log.ts';
import type { UptimeMs } from '../shared/time.ts';
import { createReaderBoard, type ReaderBoard, type ReaderPlace } from './reader-board.ts';
import { RANDOM_SERIAL } from './readers/card-id.ts';
import type { ReaderEvent } from './readers/reader.ts';

export interface ReaderDeskDeps {
  readonly placeOfReader: (reader: string) => ReaderPlace;
  /** Places that have a reader as the site was set up. */
  readonly expectedPlaces?: readonly ReaderPlace[];
  readonly now: () => UptimeMs;
  readonly touched: (cardId: CardId, place: ReaderPlace) => void;
  /** A card lies there that cannot be used; whoever holds it waits to be told. */
  readonly unreadable: (reason: string) => void;
  readonly noteHealth: (what: HealthBody['what'], detail: string) => void;
  /** Something on the screen changed. */
  readonly changed: () => void;
  readonly log: Log;
}

export interface ReaderDesk extends Pick<ReaderBoard, 'statuses' | 'fault'> {
  readonly take: (event: ReaderEvent) => void;
}

export const createReaderDesk = (deps: ReaderDeskDeps): ReaderDesk => {
  const { now, noteHealth, changed, log } = deps;
  const board = createReaderBoard(deps.placeOfReader, deps.expectedPlaces);

  const setReader = (reader: string, attached: boolean, fault: string | undefined): void => {
    if (board.set(reader, attached, fault)) {
      noteHealth(
        attached ? 'reader-attached' : 'reader-detached',
        `${reader}${fault === undefined ? '' : `: ${fault}`}`,
      );
    }
    changed();
  };

  const take: ReaderDesk['take'] = (event) => {
    switch (event.kind) {
      case 'card-presented':
        board.setCard(event.reader, true, now());
        return deps.touched(event.cardId, deps.placeOfReader(event.reader));
      case 'card-removed':
        return board.setCard(event.reader, false, 0);
      case 'reader-attached':
        return setReader(event.reader, true, undefined);
      case 'reader-detached':
        return setReader(event.reader, false, event.reason);
      case 'read-failed':
        log('a card could not be read', { reader: event.reader, reason: event.reason });
        setReader(event.reader, true, undefined);
        if (board.setUnread(event.reader, event.reason, event.reason === RANDOM_SERIAL))
          noteHealth('read-failed', `${event.reader}: ${event.reason}`);
        return deps.unreadable(event.reason);
      case 'readers-unavailable':
        if (board.setUnavailable(event.reason)) {
          log('no reader can work', { reason: event.reason });
          noteHealth('readers-unavailable', event.reason);
        }
        return changed();
    }
  };

  return { take, statuses: board.statuses, fault: board.fault };
};
