/** A small file that is replaced as a whole: a power cut leaves the old one or the new one. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Log } from '../shared/log.ts';

const replace = (path: string, bytes: Uint8Array): void => {
  writeFileSync(`${path}.new`, bytes, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
};

export interface WholeFile {
  readonly load: () => Uint8Array | undefined;
  readonly save: (bytes: Uint8Array) => void;
}

/** Readable by its owner alone. What a full disk does not take is logged, and kept in memory by the caller. */
export const wholeFile = (path: string, log: Log): WholeFile => ({
  load: () => (existsSync(path) ? readFileSync(path) : undefined),
  save: (bytes) => {
    try {
      replace(path, bytes);
    } catch (cause) {
      log('a file could not be saved', { file: basename(path), reason: String(cause) });
    }
  },
});
