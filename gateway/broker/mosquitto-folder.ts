/**
 * The folder that a mosquitto reads (外部ブローカーのファイル): made by `genba-gateway mosquitto`, after which the
 * gateway keeps lists and certificate in it current. Mosquitto reads them again on SIGHUP.
 */
import { mkdirSync } from 'node:fs';
import type { UtcMs } from '../../shared/time.ts';
import type { Authority } from '../enrolment/authority.ts';
import type { EnrolmentStore } from '../enrolment/enrolment-store.ts';
import { mosquittoAccess, mosquittoConfig } from './mosquitto-files.ts';
import { writeMosquittoServer } from './mosquitto-server.ts';
import { putForMosquitto as put } from './put-for-mosquitto.ts';

export interface MosquittoFolder {
  readonly dir: string;
  readonly gatewayClientId: string;
}

export interface MosquittoBooks {
  readonly authority: Authority;
  readonly store: EnrolmentStore;
  readonly now: UtcMs;
}

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
  { port, names }: { readonly port: number; readonly names: readonly string[] },
  books: MosquittoBooks,
): Promise<void> => {
  const { dir } = folder;
  mkdirSync(dir, { recursive: true, mode: 0o750 });
  put(dir, 'authority.pem', books.authority.pem);
  await writeMosquittoServer(dir, names, books);
  await writeMosquittoLists(folder, books);
  put(dir, 'mosquitto.conf', mosquittoConfig({ dir, port }));
};
