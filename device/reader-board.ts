/** What is known of each reader (リーダーの状態), as its events told it. */
import type { Direction } from '../shared/ids.ts';

export interface ReaderPlace {
  readonly readerId: string;
  readonly direction: Direction;
}

export interface ReaderStatus {
  readonly reader: string;
  readonly place: ReaderPlace;
  readonly attached: boolean;
  /** Why it is not there, why the card that lies there cannot be read, or why card after card could not. */
  readonly fault: string | undefined;
  /** A card has lain there for long: nobody else can touch. */
  readonly isCardLeft: boolean;
}

/** A touch takes two seconds; who rummages for it takes twenty. */
export const CARD_LEFT_MS = 30_000;

/** A card that is taken off too soon is nobody's fault; of so many in a row, it is the reader's. */
export const UNREAD_TO_FAULT = 3;

export interface ReaderBoard {
  /** A card was read, or was lifted. */
  readonly setCard: (reader: string, isThere: boolean, uptimeMs: number) => void;
  /**
   * A card lies there that cannot be read; `isForeign`: the reader reads it well, but it names nobody.
   * Whether it is by now the reader's fault, and was not before.
   */
  readonly setUnread: (reader: string, reason: string, isForeign: boolean) => boolean;
  /** Whether it came or went. */
  readonly set: (reader: string, attached: boolean, fault: string | undefined) => boolean;
  /** No reader can work at all; whether that is news. */
  readonly setUnavailable: (reason: string) => boolean;
  readonly statuses: (uptimeMs: number) => readonly ReaderStatus[];
  /** Set while no reader can work at all, e.g. no pcscd. */
  readonly fault: () => string | undefined;
}

/** `expected`: places that have a reader as the site was set up; missing until one of that id comes. */
export const createReaderBoard = (
  placeOfReader: (reader: string) => ReaderPlace,
  expected: readonly ReaderPlace[] = [],
): ReaderBoard => {
  const statusByReader = new Map<string, Omit<ReaderStatus, 'isCardLeft'>>();
  const cardSince = new Map<string, number>();
  /** Cards in a row that could not be read, and the readers on which the last of them still lies. */
  const unread = new Map<string, number>();
  const unreadLies = new Set<string>();
  let unavailable: string | undefined;

  /** A reader that came back under another name, or another in its place, is what was missed. */
  const forgetMissing = ({ readerId }: ReaderPlace): void => {
    for (const [key, { place, attached }] of statusByReader)
      if (!attached && place.readerId === readerId) statusByReader.delete(key);
  };

  const setFault = (reader: string, fault: string | undefined): void => {
    const status = statusByReader.get(reader);
    if (status !== undefined) statusByReader.set(reader, { ...status, fault });
  };

  for (const place of expected) {
    const reader = place.readerId;
    const fault = 'not seen since the start';
    statusByReader.set(`expected ${reader}`, { reader, place, attached: false, fault });
  }
  return {
    set: (reader, attached, fault) => {
      const before = statusByReader.get(reader);
      const place = placeOfReader(reader);
      if (attached) {
        if (before?.attached !== true) forgetMissing(place);
        unavailable = undefined;
      }
      statusByReader.set(reader, { reader, place, attached, fault });
      return before?.attached !== attached;
    },
    setUnavailable: (reason) => {
      const isNews = unavailable !== reason;
      unavailable = reason;
      return isNews;
    },
    setUnread: (reader, reason, isForeign) => {
      const before = unread.get(reader) ?? 0;
      const now = isForeign || unreadLies.has(reader) ? before : before + 1;
      unread.set(reader, now);
      unreadLies.add(reader);
      setFault(reader, reason);
      return before < UNREAD_TO_FAULT && now === UNREAD_TO_FAULT;
    },
    // What lies there is still known when its reader comes back: one that is found empty says so.
    setCard: (reader, isThere, uptimeMs) => {
      if (isThere) {
        cardSince.set(reader, uptimeMs);
        unread.delete(reader);
      } else cardSince.delete(reader);
      unreadLies.delete(reader);
      if ((unread.get(reader) ?? 0) < UNREAD_TO_FAULT && statusByReader.get(reader)?.attached)
        setFault(reader, undefined);
    },
    statuses: (uptimeMs) =>
      [...statusByReader.values()].map((status) => {
        const since = cardSince.get(status.reader);
        const isCardLeft =
          status.attached && since !== undefined && uptimeMs - since > CARD_LEFT_MS;
        return { ...status, isCardLeft };
      }),
    fault: () => unavailable,
  };
};
