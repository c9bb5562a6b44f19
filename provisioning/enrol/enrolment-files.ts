/**
 * Where enrolments lie on the terminal's disk (登録の置き場): each in a folder of its own, and the
 * configuration names the one that counts.
 *
 * So one rename makes an enrolment valid, and until then nothing of the one before is touched. The journal's
 * key is kept from before the gateway hears of it: whoever dies on the way goes on with the same code.
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TerminalConfig } from '../../device/config.ts';
import { JOURNAL_FILE } from '../../device/journal-file.ts';
import { openSqliteToRead } from '../../shared/durable-sqlite.ts';
import type { TerminalId } from '../../shared/ids.ts';
import { replaceFile, syncToDisk } from '../../shared/replace-file.ts';
import { generateSigningKeyPem, type Signer, signerFromPem } from '../../shared/signature.ts';
import { AUTHORITY_FILE, IDENTITY_FILE, SIGNING_KEY_FILE } from './enrolled-config.ts';

const FOLDER = /^enrolment-[0-9a-f]{8}$/;
/** Lies in a folder until its enrolment counts: a key that counted once is never taken again. */
const UNFINISHED = 'unfinished';

/** Who runs the service owns its folder; who enrols is root. */
const giveToOwnerOf = (home: string, path: string): void => {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(home);
  chownSync(path, uid, gid);
};

/** The folder of the terminal's files: that of the configuration, or the package's. */
export const homeOf = (enrolled: TerminalConfig | undefined, fallback: string): string => {
  if (enrolled === undefined) return fallback;
  const { dataDir, terminalId } = enrolled;
  return basename(dataDir) === terminalId ? dirname(dataDir) : dataDir;
};

/** Whose journal lies there; undefined where there is none, or none that can be read. */
const journalOwner = (dataDir: string): string | undefined => {
  const file = join(dataDir, JOURNAL_FILE);
  if (!existsSync(file)) return undefined;
  try {
    const db = openSqliteToRead(file);
    try {
      return db.prepare<[], string>('select terminal_id from journal').pluck().get();
    } finally {
      db.close();
    }
  } catch {
    // The terminal sets a broken journal aside by itself.
    return undefined;
  }
};

/** Two terminals never share a journal: touches that were not sent stay where they are. */
export const dataDirFor = (home: string, terminalId: TerminalId): string => {
  const owner = journalOwner(home);
  return owner === undefined || owner === terminalId ? home : join(home, terminalId);
};

export interface StagedEnrolment {
  readonly folder: string;
  readonly signer: Signer;
}

/** The folder whose keys and certificates the configuration names. */
const countingFolder = (enrolled: TerminalConfig | undefined): string | undefined =>
  enrolled && dirname(enrolled.signingKeyFile);

/** A folder that no configuration names yet, with the journal's key in it; one that was begun goes on. */
export const stageEnrolment = (
  home: string,
  enrolled: TerminalConfig | undefined,
): StagedEnrolment => {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const own = (path: string) => giveToOwnerOf(home, path);
  const counting = countingFolder(enrolled);
  // Whoever died right after it began to count left this one.
  if (counting !== undefined) rmSync(join(counting, UNFINISHED), { force: true });
  const begun = readdirSync(home)
    .filter((name) => FOLDER.test(name))
    .map((name) => join(home, name))
    .find(
      (folder) =>
        folder !== counting &&
        [UNFINISHED, SIGNING_KEY_FILE].every((name) => existsSync(join(folder, name))),
    );
  const folder = begun ?? join(home, `enrolment-${randomBytes(4).toString('hex')}`);
  const keyFile = join(folder, SIGNING_KEY_FILE);
  if (begun === undefined) {
    mkdirSync(folder, { mode: 0o700 });
    own(folder);
    replaceFile(join(folder, UNFINISHED), '', own);
    replaceFile(keyFile, generateSigningKeyPem(), own);
    syncToDisk(home);
  }
  return { folder, signer: signerFromPem(readFileSync(keyFile, 'utf8')) };
};

/** Certificate and key are one file, so that they can never be of two issues. */
export const writeCredentials = (
  home: string,
  folder: string,
  {
    certificatePem,
    keyPem,
    authorityPem,
  }: { readonly certificatePem: string; readonly keyPem: string; readonly authorityPem: string },
): void => {
  const own = (path: string) => giveToOwnerOf(home, path);
  replaceFile(join(folder, AUTHORITY_FILE), authorityPem, own);
  replaceFile(join(folder, IDENTITY_FILE), `${certificatePem}${keyPem}`, own);
};

/** From here on it counts. The service may read it and not change it. */
export const writeConfig = (file: string, home: string, document: object): void => {
  mkdirSync(dirname(file), { recursive: true });
  replaceFile(file, `${JSON.stringify(document, null, 2)}\n`, (path) => {
    chmodSync(path, 0o640);
    if (process.getuid?.() === 0) chownSync(path, 0, statSync(home).gid);
  });
};

/** `folder` counts now; keys that no configuration names any more are of no use to anybody honest. */
export const finishEnrolment = (home: string, folder: string): void => {
  rmSync(join(folder, UNFINISHED), { force: true });
  syncToDisk(folder);
  for (const name of readdirSync(home))
    if (FOLDER.test(name) && join(home, name) !== folder)
      rmSync(join(home, name), { recursive: true });
};
