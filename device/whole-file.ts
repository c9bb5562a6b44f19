/** A small file that is replaced as a whole: a power cut leaves the old one or the new one. */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Log } from '../shared/log.ts';
import { replaceFile } from '../shared/replace-file.ts';

export interface WholeFile {
  readonly load: () => Uint8Array | undefined;
  readonly save: (bytes: Uint8Array) => void;
}

/** What a full disk does not take is logged, and kept in memory by the caller. */
export const wholeFile = (path: string, log: Log): WholeFile => ({
  load: () => (existsSync(path) ? readFileSync(path) : undefined),
  save: (bytes) => {
    try {
      replaceFile(path, bytes);
    } catch (cause) {
      log('a file could not be saved', { file: basename(path), reason: String(cause) });
    }
  },
});
