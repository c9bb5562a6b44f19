/** What one journal entry said (記録の中身), for whoever asks why a figure is what it is. */
import type { Entry } from '../shared/entry.ts';
import type { DatedAt } from './ingest.ts';

export interface ToldEntry {
  readonly entry: Entry;
  /** How the time of a touch is known; absent of other entries. */
  readonly trust?: DatedAt['trust'];
}

/** By its id; undefined where nothing has that id. */
export type ToldEntries = (entryId: string) => ToldEntry | undefined;
