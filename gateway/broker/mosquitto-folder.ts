/**
 * The folder that a mosquitto reads (外部ブローカーのファイル): made by `genba-gateway mosquitto`, after which the
 * gateway keeps the two lists in it current. Mosquitto reads them again on SIGHUP.
 */
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../shared/replace-file.ts';
import type { UtcMs } from '../../shared/time.ts';
import type { Authority } from '../enrolment/authority.ts';
import type { EnrolmentStore } from '../enrolment/enrolment-store.ts';
import type { TlsIdentity } from '../enrolment/identity.ts';
import { mosquittoAccess, mosquittoConfig } from './mosquitto-files.ts';

export interface MosquittoFolder {
  readonly dir: string;
  readonly gatewayClientId: string;
}

export interface MosquittoBooks {
  readonly authority: Authority;
  readonly store: EnrolmentStore;
  readonly now: UtcMs;
}

/** For the group of the folder, whatever the umask: mosquitto runs as another user than the gateway. */
const put = (dir: string, name: string, text: string): void => {
  const { uid, gid } = statSync(dir);
  replaceFile(join(dir, name), text, (path) => {
    chmodSync(path, 0o640);
    if (process.getuid?.() === 0) chownSync(path, uid, gid);
  });
};

/** Who is shut out: the revocation list and the access list. */
export const writeMosquittoLists = async (
  { dir, gatewayClientId }: MosquittoFolder,
  { authority, store, now }: MosquittoBooks,
): Promise<void> => {
  const revoked = store
    .certificates()
    .flatMap(({ serial, revokedAt }) => (revokedAt === undefined ? [] : [{ serial, revokedAt }]));
  const gone = new Set(
    store
      .all()
      .filter(
        ({ terminalId, ended }) => ended !== undefined && store.current(terminalId) === undefined,
      )
      .map(({ terminalId }) => terminalId),
  );
  put(dir, 'revoked.pem', await authority.revocationList(revoked, now));
  put(dir, 'acl', mosquittoAccess(gatewayClientId, [...gone]));
};

/** Everything, with a certificate for the broker itself; over what was there. */
export const writeMosquittoFolder = async (
  folder: MosquittoFolder,
  { port, server }: { readonly port: number; readonly server: TlsIdentity },
  books: MosquittoBooks,
): Promise<void> => {
  const { dir } = folder;
  mkdirSync(dir, { recursive: true, mode: 0o750 });
  put(dir, 'authority.pem', books.authority.pem);
  put(dir, 'server.crt', server.certificatePem);
  put(dir, 'server.key', server.keyPem);
  await writeMosquittoLists(folder, books);
  put(dir, 'mosquitto.conf', mosquittoConfig({ dir, port }));
};
