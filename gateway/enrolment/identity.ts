/**
 * The gateway's own certificates (中継サーバの証明書): for the ports that terminals come to, and for an external
 * broker. Issued anew at every start and before they run out; their keys stay in memory.
 */
import { makeTlsKey, readCertificateRequest } from '../../shared/certificate-request.ts';
import { DAY_MS, type UtcMs } from '../../shared/time.ts';
import type { Authority } from './authority.ts';

export interface TlsIdentity {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Replaced at half of it: a gateway that runs for years never shows an old one. */
const IDENTITY_LIFE_MS = 90 * DAY_MS;
export const IDENTITY_RENEWED_EVERY_MS = 45 * DAY_MS;

export const issueIdentity = async (
  authority: Authority,
  {
    commonName,
    names,
    use,
    now,
    lifeMs = IDENTITY_LIFE_MS,
  }: {
    readonly commonName: string;
    readonly names?: readonly string[];
    readonly use: 'client' | 'server';
    readonly now: UtcMs;
    readonly lifeMs?: number;
  },
): Promise<TlsIdentity> => {
  const { keyPem, requestPem } = await makeTlsKey(commonName);
  const request = await readCertificateRequest(requestPem);
  if (!request.ok) throw new Error('our own request does not read');
  const { pem } = await authority.issue({
    publicKey: request.value,
    commonName,
    ...(names === undefined ? {} : { names }),
    use,
    now,
    lifeMs,
  });
  return { certificatePem: pem, keyPem };
};
