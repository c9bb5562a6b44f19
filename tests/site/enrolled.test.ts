/**
 * From a code to the first touch in the ledger, and over a renewal, with the programs as they are: gateway with
 * its own authority, `genba enrol`, terminal.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOUR_MS } from '../../shared/time.ts';
import { until } from '../fixtures/event-log.ts';
import { type GenbaRun, genba } from '../fixtures/genba.ts';
import { SITE, WORKER } from '../fixtures/identities.ts';
import { type RunningService, runService } from '../fixtures/service.ts';
import { createSite, freePort, type Site } from '../fixtures/site.ts';
import { touch } from '../fixtures/typed-touch.ts';

const SHIFTED_CLOCK = fileURLToPath(new URL('../fixtures/shifted-clock.ts', import.meta.url));

let site: Site;
let gateway: RunningService;
const running: RunningService[] = [];
const configFile = () => join(site.folder, 'enrolled.json');
const dataDir = () => join(site.folder, 'enrolled');

beforeEach(async () => {
  const port = await freePort();
  site = await createSite({
    gatewaySettings: {
      terminals: [],
      broker: { kind: 'embedded', port, tls: true },
      trust: {
        host: 'localhost',
        names: ['127.0.0.1'],
        enrolment: { listen: '127.0.0.1', port: 0 },
        certificateDays: 2,
      },
    },
  });
  gateway = await site.startGateway();
  running.push(gateway);
  await site.importRegistry();
  // What a technician sets before: no reader here, and any port for the kiosk.
  writeFileSync(
    configFile(),
    JSON.stringify({ kiosk: { port: 0 }, readers: { pcsc: false }, clockTrust: 'always' }),
  );
});
afterEach(async () => {
  for (const service of running.splice(0)) await service.kill('SIGKILL');
  site.remove();
});

const makeCode = async (): Promise<string> => {
  const response = await site.api('/v1/enrolments', {
    method: 'POST',
    body: JSON.stringify({ siteId: SITE }),
  });
  const { code } = await response.json();
  return `https://localhost:${gateway.ready.terminalPort}#${code}`;
};
const enrol = (...words: readonly string[]): Promise<GenbaRun> =>
  genba(['enrol', ...words, '--config', configFile(), '--data', dataDir()]);
const startTerminal = async (env: Readonly<Record<string, string>> = {}) => {
  const terminal = await runService('terminal', configFile(), env);
  running.push(terminal);
  return terminal;
};
const view = async (terminal: RunningService) =>
  (await fetch(`${terminal.ready.kioskUrl}view`)).json();
const linked = (terminal: RunningService) =>
  until(async () => (await view(terminal)).isLinked, 'linked');

test('a bare machine takes its first touch, and the gateway has it', async () => {
  const { code, stderr } = await enrol(await makeCode());
  expect([code, stderr]).toEqual([0, '']);
  const terminal = await startTerminal();
  await linked(terminal);
  await until(async () => (await view(terminal)).siteName !== '', 'the roster is there');
  await touch(terminal);
  await site.drained(terminal);
  expect((await site.taps()).map(({ workerId }) => workerId)).toEqual([WORKER]);
});

test('a terminal whose certificate is old renews it while touches go on, and none is lost', async () => {
  await enrol(await makeCode());
  const { gateway: to } = JSON.parse(readFileSync(configFile(), 'utf8'));
  const before = readFileSync(to.tls.certificateFile, 'utf8');
  // By its clock the certificate of two days has just ended, so there is no time to lose.
  const terminal = await startTerminal({
    NODE_OPTIONS: `--import ${SHIFTED_CLOCK}`,
    CLOCK_SHIFT_MS: String(49 * HOUR_MS),
  });
  await touch(terminal);
  await until(() => readFileSync(to.tls.certificateFile, 'utf8') !== before, 'renewed', 25);
  await touch(terminal);
  await until(
    async () => {
      const { records } = await (await site.api('/v1/audit?limit=1000')).json();
      return JSON.stringify(records).includes('superseded');
    },
    'the old certificate is void',
    25,
  );
  await linked(terminal);
  await touch(terminal);
  await site.drained(terminal);
  expect(await site.taps()).toHaveLength(3);
});

test('names on the terminal’s disk cannot be read, and a roster that was tampered with comes again', async () => {
  await enrol(await makeCode());
  const rosterFile = join(dataDir(), 'roster');
  const first = await startTerminal();
  await until(() => existsSync(rosterFile), 'the roster is kept');
  await touch(first);
  expect((await view(first)).touch.name).toBe('山田');
  await first.kill('SIGKILL');
  for (const name of readdirSync(dataDir(), { recursive: true, encoding: 'utf8' })) {
    const file = join(dataDir(), name);
    if (statSync(file).isFile())
      expect([name, readFileSync(file).includes('山田')]).toEqual([name, false]);
  }
  const sealed = readFileSync(rosterFile);
  writeFileSync(rosterFile, sealed.fill(0, 60, 61));
  await gateway.kill('SIGKILL');
  const second = await startTerminal();
  expect((await view(second)).faults).toContain('名簿を受信していません');
  const namesLine = async () => {
    const { lines } = await (await fetch(`${second.ready.kioskUrl}status`)).json();
    return lines.find(({ part }: { part: string }) => part === '名簿の暗号化');
  };
  expect(await namesLine()).toMatchObject({ isGood: false });
  await touch(second);
  running.push(await site.startGateway());
  await until(async () => (await view(second)).siteName !== '', 'the roster is there again', 25);
  expect(await namesLine()).toMatchObject({ isGood: true });
  await site.drained(second);
  expect(await site.taps()).toHaveLength(2);
});
