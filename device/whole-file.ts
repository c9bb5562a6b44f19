/** A small file that is replaced as a whole: a power cut leaves the old one or the new one. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Log } from '../shared/log.ts';

/** What is renamed in a folder is on the disk when the folder is. */
export const syncFolder = (path: string): void => {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
};

/** Readable by its owner alone. `prepare` may change what is about to take the place, such as its owner. */
export const replaceFile = (
  path: string,
  bytes: Uint8Array | string,
  prepare: (path: string) => void = () => undefined,
): void => {
  const unfinished = `${path}.new`;
  // One that was left behind may have rights that this one must not have.
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, bytes, { mode: 0o600, flush: true });
  prepare(unfinished);
  renameSync(unfinished, path);
  syncFolder(dirname(path));
};

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
