/** A signing key in a file that only its owner reads; made at the first start. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generateSigningKeyPem, type Signer, signerFromPem } from './signature.ts';

export const openSigningKey = (path: string): Signer => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, generateSigningKeyPem(), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  }
  return signerFromPem(readFileSync(path, 'utf8'));
};
