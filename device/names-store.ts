/**
 * Where the terminal keeps what holds names (名簿の保管): sealed files, and the key that opens them.
 *
 * Best the key comes from systemd's credentials, which are sealed to the machine's TPM; then the disk alone
 * gives nothing away. Where there is none, a key lies beside the files: against whoever only copies them.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../shared/log.ts';
import { replaceFile } from '../shared/replace-file.ts';
import type { TerminalConfig } from './config.ts';
import { NAMES_KEY_BYTES, type NamesFault, sealedFile } from './sealed-file.ts';
import { type WholeFile, wholeFile } from './whole-file.ts';

const OWN_KEY_FILE = 'names.key';

export interface NamesStore {
  /** Without the roster the gate decides nothing, so that one which does not open is a fault until another has come. */
  readonly roster: WholeFile;
  /** A comfort that comes again by itself: the log alone says that it does not open. */
  readonly file: (name: string) => WholeFile;
  /** The worst that stands now. */
  readonly fault: () => NamesFault | undefined;
}

/** Undefined where it cannot be read, or is no key. */
const readKey = (file: string, log: Log): Uint8Array | undefined => {
  try {
    const key = readFileSync(file);
    if (key.length === NAMES_KEY_BYTES) return key;
    log('the key for names is no key', { bytes: key.length });
  } catch (cause) {
    log('the key for names cannot be read', { reason: String(cause) });
  }
  return undefined;
};

const openOwnKey = (file: string, log: Log): Uint8Array | undefined => {
  const isThere = existsSync(file) && statSync(file).size === NAMES_KEY_BYTES;
  try {
    // A half one is as good as none: what it sealed comes again.
    if (!isThere) replaceFile(file, randomBytes(NAMES_KEY_BYTES));
  } catch (cause) {
    log('a key for names could not be made', { reason: String(cause) });
  }
  return readKey(file, log);
};

export const openNamesStore = (
  { dataDir, namesKeyFile }: Pick<TerminalConfig, 'dataDir' | 'namesKeyFile'>,
  log: Log,
): NamesStore => {
  const key =
    namesKeyFile === undefined
      ? openOwnKey(join(dataDir, OWN_KEY_FILE), log)
      : readKey(namesKeyFile, log);
  const faults = new Map<string, NamesFault>();
  const openFile = (name: string, isMissed: boolean): WholeFile =>
    sealedFile(wholeFile(join(dataDir, name), log), {
      key,
      name,
      onFault: (fault) => {
        if (fault === 'broken') log('a sealed file does not open', { file: name });
        if (fault === undefined || (fault === 'broken' && !isMissed)) faults.delete(name);
        else faults.set(name, fault);
      },
    });
  return {
    roster: openFile('roster', true),
    file: (name) => openFile(name, false),
    fault: () => {
      const standing = new Set(faults.values());
      if (standing.has('no-key')) return 'no-key';
      return standing.has('broken') ? 'broken' : undefined;
    },
  };
};
