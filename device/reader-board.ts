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
}

export interface ReaderBoard {
  /** Whether it came or went. */
  readonly set: (reader: string, attached: boolean, fault: string | undefined) => boolean;
  /** No reader can work at all; whether that is news. */
  readonly setUnavailable: (reason: string) => boolean;
  readonly statuses: () => readonly ReaderStatus[];
  /** Set while no reader can work at all, e.g. no pcscd. */
  readonly fault: () => string | undefined;
}

export const createReaderBoard = (placeOfReader: (reader: string) => ReaderPlace): ReaderBoard => {
  const statusByReader = new Map<string, ReaderStatus>();
  let unavailable: string | undefined;
  return {
    set: (reader, attached, fault) => {
      const before = statusByReader.get(reader);
      statusByReader.set(reader, { reader, place: placeOfReader(reader), attached, fault });
      unavailable = undefined;
      return before?.attached !== attached;
    },
    setUnavailable: (reason) => {
      const isNews = unavailable !== reason;
      unavailable = reason;
      return isNews;
    },
    statuses: () => [...statusByReader.values()],
    fault: () => unavailable,
  };
};
