/**
 * The key for names, in systemd's credentials (名簿の鍵): sealed to the machine's TPM where it has one, so that
 * its disk alone opens nothing; else to a secret of the machine's own, which lies on the same disk.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { NAMES_KEY_BYTES } from '../../device/sealed-file.ts';
import { replaceFile } from '../../shared/replace-file.ts';

/** As `systemd/genba-names-key.service` has them. */
const NAME = 'genba-names-key';
const CREDENTIAL = `/etc/credstore.encrypted/${NAME}`;
export const NAMES_KEY_FILE = '/run/genba-names/key';

const execute = promisify(execFile);

/** systemd-creds with something on its standard input; what it writes. Rejects where it fails. */
const creds = async (parameters: readonly string[], input?: Buffer): Promise<Buffer> => {
  const running = execute('systemd-creds', [...parameters], { encoding: 'buffer' });
  running.child.stdin?.end(input);
  return (await running).stdout;
};

const opens = async (): Promise<boolean> => {
  try {
    const key = await creds(['decrypt', `--name=${NAME}`, CREDENTIAL, '-']);
    return key.length === NAMES_KEY_BYTES;
  } catch {
    // Of another machine, or of a TPM that is no more: a new one is made.
    return false;
  }
};

export type NamesKeyMade =
  | { readonly kind: 'by-tpm' | 'by-host' }
  /** The terminal keeps a key of its own beside the names. */
  | { readonly kind: 'not-by-systemd'; readonly reason: string };

/** A credential that opens on this machine stays. */
export const makeNamesKey = async (): Promise<NamesKeyMade> => {
  if (!existsSync('/run/systemd/system'))
    return { kind: 'not-by-systemd', reason: 'systemd is not there' };
  try {
    if (!existsSync(CREDENTIAL) || !(await opens())) {
      const sealed = await creds(
        ['encrypt', `--name=${NAME}`, '--with-key=auto', '-', '-'],
        randomBytes(NAMES_KEY_BYTES),
      );
      mkdirSync(dirname(CREDENTIAL), { recursive: true, mode: 0o700 });
      replaceFile(CREDENTIAL, sealed);
    }
  } catch (cause) {
    return { kind: 'not-by-systemd', reason: cause instanceof Error ? cause.message : `${cause}` };
  }
  const hasTpm = await creds(['has-tpm2', '--quiet']).then(
    () => true,
    () => false,
  );
  return { kind: hasTpm ? 'by-tpm' : 'by-host' };
};
