/** Writes an export to a disk: whole under its name, or not at all. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { syncToDisk } from '../../shared/replace-file.ts';

const CHARS_AT_ONCE = 1 << 20;

/**
 * `texts` are written as they come; `before` is called when all of it is safe under another name, and the
 * file gets its name after that. Readable by its owner alone: it holds names. Throws where the disk refuses.
 */
export const writeWhole = (file: string, texts: Iterable<string>, before: () => void): void => {
  const unfinished = `${file}.part`;
  rmSync(unfinished, { force: true });
  const handle = openSync(unfinished, 'wx', 0o600);
  try {
    writeAll(handle, texts);
    fsyncSync(handle);
    before();
    renameSync(unfinished, file);
    syncToDisk(dirname(resolve(file)));
  } catch (cause) {
    rmSync(unfinished, { force: true });
    throw cause;
  } finally {
    closeSync(handle);
  }
};

const writeAll = (handle: number, texts: Iterable<string>): void => {
  let waiting = '';
  const flush = (): void => {
    const bytes = Buffer.from(waiting);
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
    waiting = '';
  };
  for (const text of texts) {
    waiting += text;
    if (waiting.length >= CHARS_AT_ONCE) flush();
  }
  flush();
};
