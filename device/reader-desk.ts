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
  /** Whether it is recorded. */
  readonly touched: (cardId: CardId, place: ReaderPlace) => boolean;
  /** A card lies there that cannot be used; whoever holds it waits to be told. */
  readonly unreadable: (reason: string) => void;
  readonly noteHealth: (what: HealthBody['what'], detail: string) => void;
  /** Something on the screen changed. */
  readonly changed: () => void;
  readonly log: Log;
}

/** Nobody lifts a card and lays it down again within this time: at the edge of the field it comes and goes. */
const FLAP_MS = 1_000;

/** The last card that was recorded at a reader. */
interface LastCard {
  readonly cardId: CardId;
  /** Uptime at which it was first there. */
  readonly since: UptimeMs;
  /** Undefined while it lies there. */
  readonly liftedAt: UptimeMs | undefined;
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

  const lastCards = new Map<string, LastCard>();
  const presented = (reader: string, cardId: CardId): void => {
    const at = now();
    const last = lastCards.get(reader);
    const isFlap =
      last?.cardId === cardId && last.liftedAt !== undefined && at - last.liftedAt < FLAP_MS;
    const since = isFlap ? last.since : at;
    board.setCard(reader, true, since);
    if (isFlap || deps.touched(cardId, deps.placeOfReader(reader)))
      lastCards.set(reader, { cardId, since, liftedAt: undefined });
    else lastCards.delete(reader);
  };
  const lifted = (reader: string): void => {
    board.setCard(reader, false, 0);
    const last = lastCards.get(reader);
    if (last?.liftedAt === undefined && last !== undefined)
      lastCards.set(reader, { ...last, liftedAt: now() });
  };

  const take: ReaderDesk['take'] = (event) => {
    switch (event.kind) {
      case 'card-presented':
        return presented(event.reader, event.cardId);
      case 'card-removed':
        return lifted(event.reader);
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
