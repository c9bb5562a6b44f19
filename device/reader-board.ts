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
  /** Why it is not there, or why the last card could not be read. */
  readonly fault: string | undefined;
  /** A card has lain there for long: nobody else can touch. */
  readonly isCardLeft: boolean;
}

/** A touch takes two seconds; who rummages for it takes twenty. */
export const CARD_LEFT_MS = 30_000;

export interface ReaderBoard {
  /** A card came, or was lifted. */
  readonly setCard: (reader: string, isThere: boolean, uptimeMs: number) => void;
  /** Whether it came or went. */
  readonly set: (reader: string, attached: boolean, fault: string | undefined) => boolean;
  /** No reader can work at all; whether that is news. */
  readonly setUnavailable: (reason: string) => boolean;
  readonly statuses: (uptimeMs: number) => readonly ReaderStatus[];
  /** Set while no reader can work at all, e.g. no pcscd. */
  readonly fault: () => string | undefined;
}

export const createReaderBoard = (placeOfReader: (reader: string) => ReaderPlace): ReaderBoard => {
  const statusByReader = new Map<string, Omit<ReaderStatus, 'isCardLeft'>>();
  const cardSince = new Map<string, number>();
  let unavailable: string | undefined;
  return {
    set: (reader, attached, fault) => {
      const before = statusByReader.get(reader);
      statusByReader.set(reader, { reader, place: placeOfReader(reader), attached, fault });
      unavailable = undefined;
      if (!attached) cardSince.delete(reader);
      return before?.attached !== attached;
    },
    setUnavailable: (reason) => {
      const isNews = unavailable !== reason;
      unavailable = reason;
      return isNews;
    },
    setCard: (reader, isThere, uptimeMs) => {
      if (isThere) cardSince.set(reader, uptimeMs);
      else cardSince.delete(reader);
    },
    statuses: (uptimeMs) =>
      [...statusByReader.values()].map((status) => {
        const since = cardSince.get(status.reader);
        return { ...status, isCardLeft: since !== undefined && uptimeMs - since > CARD_LEFT_MS };
      }),
    fault: () => unavailable,
  };
};
