/** Certificates of somebody else's authority, made by OpenSSL: one that this gateway issues under, and one that issues by itself. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../fixtures/event-log.ts';
import { genba } from '../fixtures/genba.ts';
import { SITE, TERMINAL, WORKER } from '../fixtures/identities.ts';
import { type RunningService, runService } from '../fixtures/service.ts';
import { createSite, freePort, type Site } from '../fixtures/site.ts';
import { tryToConnect } from '../fixtures/tls-site.ts';
import { touch } from '../fixtures/typed-touch.ts';

let folder: string;
let site: Site | undefined;
const running: RunningService[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-outside-'));
});
afterEach(async () => {
  for (const service of running.splice(0)) await service.kill('SIGKILL');
  site?.remove();
  rmSync(folder, { recursive: true });
});

const path = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(path(name), 'utf8');
const openssl = (...parameters: readonly string[]): void => {
  execFileSync('openssl', parameters, { cwd: folder, stdio: 'pipe' });
};
/** An authority of its own: key, certificate, and the books of `openssl ca`. */
const root = (name: string): void => {
  openssl(
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', `/CN=${name}`],
    ...['-keyout', `${name}.key`, '-out', `${name}.pem`],
  );
  writeFileSync(path(`${name}.index`), '');
  writeFileSync(
    path(`${name}.cnf`),
    `[ca]\ndefault_ca=x\n[x]\ndatabase=${name}.index\ndefault_md=sha256\ndefault_crl_days=30\n`,
  );
};
const issue = (name: string, by: string, subject: string, extensions: string): void => {
  writeFileSync(path(`${name}.ext`), extensions);
  openssl(
    ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-subj', `/CN=${subject}`, '-keyout', `${name}.key`, '-out', `${name}.csr`],
  );
  openssl(
    ...['x509', '-req', '-in', `${name}.csr`, '-CA', `${by}.pem`, '-CAkey', `${by}.key`],
    ...['-CAcreateserial', '-days', '365', '-extfile', `${name}.ext`, '-out', `${name}.pem`],
  );
};
const CLIENT = 'basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\n';

const started = async (service: Promise<RunningService>): Promise<RunningService> => {
  const ready = await service;
  running.push(ready);
  return ready;
};
const firstTouch = async (terminal: RunningService, at: Site): Promise<void> => {
  await until(
    async () => (await (await fetch(`${terminal.ready.kioskUrl}view`)).json()).siteName !== '',
    'the roster',
  );
  await touch(terminal);
  await at.drained(terminal);
  expect((await at.taps()).map(({ workerId }) => workerId)).toEqual([WORKER]);
};

test('a given authority below another one: a terminal enrols, and its touch arrives', async () => {
  root('house');
  issue(
    'gates',
    'house',
    'gates',
    'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n',
  );
  writeFileSync(path('chain.pem'), read('gates.pem') + read('house.pem'));
  site = await createSite({
    gatewaySettings: {
      terminals: [],
      broker: { kind: 'embedded', port: await freePort(), tls: true },
      trust: {
        host: 'localhost',
        authority: {
          kind: 'given',
          certificateFile: path('chain.pem'),
          keyFile: path('gates.key'),
        },
        enrolment: { listen: '127.0.0.1', port: 0 },
      },
    },
  });
  const gateway = await started(site.startGateway());
  await site.importRegistry();
  const made = await site.api('/v1/enrolments', {
    method: 'POST',
    body: JSON.stringify({ siteId: SITE }),
  });
  const config = path('terminal.json');
  writeFileSync(
    config,
    JSON.stringify({ kiosk: { port: 0 }, readers: { pcsc: false }, clockTrust: 'always' }),
  );
  const text = `https://localhost:${gateway.ready.terminalPort}#${(await made.json()).code}`;
  const done = await genba(['enrol', text, '--config', config, '--data', path('data')]);
  expect([done.code, done.stderr]).toEqual([0, '']);
  await firstTouch(await started(runService('terminal', config)), site);
});

test('an authority that issues by itself: who has its certificate for that name is in, and nobody else', async () => {
  for (const name of ['house', 'other']) root(name);
  issue(
    'server',
    'house',
    'localhost',
    'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n',
  );
  for (const name of ['good', 'stolen']) issue(name, 'house', TERMINAL, CLIENT);
  issue('foreign', 'other', TERMINAL, CLIENT);
  const ca = ['ca', '-config', 'house.cnf', '-cert', 'house.pem', '-keyfile', 'house.key'];
  openssl(...ca, '-revoke', 'stolen.pem');
  openssl(...ca, '-gencrl', '-out', 'house.crl');
  const port = await freePort();
  const at = await createSite({
    gatewaySettings: {
      broker: { kind: 'embedded', port, tls: true },
      trust: {
        host: 'localhost',
        authority: {
          kind: 'outside',
          authorityFile: path('house.pem'),
          certificateFile: path('server.pem'),
          keyFile: path('server.key'),
          revocationListFile: path('house.crl'),
        },
      },
    },
  });
  site = at;
  await started(at.startGateway());
  await at.importRegistry();
  const url = `mqtts://localhost:${port}`;
  const knock = async (name: string | undefined, clientId: string = TERMINAL) => {
    const own = name === undefined ? {} : { cert: read(`${name}.pem`), key: read(`${name}.key`) };
    const outcome = await tryToConnect(url, { ca: read('house.pem'), clientId, ...own });
    if (outcome.kind === 'connected') await outcome.client.endAsync(true);
    return outcome.kind;
  };
  expect(await knock(undefined)).toBe('refused');
  expect(await knock('foreign')).toBe('refused');
  expect(await knock('stolen')).toBe('refused');
  expect(await knock('good', 'gate-9')).toBe('refused');
  expect(await knock('good')).toBe('connected');
  const { records } = await (await at.api('/v1/audit?kind=certificate-refused')).json();
  const reasons = records.map(({ detail }: { detail: { reason: string } }) => detail.reason);
  expect(reasons).toContain('not-its-client-id');
  expect(new Set(reasons).size).toBe(4);
  // Nothing is enrolled here.
  expect((await at.api('/v1/enrolments')).status).toBe(404);

  const config = JSON.parse(readFileSync(join(at.folder, 'terminal.json'), 'utf8'));
  const tls = {
    caFile: path('house.pem'),
    certificateFile: path('good.pem'),
    keyFile: path('good.key'),
  };
  writeFileSync(
    path('terminal.json'),
    JSON.stringify({ ...config, gateway: { ...config.gateway, url, tls } }),
  );
  await firstTouch(await started(runService('terminal', path('terminal.json'))), at);
});
