/** The self-test's word on a certificate, as a table; the certificates are OpenSSL's. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseTerminalConfig, type TerminalConfig } from '../../../device/config.ts';
import { checkCertificate } from '../../../provisioning/self-test/machine-checks.ts';
import { DAY_MS } from '../../../shared/time.ts';
import { gatewaySigner, SITE, TERMINAL } from '../../fixtures/identities.ts';

let folder: string;
const path = (name: string): string => join(folder, name);
const openssl = (...parameters: readonly string[]): void => {
  execFileSync('openssl', parameters, { cwd: folder, stdio: 'pipe' });
};
const authority = (name: string): void =>
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-days', '3650', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`],
  );
const issue = (name: string, by: string, days: number): void => {
  openssl(
    ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-subj', `/CN=${TERMINAL}`, '-keyout', `${name}.key`, '-out', `${name}.csr`],
  );
  openssl(
    ...['x509', '-req', '-in', `${name}.csr`, '-CA', `${by}.pem`, '-CAkey', `${by}.key`],
    ...['-CAcreateserial', '-days', String(days), '-out', `${name}.pem`],
  );
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-certificates-'));
  authority('ca');
  authority('other');
  issue('good', 'ca', 180);
  issue('short', 'ca', 10);
  issue('foreign', 'other', 180);
});
afterAll(() => rmSync(folder, { recursive: true }));

const configOf = (gateway: object): TerminalConfig => {
  const parsed = parseTerminalConfig(
    JSON.stringify({
      terminalId: TERMINAL,
      siteId: SITE,
      dataDir: '/nonexistent',
      signingKeyFile: '/nonexistent',
      gateway: { publicKey: gatewaySigner.publicKey, ...gateway },
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value;
};
const withFiles = (certificate: string, key: string, ca: string): TerminalConfig =>
  configOf({
    url: 'mqtts://gateway.example',
    tls: { certificateFile: path(certificate), keyFile: path(key), caFile: path(ca) },
  });

describe('a certificate', () => {
  test.each([
    ['good.pem', 'good.key', 'ca.pem', 'pass', 'まで（あと1'],
    ['short.pem', 'short.key', 'ca.pem', 'fail', 'あと'],
    ['foreign.pem', 'foreign.key', 'ca.pem', 'fail', '認証局のものではありません'],
    ['good.pem', 'short.key', 'ca.pem', 'fail', '鍵と証明書が合いません'],
    ['none.pem', 'good.key', 'ca.pem', 'fail', '読めません'],
    ['ca.key', 'good.key', 'ca.pem', 'fail', '読めません'],
  ])('%s with %s under %s: %s (%s)', (certificate, key, ca, kind, words) => {
    const { result } = checkCertificate(withFiles(certificate, key, ca), new Date());
    expect(result).toMatchObject({ kind, text: expect.stringContaining(words) });
  });

  test('of tomorrow: the clock is wrong, not the certificate', () => {
    const yesterday = new Date(Date.now() - DAY_MS);
    const { result } = checkCertificate(withFiles('good.pem', 'good.key', 'ca.pem'), yesterday);
    expect(result).toMatchObject({ kind: 'fail', advice: expect.stringContaining('時計') });
  });

  test.each([
    ['mqtt://127.0.0.1', 'left-out'],
    ['mqtts://gateway.example', 'fail'],
  ])('none at all with %s: %s', (url, kind) => {
    expect(checkCertificate(configOf({ url }), new Date()).result.kind).toBe(kind);
  });
});
