/** The gateway's own certificate authority (認証局) in a file that only its owner reads; made at the first start. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UtcMs } from '../../shared/time.ts';
import { type Authority, makeAuthorityPem, openAuthority } from './authority.ts';

/** Key and certificate; who has this file can make terminals. */
const OWN_AUTHORITY_FILE = join('authority', 'authority.pem');

export const openOwnAuthority = async (dataDir: string, now: UtcMs): Promise<Authority> => {
  const path = join(dataDir, OWN_AUTHORITY_FILE);
  mkdirSync(join(dataDir, 'authority'), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, await makeAuthorityPem(now), { flag: 'wx', mode: 0o600, flush: true });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  }
  const pem = readFileSync(path, 'utf8');
  return openAuthority(pem, pem);
};
