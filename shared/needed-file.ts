/**
 * Files that somebody named and a program needs (要るファイル). What lies in a folder that may not be looked
 * into is not said to be missing: it may well be there.
 */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileFaultJa } from './file-fault.ts';
import { isSystemError } from './system-error.ts';

const isAbsence = (cause: unknown): boolean =>
  isSystemError(cause) && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');

/** Undefined where there is none. Throws the file system's error where it may not be read. */
export const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (isAbsence(cause)) return undefined;
    throw cause;
  }
};

/** Whether it is there, and may be used so. Throws the file system's error where it may not. @param mode `R_OK` … */
export const isThereFor = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode);
    return true;
  } catch (cause) {
    if (isAbsence(cause)) return false;
    throw cause;
  }
};

/**
 * What keeps a command from a file or folder that it needs, in Japanese with its path; undefined = nothing.
 *
 * @param mode    what it is needed for: `R_OK`, `W_OK`, `X_OK` of `node:fs`
 * @param missing the words where there is none
 */
export const hindranceJa = (path: string, mode: number, missing: string): string | undefined => {
  try {
    return isThereFor(path, mode) ? undefined : `${path}: ${missing}`;
  } catch (cause) {
    const fault = fileFaultJa(cause, path);
    if (fault === undefined) throw cause;
    return fault;
  }
};

/** What keeps a command from making a new file, in Japanese with its path; undefined = nothing. */
export const newFileHindranceJa = (file: string): string | undefined =>
  existsSync(file)
    ? `${file}: すでにあります。別の名前にしてください`
    : hindranceJa(dirname(resolve(file)), constants.W_OK | constants.X_OK, 'フォルダがありません');
