/** Files that are replaced as a whole: a power cut leaves the old one or the new one. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file, or a folder: what is renamed in a folder is on the disk when the folder is. */
export const syncToDisk = (path: string): void => {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
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
  syncToDisk(dirname(path));
};
