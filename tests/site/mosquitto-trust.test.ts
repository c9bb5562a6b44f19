/**
 * mosquitto with the files that `genba-gateway mosquitto` makes: an enrolled terminal speaks through it, nobody
 * else does, and who is revoked stays outside from the next SIGHUP on.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeMosquittoServer } from '../../gateway/broker/mosquitto-server.ts';
import { makeAuthorityPem, openAuthority } from '../../gateway/enrolment/authority.ts';
import { openOwnAuthority } from '../../gateway/enrolment/own-authority.ts';
import { encodeTerminalState } from '../../shared/terminal-state.ts';
import { DAY_MS, utcMs } from '../../shared/time.ts';
import { topicOf } from '../../shared/topics.ts';
import { until } from '../fixtures/event-log.ts';
import { gatewayCommand } from '../fixtures/gateway-command.ts';
import { genba } from '../fixtures/genba.ts';
import { SITE, WORKER } from '../fixtures/identities.ts';
import { registryDocument } from '../fixtures/registry.ts';
import { type RunningService, runService } from '../fixtures/service.ts';
import { createSite, freePort, type Site } from '../fixtures/site.ts';
import { terminalState } from '../fixtures/terminal-state.ts';
import { issueFor, serialOf, tryToConnect } from '../fixtures/tls-site.ts';
import { touch } from '../fixtures/typed-touch.ts';

let site: Site;
let port: number;
let gateway: RunningService;
let mosquitto: ReturnType<typeof spawn>;
let dir: string;
const running: RunningService[] = [];

beforeEach(async () => {
  port = await freePort();
  const enrolmentPort = await freePort();
  site = await createSite({
    externalBroker: `mqtts://localhost:${port}`,
    gatewaySettings: {
      terminals: [],
      trust: { host: 'localhost', enrolment: { listen: '127.0.0.1', port: enrolmentPort } },
    },
  });
  dir = join(site.folder, 'mosquitto');
  const config = join(site.folder, 'gateway.json');
  const document = JSON.parse(readFileSync(config, 'utf8'));
  document.broker.mosquittoDir = dir;
  writeFileSync(config, JSON.stringify(document));
  gateway = await site.startGateway();
  running.push(gateway);
  await site.importRegistry();
  const made = await gatewayCommand('mosquitto', '--config', config);
  expect([made.code, made.text]).toEqual([0, expect.stringContaining('mosquitto.conf')]);
  // The tests' mosquitto stays who it was started by, so that it can read a folder of the tests.
  const own = join(site.folder, 'as-is.conf');
  writeFileSync(own, `${readFileSync(join(dir, 'mosquitto.conf'), 'utf8')}user root\n`);
  mosquitto = spawn('mosquitto', ['-c', own], {
    stdio: 'ignore',
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
});
afterEach(async () => {
  for (const service of running.splice(0)) await service.kill('SIGKILL');
  const ended = once(mosquitto, 'exit');
  mosquitto.kill('SIGKILL');
  await ended;
  site.remove();
});

/** `again`: the machine is this terminal already, and is enrolled once more. */
const enrol = async (name: string, again?: string) => {
  const config = join(site.folder, `${name}.json`);
  if (again === undefined)
    writeFileSync(
      config,
      JSON.stringify({ kiosk: { port: 0 }, readers: { pcsc: false }, clockTrust: 'always' }),
    );
  const code = await gatewayCommand(
    ...['enrolment-code', '--site', SITE, '--json', '--config', join(site.folder, 'gateway.json')],
    ...(again === undefined ? [] : ['--terminal', again]),
  );
  const { text } = JSON.parse(code.text);
  const data = join(site.folder, name);
  const { code: exit, stderr } = await genba([
    ...['enrol', text, '--config', config, '--data', data],
    ...(again === undefined ? [] : ['--replace']),
  ]);
  expect([exit, stderr]).toEqual([0, '']);
  const { gateway: to, terminalId } = JSON.parse(readFileSync(config, 'utf8'));
  const pem = (file: string) => readFileSync(file, 'utf8');
  const identity = pem(to.tls.certificateFile);
  return {
    config,
    terminalId,
    credentials: { cert: identity, key: identity, ca: pem(to.tls.caFile) },
  };
};
const startTerminal = async (config: string): Promise<RunningService> => {
  const terminal = await runService('terminal', config);
  running.push(terminal);
  return terminal;
};
const isLetIn = async (credentials: object): Promise<boolean> => {
  const outcome = await connect(credentials);
  if (outcome.kind === 'connected') await outcome.client.endAsync(true);
  return outcome.kind === 'connected';
};
const listsName = (terminalId: string): boolean =>
  readFileSync(join(dir, 'acl'), 'utf8').includes(`user ${terminalId}\n`);
/** The API would take more for an attack. */
const POLL_MS = 100;
const connect = (options: object) => tryToConnect(`mqtts://localhost:${port}`, options);

describe('mosquitto with the gateway’s files', () => {
  test('takes an enrolled terminal’s touch to the ledger', async () => {
    const { config } = await enrol('first');
    const terminal = await startTerminal(config);
    await touch(terminal);
    await site.drained(terminal);
    expect((await site.taps()).map(({ workerId }) => workerId)).toEqual([WORKER]);
  });

  test('tells the gateway who was refused and that one certificate is used twice, for the audit log', async () => {
    const { credentials, terminalId } = await enrol('first');
    await until(async () => (await connect(credentials)).kind === 'connected', 'it listens', 50);
    const foreignPem = await makeAuthorityPem(utcMs(Date.now()));
    const foreign = await issueFor(
      await openAuthority(foreignPem, foreignPem),
      terminalId,
      utcMs(Date.now()),
    );
    const reasons = async (): Promise<readonly string[]> =>
      (await (await site.api('/v1/audit?kind=certificate-refused')).json()).records.map(
        ({ detail }: { detail: { reason: string; at: string } }) => `${detail.at} ${detail.reason}`,
      );
    const noted = (reason: string) =>
      until(
        async () => (await reasons()).some((each) => each.startsWith(`mosquitto ${reason}`)),
        reason,
        POLL_MS,
      );
    // The gateway may still be on its way to the broker: whoever knocks before is not heard of.
    await until(
      async () => {
        await connect({ ca: credentials.ca, clientId: terminalId });
        return (await reasons()).length > 0;
      },
      'the gateway hears the broker',
      POLL_MS,
    );
    await noted('no-certificate');
    await connect({ ca: credentials.ca, cert: foreign.certificatePem, key: foreign.keyPem });
    await noted('certificate-not-accepted');
    await tryToConnect(`mqtt://localhost:${port}`, { clientId: terminalId });
    await noted('no-tls (');

    const clients: MqttClient[] = [];
    for (const _ of Array(7)) {
      const outcome = await connect(credentials);
      if (outcome.kind === 'connected') clients.push(outcome.client);
    }
    const clones = async () =>
      (await (await site.api('/v1/audit?kind=clone-suspected')).json()).records;
    await until(async () => (await clones()).length > 0, 'the clone is noted', POLL_MS);
    expect(await clones()).toMatchObject([
      { actor: `terminal:${terminalId}`, detail: { reason: 'pushing-each-other-off' } },
    ]);
    for (const client of clients) await client.endAsync(true);
  });

  test('lets nobody in without a certificate, and gives everybody their own topics and no others', async () => {
    const { credentials, terminalId } = await enrol('first');
    await until(
      async () => (await connect({ ...credentials })).kind === 'connected',
      'it listens',
      50,
    );
    expect(await connect({ ca: credentials.ca, clientId: terminalId })).toMatchObject({
      kind: 'refused',
    });
    const other = await enrol('other');
    const victim = await connect({ ...other.credentials });
    // The certificate says who it is, whatever it calls itself.
    const outcome = await connect({ ...credentials, clientId: other.terminalId });
    if (outcome.kind !== 'connected' || victim.kind !== 'connected') throw new Error('no way in');
    const heard: string[] = [];
    const texts: string[] = [];
    outcome.client.on('message', (topic) => heard.push(topic));
    victim.client.on('message', (_topic, bytes) => texts.push(String(bytes)));
    const ofVictim = (['roster', 'presence'] as const).map((of) => topicOf(other.terminalId, of));
    await victim.client.subscribeAsync(ofVictim);
    await outcome.client.subscribeAsync(['genba/#', ...ofVictim]);
    for (const of of ofVictim) await outcome.client.publishAsync(of, 'forged', { qos: 1 });
    const before = [heard.length, texts.length];
    const [first, ...rest] = registryDocument.sites;
    const response = await site.api('/v1/registry', {
      method: 'PUT',
      body: JSON.stringify({
        ...registryDocument,
        sites: [{ ...first, name: '別の名前' }, ...rest],
      }),
    });
    expect(response.ok).toBe(true);
    // A new roster goes to both; by then whatever else was on its way has come.
    await until(
      () => heard.length > (before[0] ?? 0) && texts.length > (before[1] ?? 0),
      'both have the new roster',
    );
    expect([...new Set(heard)]).toEqual([topicOf(terminalId, 'roster')]);
    // Who is on site goes to whoever says that they listen, on their own topic.
    const state = encodeTerminalState(terminalState({ presence: { run: 0, no: 0 } }));
    await outcome.client.publishAsync(topicOf(terminalId, 'status'), Buffer.from(state));
    await until(() => heard.includes(topicOf(terminalId, 'presence')), 'who is on site is told');
    expect(texts.filter((text) => text === 'forged')).toEqual([]);
    for (const { client } of [outcome, victim]) await client.endAsync(true);
  });

  test('shuts out who is revoked, from the next SIGHUP on, and nobody else', async () => {
    const lost = await enrol('lost');
    const kept = await enrol('kept');
    await until(() => isLetIn(lost.credentials), 'it listens', 50);
    const listed = statSync(join(dir, 'revoked.pem')).mtimeMs;
    const { enrolments } = await (await site.api('/v1/enrolments')).json();
    const { enrolmentId } = enrolments.find(
      ({ terminalId }: { terminalId: string }) => terminalId === lost.terminalId,
    );
    expect((await site.api(`/v1/enrolments/${enrolmentId}`, { method: 'DELETE' })).status).toBe(
      204,
    );
    await until(
      () =>
        existsSync(join(dir, 'revoked.pem')) &&
        statSync(join(dir, 'revoked.pem')).mtimeMs > listed &&
        listsName(lost.terminalId),
      'the lists are written anew',
    );
    mosquitto.kill('SIGHUP');
    await until(async () => !(await isLetIn(lost.credentials)), 'shut out', 50);
    expect(await isLetIn(kept.credentials)).toBe(true);
  });

  test('a copied terminal costs both their certificate; enrolled anew, the real one loses no touch', async () => {
    const { config, terminalId, credentials } = await enrol('first');
    const copy = join(site.folder, 'copy.json');
    cpSync(join(site.folder, 'first'), join(site.folder, 'copy'), { recursive: true });
    writeFileSync(
      copy,
      readFileSync(config, 'utf8').replaceAll(
        join(site.folder, 'first'),
        join(site.folder, 'copy'),
      ),
    );
    const kept = await enrol('kept');
    const real = await startTerminal(config);
    await touch(real);
    await site.drained(real);
    expect(listsName(terminalId)).toBe(false);

    const copied = await startTerminal(copy);
    await until(() => listsName(terminalId), 'the gateway revokes it by itself', POLL_MS);
    mosquitto.kill('SIGHUP');
    await until(async () => !(await isLetIn(credentials)), 'shut out', 50);
    expect(await isLetIn(kept.credentials)).toBe(true);
    const noted = async (kind: string) =>
      (await (await site.api(`/v1/audit?kind=${kind}`)).json()).records.map(
        ({ actor, detail }: { actor: string; detail: object }) => ({ actor, detail }),
      );
    expect(await noted('clone-suspected')).toContainEqual({
      actor: `terminal:${terminalId}`,
      detail: { reason: 'two-starts-alive', addresses: expect.stringContaining('127.0.0.1') },
    });
    expect(await noted('enrolment-revoked')).toEqual([
      { actor: 'gateway', detail: { enrolmentNo: 1, terminalId, reason: 'cloned' } },
    ]);

    await touch(real);
    expect(await site.unsent(real)).toBe(1);
    await real.kill('SIGKILL');
    await enrol('first', terminalId);
    await until(() => !listsName(terminalId), 'it may come again', POLL_MS);
    mosquitto.kill('SIGHUP');
    const again = await startTerminal(config);
    await touch(again);
    await site.drained(again);
    expect((await site.taps()).map(({ workerId }) => workerId)).toEqual([WORKER, WORKER, WORKER]);
    // The copy is still alive, and still outside.
    expect([copied.hasEnded(), await isLetIn(credentials)]).toEqual([false, false]);
    expect(await noted('enrolment-revoked')).toHaveLength(1);
  });

  test('a copy that tells nothing of itself is found by its connections, and costs both the certificate', async () => {
    const { config, terminalId, credentials } = await enrol('first');
    const real = await startTerminal(config);
    await touch(real);
    await site.drained(real);
    // It pushes the terminal off, hears what is sent down, and is pushed off in its turn.
    await until(
      async () => {
        const copy = await connect(credentials);
        if (copy.kind === 'connected')
          await new Promise<void>((done) => copy.client.once('close', () => done()));
        return listsName(terminalId);
      },
      'the gateway revokes it by itself',
      POLL_MS,
    );
    const { records } = await (await site.api('/v1/audit?kind=clone-suspected')).json();
    expect(records).toContainEqual(
      expect.objectContaining({
        actor: `terminal:${terminalId}`,
        detail: { reason: 'more-connections-than-tried', addresses: '127.0.0.1' },
      }),
    );
  });

  test('with onClone alarm a copied terminal is told of, and a person decides', async () => {
    const file = join(site.folder, 'gateway.json');
    const document = JSON.parse(readFileSync(file, 'utf8'));
    await gateway.kill('SIGKILL');
    writeFileSync(
      file,
      JSON.stringify({ ...document, trust: { ...document.trust, onClone: 'alarm' } }),
    );
    running.push(await site.startGateway());
    const { terminalId, credentials } = await enrol('first');
    const tell = async (start: string): Promise<void> => {
      const outcome = await connect(credentials);
      if (outcome.kind !== 'connected') throw new Error(outcome.reason);
      await outcome.client.publishAsync(
        topicOf(terminalId, 'status'),
        Buffer.from(encodeTerminalState(terminalState({ start }))),
        { qos: 1 },
      );
      await outcome.client.endAsync();
    };
    await until(() => isLetIn(credentials), 'it listens', 50);
    const clones = async () =>
      (await (await site.api('/v1/audit?kind=clone-suspected')).json()).records;
    await until(
      async () => {
        for (const start of ['a', 'b', 'a']) await tell(start);
        return (await clones()).length > 0;
      },
      'the clone is noted',
      POLL_MS,
    );
    const { enrolments } = await (await site.api('/v1/enrolments')).json();
    expect(enrolments).toMatchObject([{ terminalId, state: 'enrolled' }]);
    expect(await isLetIn(credentials)).toBe(true);
  });
});

/** Ends the gateway, too: the next one finds it due. */
const makeServerDue = async (): Promise<void> => {
  await gateway.kill('SIGKILL');
  const authority = await openOwnAuthority(join(site.folder, 'gateway'), utcMs(Date.now()));
  const due = utcMs(Date.now() - 600 * DAY_MS);
  await writeMosquittoServer(dir, ['localhost'], { authority, now: due });
};

test('mosquitto shows the certificate that the gateway renewed, from the next SIGHUP on', async () => {
  const { credentials } = await enrol('first');
  await until(() => isLetIn(credentials), 'it listens', 50);
  await makeServerDue();
  const written = () => serialOf(readFileSync(join(dir, 'server.pem'), 'utf8'));
  const old = written();
  const shown = async (): Promise<string | undefined> => {
    const socket = connectTls({ port, host: 'localhost', ...credentials });
    await once(socket, 'secureConnect');
    const serial = socket.getPeerX509Certificate()?.serialNumber.toLowerCase();
    socket.destroy();
    return serial;
  };
  mosquitto.kill('SIGHUP');
  await until(async () => (await shown()) === old, 'the one that is due is shown', 50);

  running.push(await site.startGateway());
  await until(() => written() !== old, 'the gateway renews it');
  mosquitto.kill('SIGHUP');
  await until(async () => (await shown()) === written(), 'the new one is shown', 50);
  expect(await isLetIn(credentials)).toBe(true);
  const { records } = await (await site.api('/v1/audit?kind=certificate-issued')).json();
  expect(records).toContainEqual(
    expect.objectContaining({
      actor: 'gateway',
      detail: { why: 'renewal', for: 'mosquitto' },
    }),
  );
});

test('a renewal that fails is an alert of the gateway', async () => {
  await makeServerDue();
  mkdirSync(join(dir, 'server.pem.new'));
  running.push(await site.startGateway());
  const alerts = async () => (await site.api('/v1/alerts')).text();
  await until(async () => (await alerts()).includes('trust-stale'), 'the alert', POLL_MS);
});
