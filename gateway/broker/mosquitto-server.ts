/**
 * The certificate that mosquitto itself shows (mosquitto のサーバ証明書): made with its folder and renewed in time by
 * the gateway, with a new key, by the same authority and for the same names.
 *
 * Certificate and key are one file, so that no reading finds the two of different issues.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRenewalDue } from '../../shared/enrolment.ts';
import { DAY_MS, type UtcMs, utcMs } from '../../shared/time.ts';
import { type Authority, namesIn } from '../enrolment/authority.ts';
import { issueIdentity } from '../enrolment/identity.ts';
import { putForMosquitto } from './put-for-mosquitto.ts';

export const SERVER_FILE = 'server.pem';
/**
 * Renewed at two thirds: a mosquitto that nobody tells to read its files again has the last third, nine months,
 * to be restarted in.
 */
export const SERVER_DAYS = 825;

type Deps = { readonly authority: Authority; readonly now: UtcMs };

/** `names`: at least one, host names and addresses by which terminals and the gateway reach it. */
export const writeMosquittoServer = async (
  dir: string,
  names: readonly string[],
  { authority, now }: Deps,
): Promise<void> => {
  const { certificatePem, keyPem } = await issueIdentity(authority, {
    commonName: names[0] ?? 'mosquitto',
    names,
    use: 'server',
    now,
    lifeMs: SERVER_DAYS * DAY_MS,
  });
  putForMosquitto(dir, SERVER_FILE, `${certificatePem}${keyPem}`);
};

/** True where it was due and is another now. One that is not there, or not of our authority, is left alone. */
export const renewMosquittoServer = async (dir: string, deps: Deps): Promise<boolean> => {
  const file = join(dir, SERVER_FILE);
  if (!existsSync(file)) return false;
  const certificate = new X509Certificate(readFileSync(file));
  if (!deps.authority.signed(certificate)) return false;
  const from = utcMs(certificate.validFromDate.getTime());
  const to = utcMs(certificate.validToDate.getTime());
  if (!isRenewalDue({ from, to }, deps.now)) return false;
  await writeMosquittoServer(dir, namesIn(certificate), deps);
  return true;
};
