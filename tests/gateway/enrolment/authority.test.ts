/** The gateway's own certificate authority, judged by OpenSSL: what it issues must be believed by others. */
import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Authority,
  makeAuthorityPem,
  openAuthority,
} from '../../../gateway/enrolment/authority.ts';
import { makeTlsKey, readCertificateRequest } from '../../../shared/certificate-request.ts';
import { fingerprintOf } from '../../../shared/enrolment-code.ts';
import { DAY_MS, utcMs } from '../../../shared/time.ts';

const NOW = utcMs(Date.parse('2026-11-24T07:00:00+09:00'));
let folder: string;
let authority: Authority;

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const openssl = (...parameters: readonly string[]): string => {
  try {
    return execFileSync('openssl', parameters, { encoding: 'utf8', stdio: 'pipe' });
  } catch (cause) {
    return String(cause instanceof Error && 'stderr' in cause ? cause.stderr : cause);
  }
};
const publicKeyFor = async (name: string): Promise<Buffer<ArrayBuffer>> => {
  const request = await readCertificateRequest((await makeTlsKey(name)).requestPem);
  if (!request.ok) throw new Error('no request');
  return request.value;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'genba-authority-'));
  const pem = await makeAuthorityPem(NOW);
  authority = await openAuthority(pem, pem);
  file('ca.pem', authority.pem);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('what the authority issues', () => {
  test('OpenSSL believes, for its use and no other', async () => {
    const { pem, serial, validTo } = await authority.issue({
      publicKey: await publicKeyFor('gate-1'),
      commonName: 'gate-1',
      use: 'client',
      now: NOW,
      lifeMs: 180 * DAY_MS,
    });
    const path = file('client.pem', pem);
    const verify = (purpose: string) =>
      openssl(
        'verify',
        '-x509_strict',
        '-attime',
        String(NOW / 1000),
        '-CAfile',
        `${folder}/ca.pem`,
        '-purpose',
        purpose,
        path,
      );
    expect(verify('sslclient')).toContain(': OK');
    expect(verify('sslserver')).toMatch(/unsuit|invalid|unsupported/i);
    const certificate = new X509Certificate(pem);
    expect(certificate.serialNumber.toLowerCase()).toBe(serial);
    expect(certificate.subject).toBe('CN=gate-1');
    expect(certificate.validToDate.getTime()).toBe(validTo);
    expect(authority.signed(certificate)).toBe(true);
  });

  test('carries the names by which a server is reached', async () => {
    const { pem } = await authority.issue({
      publicKey: await publicKeyFor('server'),
      commonName: 'gateway',
      names: ['gateway.example', '192.0.2.7', '2001:db8::7'],
      use: 'server',
      now: NOW,
      lifeMs: 90 * DAY_MS,
    });
    const certificate = new X509Certificate(pem);
    expect(certificate.checkHost('gateway.example')).toBe('gateway.example');
    expect(certificate.checkHost('other.example')).toBeUndefined();
    expect(certificate.checkIP('192.0.2.7')).toBe('192.0.2.7');
    expect(certificate.checkIP('2001:db8::7')).toBe('2001:db8::7');
  });

  test('ends no later than the authority itself', async () => {
    const { validTo } = await authority.issue({
      publicKey: await publicKeyFor('gate-1'),
      commonName: 'gate-1',
      use: 'client',
      now: NOW,
      lifeMs: 100 * 365 * DAY_MS,
    });
    expect(validTo).toBe(new X509Certificate(authority.pem).validToDate.getTime());
  });

  test('a revoked certificate is refused by its list, another is not', async () => {
    const issue = async (commonName: string) =>
      authority.issue({
        publicKey: await publicKeyFor(commonName),
        commonName,
        use: 'client',
        now: NOW,
        lifeMs: DAY_MS,
      });
    const [revoked, good] = [await issue('gate-1'), await issue('gate-2')];
    const list = file(
      'list.pem',
      await authority.revocationList([{ serial: revoked.serial, revokedAt: NOW }], NOW),
    );
    const verify = (pem: string) =>
      openssl(
        'verify',
        '-attime',
        String(NOW / 1000),
        '-crl_check',
        '-CRLfile',
        list,
        '-CAfile',
        `${folder}/ca.pem`,
        file('one.pem', pem),
      );
    expect(verify(revoked.pem)).toContain('certificate revoked');
    expect(verify(good.pem)).toContain(': OK');
    expect(openssl('crl', '-in', list, '-CAfile', `${folder}/ca.pem`, '-noout')).not.toMatch(
      /error|fail/i,
    );
  });

  test('its fingerprint is the one that OpenSSL shows', () => {
    const shown = openssl('x509', '-in', `${folder}/ca.pem`, '-noout', '-fingerprint', '-sha256');
    expect(shown.split('=')[1]?.trim().replaceAll(':', '').toLowerCase()).toBe(
      authority.fingerprint,
    );
    expect(fingerprintOf(authority.pem)).toBe(authority.fingerprint);
  });
});

describe('an authority that somebody else made', () => {
  test.each([
    ['P-384', ['ecparam', '-name', 'secp384r1', '-genkey', '-noout']],
    ['RSA', ['genrsa', '2048']],
  ])('with a key of %s issues too', async (_kind, keyCommand) => {
    const key = file('their.key', openssl(...keyCommand));
    const certificate = file(
      'their.crt',
      openssl(
        'req',
        '-x509',
        '-new',
        '-key',
        key,
        '-subj',
        '/CN=Their CA',
        '-days',
        '3650',
        '-addext',
        'keyUsage=critical,keyCertSign,cRLSign',
      ),
    );
    const keyPem = String(
      createPrivateKey(execFileSync('cat', [key])).export({ type: 'pkcs8', format: 'pem' }),
    );
    const theirs = await openAuthority(
      execFileSync('cat', [certificate], { encoding: 'utf8' }),
      keyPem,
    );
    const { pem } = await theirs.issue({
      publicKey: await publicKeyFor('gate-1'),
      commonName: 'gate-1',
      use: 'client',
      now: utcMs(Date.now()),
      lifeMs: DAY_MS,
    });
    expect(openssl('verify', '-CAfile', certificate, file('by-theirs.pem', pem))).toContain(': OK');
    expect(authority.signed(new X509Certificate(pem))).toBe(false);
  });

  test('is refused when its key is another', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const keyPem = String(other.export({ type: 'pkcs8', format: 'pem' }));
    await expect(openAuthority(authority.pem, keyPem)).rejects.toThrow('not of its certificate');
  });
});

describe('a certificate request', () => {
  test('OpenSSL reads ours', async () => {
    const { requestPem } = await makeTlsKey('gate-1');
    expect(openssl('req', '-verify', '-noout', '-in', file('ours.csr', requestPem))).not.toMatch(
      /fail/i,
    );
  });

  test.each([
    ['rubbish', () => 'rubbish', 'is no PKCS#10'],
    ['far too long', () => 'x'.repeat(5_000), 'is longer'],
    [
      'for an RSA key',
      () =>
        openssl(
          'req',
          '-new',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-keyout',
          '/dev/null',
          '-subj',
          '/CN=x',
        ),
      'must ask for a P-256 key',
    ],
    [
      'for a P-384 key',
      () =>
        openssl(
          'req',
          '-new',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:secp384r1',
          '-nodes',
          '-keyout',
          '/dev/null',
          '-subj',
          '/CN=x',
        ),
      'must ask for a P-256 key',
    ],
  ])('%s is refused', async (_what, make, message) => {
    expect(await readCertificateRequest(make())).toMatchObject({
      ok: false,
      faults: [{ message: expect.stringContaining(message) }],
    });
  });

  test('whose signature was altered is refused', async () => {
    const { requestPem } = await makeTlsKey('gate-1');
    const der = Buffer.from(requestPem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    // Somewhere inside the name: the structure stays whole, the signature no longer fits.
    const at = der.indexOf('gate-1');
    der[at] = (der[at] ?? 0) ^ 1;
    const altered = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    expect(await readCertificateRequest(altered)).toMatchObject({
      faults: [{ message: expect.stringContaining('not signed') }],
    });
  });
});
