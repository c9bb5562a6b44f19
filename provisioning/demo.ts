/**
 * `npm start`: one whole site on this machine. The real gateway, the real terminal, a real reader where
 * one is plugged in and else a virtual one. Ctrl-C leaves nothing running.
 */
import { hash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { hashPin } from '../device/manager/pin.ts';
import { TERMINAL_ENVIRONMENT, TERMINAL_NODE_FLAGS } from '../device/node-flags.ts';
import { pcscReaders } from '../device/readers/pcsc.ts';
import { openSigningKey } from '../shared/signing-key.ts';
import { tellUsageIfAsked } from '../shared/tell-usage.ts';
import { dateInJapan, utcMs } from '../shared/time.ts';
import { DEMO_SITE_ID, demoRegistry, demoWorkers } from './demo-site.ts';
import { DEMO_DIR, type DemoState, demoStateFile, readDemoState } from './demo-state.ts';
import { startService } from './service-process.ts';
import { startVirtualPcscd, type VirtualPcscd } from './virtual-reader/virtual-pcscd.ts';

const USAGE = 'usage: npm start [-- --fresh] [--dir FOLDER]';
const SYSTEM_DAEMON_SOCKET = '/run/pcscd/pcscd.comm';
/** What vsmartcard adds to the machine's own daemon; no card will ever be held to it. */
const EMULATED = 'Virtual PCD';
const READER_WAIT_MS = 1_500;
const TERMINAL_ID = 'demo-gate';
/** Of the manager's view; the README tells it. */
const DEMO_PIN = '2468';
const DEMO_ACCOUNT = 'demo';
/** Whoever wants one makes it with a password of their own. */
const ADMINISTRATOR = 'kanri';
const ROSTER_ASKED_MS = 200;
const ROSTER_TRIES = 150;
const View = z.object({ siteName: z.string() });

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const refuse = (message: string, code: number): never => {
  process.stderr.write(`${message}\n`);
  process.exit(code);
};

const readArguments = () => {
  try {
    return parseArgs({ options: { fresh: { type: 'boolean' }, dir: { type: 'string' } } }).values;
  } catch (cause) {
    return refuse(`${cause instanceof Error ? cause.message : cause}\n${USAGE}`, 2);
  }
};

tellUsageIfAsked(process.argv.slice(2), USAGE);
const { fresh = false, dir = DEMO_DIR } = readArguments();
const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The wanted port, or any free one when somebody else has it. */
const freePort = async (wanted: number): Promise<number> => {
  const server = createServer();
  const listening = once(server, 'listening').catch(() => undefined);
  server.listen(wanted, '127.0.0.1');
  if ((await listening) === undefined) return freePort(0);
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : wanted;
};

/** Whether the machine's own PC/SC daemon has a reader to offer. */
const hasRealReader = async (): Promise<boolean> => {
  if (!existsSync(SYSTEM_DAEMON_SOCKET)) return false;
  const found = Promise.withResolvers<boolean>();
  const readers = pcscReaders({})((event) => {
    if (event.kind === 'reader-attached' && !event.reader.startsWith(EMULATED)) found.resolve(true);
  });
  const late = setTimeout(() => found.resolve(false), READER_WAIT_MS);
  const isThere = await found.promise;
  clearTimeout(late);
  await readers.close();
  return isThere;
};

interface Reader {
  readonly virtual: VirtualPcscd | undefined;
  readonly words: string;
}

const chooseReader = async (): Promise<Reader> => {
  if (await hasRealReader())
    return { virtual: undefined, words: 'the card reader plugged in here' };
  const outcome = await startVirtualPcscd(join(dir, 'virtual-reader')).catch((cause: unknown) => ({
    kind: 'unavailable' as const,
    reason: cause instanceof Error ? cause.message : String(cause),
  }));
  return outcome.kind === 'running'
    ? { virtual: outcome, words: 'a virtual card reader' }
    : { virtual: undefined, words: `no card reader: ${outcome.reason}` };
};

if (readDemoState(dir) !== undefined) refuse('a demo is running already', 1);
if (fresh) rmSync(dir, { recursive: true, force: true });
mkdirSync(dir, { recursive: true, mode: 0o700 });

const [apiPort, kioskPort, brokerPort] = [
  await freePort(8_320),
  await freePort(8_321),
  await freePort(0),
];
const keyFiles = { gateway: join(dir, 'gateway.pem'), terminal: join(dir, 'terminal.pem') };
const publicKeys = {
  gateway: openSigningKey(keyFiles.gateway).publicKey,
  terminal: openSigningKey(keyFiles.terminal).publicKey,
};
const tokens = {
  read: randomBytes(24).toString('base64url'),
  admin: randomBytes(24).toString('base64url'),
};

const writeConfig = (name: string, config: object): string => {
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify(config, undefined, 2), { mode: 0o600 });
  return path;
};
const gatewayConfig = writeConfig('gateway.json', {
  dataDir: join(dir, 'gateway'),
  signingKeyFile: keyFiles.gateway,
  http: { port: apiPort },
  broker: { kind: 'embedded', port: brokerPort },
  terminals: [{ terminalId: TERMINAL_ID, siteId: DEMO_SITE_ID, publicKey: publicKeys.terminal }],
  tokens: [
    { name: 'demo-read', sha256: hash('sha256', tokens.read), scope: 'read' },
    { name: 'demo-admin', sha256: hash('sha256', tokens.admin), scope: 'admin' },
  ],
});

const reader = await chooseReader();
const { virtual } = reader;
const [inSlot, outSlot] = virtual?.slots ?? [];
const terminalConfig = writeConfig('terminal.json', {
  terminalId: TERMINAL_ID,
  siteId: DEMO_SITE_ID,
  dataDir: join(dir, 'terminal'),
  signingKeyFile: keyFiles.terminal,
  gateway: { url: `mqtt://127.0.0.1:${brokerPort}`, publicKey: publicKeys.gateway },
  kiosk: {
    port: kioskPort,
    managers: [{ name: '所長', pin: await hashPin(DEMO_PIN) }],
  },
  readers: {
    places: [
      ...(inSlot === undefined
        ? []
        : [{ match: inSlot.reader, readerId: '入口', direction: 'in' }]),
      ...(outSlot === undefined
        ? []
        : [{ match: outSlot.reader, readerId: '出口', direction: 'out' }]),
    ],
  },
  clockTrust: 'always',
});

// Sources run as they are; what Node makes of them is kept, which spares it time and memory.
const compileCache = join(dir, 'compile-cache');
const gateway = startService({
  name: 'gateway',
  program: program('../gateway/main.ts'),
  config: gatewayConfig,
  logFile: join(dir, 'gateway.log'),
  env: { NODE_COMPILE_CACHE: compileCache },
  nodeFlags: [],
  say,
});
const terminal = startService({
  name: 'terminal',
  program: program('../device/main.ts'),
  config: terminalConfig,
  logFile: join(dir, 'terminal.log'),
  env: {
    ...TERMINAL_ENVIRONMENT,
    NODE_COMPILE_CACHE: compileCache,
    PCSCLITE_CSOCK_NAME: virtual?.stableSocket,
  },
  nodeFlags: TERMINAL_NODE_FLAGS,
  say,
});

let isStopping = false;
const stop = async (code: number): Promise<void> => {
  if (isStopping) return;
  isStopping = true;
  await Promise.all([terminal.stop(), gateway.stop()]);
  await virtual?.close();
  rmSync(demoStateFile(dir), { force: true });
  process.exit(code);
};
process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));

await gateway.ready();
const apiUrl = `http://127.0.0.1:${apiPort}`;
const imported = await fetch(`${apiUrl}/v1/registry`, {
  method: 'PUT',
  headers: { authorization: `Bearer ${tokens.admin}`, 'content-type': 'application/json' },
  body: JSON.stringify(demoRegistry(dateInJapan(utcMs(Date.now())))),
});
if (!imported.ok) {
  process.stderr.write(`the demo registry was refused: ${await imported.text()}\n`);
  await stop(1);
}
/** Opens the console without a password, as often as wanted while the demo runs, for a day at most. */
const consolePath = async (): Promise<string> => {
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${apiUrl}/v1/accounts${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.admin}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  // There already when the demo was here before.
  await post('', { name: DEMO_ACCOUNT, scopes: ['central'] });
  const made = await post(`/${DEMO_ACCOUNT}/links`, { minutes: 1_440, isReusable: true });
  const { path } = z.object({ path: z.string() }).parse(await made.json());
  return path;
};
const consoleUrl = `${apiUrl}${await consolePath()}`;
await terminal.ready();
const kioskUrl = `http://127.0.0.1:${kioskPort}/`;
/** So that the first touch is somebody's: on a busy machine the roster comes a moment after the terminal. */
for (let tries = 0; tries < ROSTER_TRIES; tries += 1) {
  const { siteName } = View.parse(await (await fetch(`${kioskUrl}view`)).json());
  if (siteName !== '') break;
  await delay(ROSTER_ASKED_MS);
}

const state: DemoState = {
  pid: process.pid,
  kioskUrl,
  ...(inSlot === undefined || outSlot === undefined
    ? {}
    : { ports: { in: inSlot.port, out: outSlot.port } }),
  readerWords: reader.words,
};
writeFileSync(demoStateFile(dir), JSON.stringify(state));

say(`card reader: ${reader.words}`);
say(`kiosk ${state.kioskUrl}`);
say(`sign ${state.kioskUrl}sign`);
say(`console ${consoleUrl}`);
say(`api ${apiUrl} token ${tokens.read}`);
const addAccount = [process.execPath, program('../gateway/main.ts')].map((path) => `'${path}'`);
say(
  `administrator's account: ${addAccount.join(' ')} account add ${ADMINISTRATOR} --scope admin --config '${resolve(gatewayConfig)}'`,
);
say(`npm run tap -- ${demoWorkers[0]?.cardId}`);
