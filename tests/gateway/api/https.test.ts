/** HTTPS for API and console, on a real gateway: who is spoken with, what is shown, and what a change of certificate does. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openHttpsIdentity } from '../../../gateway/api/https-identity.ts';
import { openListener } from '../../../gateway/api/listener.ts';
import { parseGatewayConfig } from '../../../gateway/config.ts';
import type { TlsIdentity } from '../../../gateway/enrolment/identity.ts';
import { ConnectionLimits, HttpsConfig } from '../../../gateway/web-config.ts';
import { utcMs } from '../../../shared/time.ts';
import { until } from '../../fixtures/event-log.ts';
import { createSite, type Site } from '../../fixtures/site.ts';
import { testCertificate } from '../../fixtures/test-certificate.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-https-'));
});
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

const get = async (url: string, ca: string, headers: Record<string, string> = {}) => {
  const sent = request(url, { ca, headers, agent: false });
  sent.end();
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return {
    status: Number(response.statusCode),
    headers: response.headers,
    text: String(Buffer.concat(chunks)),
  };
};

describe('a gateway with HTTPS by its own authority', () => {
  let site: Site;
  const start = async (https: object) => {
    site = await createSite({ gatewaySettings: { https } });
    closing.push(site.remove);
    const gateway = await site.startGateway();
    closing.push(() => gateway.kill('SIGTERM'));
    return gateway.ready;
  };

  test('is believed by whoever trusts the authority, and says that nothing else will do', async () => {
    const ready = await start({ listen: '127.0.0.1', port: 0, names: ['localhost', '127.0.0.1'] });
    const authorityPem = await (await fetch(`${ready.apiUrl}/authority.pem`)).text();
    const answer = await get(`${ready.httpsUrl}/healthz`, authorityPem);
    expect(answer.status).toBe(200);
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    const plain = await fetch(`${ready.apiUrl}/healthz`);
    expect(plain.headers.get('strict-transport-security')).toBeNull();
    await expect(get(`${ready.httpsUrl}/healthz`, '')).rejects.toThrow(/self-signed|unable/);
    // The key of the authority stands in the same file on the disk and never leaves it.
    expect(authorityPem).not.toContain('PRIVATE');
  });

  test.each(['TLSv1', 'TLSv1.1'] as const)('does not speak %s', async (version) => {
    const ready = await start({ listen: '127.0.0.1', port: 0, names: ['localhost'] });
    const socket = connect({
      host: '127.0.0.1',
      port: Number(new URL(String(ready.httpsUrl)).port),
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      maxVersion: version,
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const isRefused = await Promise.race([
      once(socket, 'error').then(() => true),
      once(socket, 'secureConnect').then(() => false),
    ]);
    expect(isRefused).toBe(true);
  });
});

test('plain HTTP leaves loopback under no setting', () => {
  const parsed = parseGatewayConfig(
    JSON.stringify({
      dataDir: 'data',
      signingKeyFile: 'key.pem',
      http: { host: '0.0.0.0', proxy: { publicUrl: 'http://gateway.example' } },
      https: { names: [], certificateFile: 'a.pem' },
    }),
  );
  expect(parsed.ok ? [] : parsed.faults.map(({ place }) => place).sort()).toEqual([
    '/http/host',
    '/http/proxy/publicUrl',
    '/https/keyFile',
    '/https/names',
  ]);
});

describe('certificate files', () => {
  const identityIn = (name: string): TlsIdentity => {
    const inner = mkdtempSync(join(folder, name));
    const { certificate, key } = testCertificate(inner);
    return { certificatePem: certificate, keyPem: key };
  };
  const open = async (first: TlsIdentity) => {
    const [certificateFile, keyFile] = [join(folder, 'c.pem'), join(folder, 'k.pem')];
    const write = ({ certificatePem, keyPem }: Partial<TlsIdentity>): void => {
      if (certificatePem !== undefined) writeFileSync(certificateFile, certificatePem);
      if (keyPem !== undefined) writeFileSync(keyFile, keyPem);
    };
    write(first);
    const logged: string[] = [];
    const source = await openHttpsIdentity({
      config: HttpsConfig.parse({ names: ['localhost'], certificateFile, keyFile }),
      dataDir: folder,
      now: () => utcMs(Date.now()),
      onChange: (identity) => listener.setIdentity(identity),
      log: (message) => logged.push(message),
      readEveryMs: 10,
    });
    const listener = await openListener(
      {
        host: '127.0.0.1',
        port: 0,
        limits: ConnectionLimits.parse({}),
        identity: source.identity,
      },
      { fetch: () => new Response('here'), log: () => undefined },
    );
    closing.push(listener.close, source.close);
    return { write, logged, url: `https://localhost:${listener.port}/` };
  };

  test('that are replaced are shown at once, and a connection that is open goes on', async () => {
    const [first, second] = [identityIn('first'), identityIn('second')];
    const { write, logged, url } = await open(first);
    expect((await get(url, first.certificatePem)).text).toBe('here');
    const old: TLSSocket = connect({
      host: 'localhost',
      port: Number(new URL(url).port),
      ca: first.certificatePem,
    });
    await once(old, 'secureConnect');
    // One file after the other, as every tool does it: for a moment they do not fit.
    write({ certificatePem: second.certificatePem });
    await until(() => logged.includes('the certificate of HTTPS cannot be used'), 'a misfit');
    expect((await get(url, first.certificatePem)).text).toBe('here');
    write({ keyPem: second.keyPem });
    await until(() => logged.includes('the certificate of HTTPS was replaced'), 'the new one');
    expect((await get(url, second.certificatePem)).text).toBe('here');
    await expect(get(url, first.certificatePem)).rejects.toThrow();
    old.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(String((await once(old, 'data'))[0])).toContain('200 OK');
    old.destroy();
  });

  test('that do not belong together are refused at the start', async () => {
    const [first, second] = [identityIn('first'), identityIn('second')];
    await expect(open({ ...first, keyPem: second.keyPem })).rejects.toThrow(/key values mismatch/);
  });
});
