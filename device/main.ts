#!/usr/bin/env node
/** genba-terminal: builds the adapters and keeps the terminal running, as systemd starts it. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { logTo } from '../shared/log.ts';
import { createNotify } from '../shared/notify.ts';
import { readServiceConfig } from '../shared/service-config.ts';
import { verifierOf } from '../shared/signature.ts';
import { openSigningKey } from '../shared/signing-key.ts';
import { DAY_MS, HOUR_MS, utcMs } from '../shared/time.ts';
import { gpioCamera } from './camera/gpio-camera.ts';
import { serialCamera } from './camera/serial-camera.ts';
import { createCertificateKeeper } from './certificate-keeper.ts';
import { createSystemClock } from './clock.ts';
import {
  expectedPlaces,
  parseTerminalConfig,
  placeOfReader,
  type TerminalConfig,
} from './config.ts';
import { diskOf } from './facts.ts';
import { toneOf } from './feedback.ts';
import { oldestUnsentTap } from './journal.ts';
import { openJournalFile, setAsideFolders } from './journal-file.ts';
import { startKiosk } from './kiosk/server.ts';
import { credentialsIn, openMqttLink } from './link-mqtt.ts';
import { managerRoutes } from './manager/routes.ts';
import { saveToUsbStick } from './manager/usb-stick.ts';
import { openNamesStore } from './names-store.ts';
import { ownState, TELL_GAP_MS } from './own-state.ts';
import { progressOf } from './progress.ts';
import { pcscReaders } from './readers/pcsc.ts';
import { serialReader } from './readers/serial.ts';
import { waysToWatch } from './signals/gpio-input.ts';
import { startSignals } from './signals/signals.ts';
import { createStateTeller } from './state-teller.ts';
import { statusReport } from './status-report.ts';
import { createTerminal } from './terminal.ts';
import { createWorkerLanguages } from './worker-languages.ts';

const USAGE = 'usage: genba-terminal --config FILE';
const EXIT_WRONG_INPUT = 2;
/** The next start sets the journal aside. */
const EXIT_BROKEN_JOURNAL = 3;
const TICK_MS = 1_000;
const FLUSH_MS = 60_000;
const RENEWAL_MS = 60_000;
const STATUS_MS = 10_000;

const log = logTo('terminal', (line) => process.stderr.write(line));

const refuse = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_WRONG_INPUT);
};

const readConfig = (): TerminalConfig => {
  const start = readServiceConfig(process.argv.slice(2), USAGE, parseTerminalConfig);
  if (start.kind === 'read') return start.config;
  if (start.kind === 'refused') return refuse(start.message);
  process.stdout.write(`${USAGE}\n`);
  return process.exit(0);
};

const config = readConfig();
mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
const signer = openSigningKey(config.signingKeyFile);
const clock = createSystemClock(config.clockTrust);
const { journal, setAside } = openJournalFile(config.dataDir, config.terminalId);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const { tls } = config.gateway;
const hasCameras = config.cameras.serial.length + config.cameras.gpio.length > 0;
const uptime = () => clock.read().uptimeMs;

const names = openNamesStore(config, log);
const signals = startSignals(config.signals, {
  now: uptime,
  onFault: (fault) => terminal.onSignalsFault(fault?.reason),
});
const terminal = createTerminal({
  siteId: config.siteId,
  version: String(version),
  repeatWindowMs: config.repeatWindowMs,
  maxShiftMs: config.maxShiftHours * HOUR_MS,
  rosterMaxAgeMs: config.rosterMaxAgeDays * DAY_MS,
  face: hasCameras ? config.cameras : undefined,
  clock,
  journal,
  signer,
  verifyGateway: verifierOf(config.gateway.publicKey),
  placeOfReader: (reader) => placeOfReader(config, reader),
  expectedPlaces: expectedPlaces(config),
  rosterCache: names.file('roster'),
  languages: createWorkerLanguages(names.file('languages.json')),
  publish: (channel, bytes) => link.publish(channel, bytes),
  signal: (feedback) => signals.play(toneOf(feedback)),
  onCorrupt: () => setImmediate(() => process.exit(EXIT_BROKEN_JOURNAL)),
  changed: () => kiosk.changed(),
  log,
});

const certificate =
  tls &&
  createCertificateKeeper({
    terminalId: config.terminalId,
    files: tls,
    enrolmentUrl: config.gateway.enrolmentUrl,
    signer,
    clock,
    random: Math.random,
    onRenewed: () => link.reconnect(),
    log,
  });
/** By it the gateway notices one certificate in two places. */
const start = randomUUID();
const machineFacts = () => ({
  disk: diskOf(config.dataDir),
  certificateEnds: certificate?.span()?.to,
  certificateFault: certificate?.fault(),
  namesFault: names.fault(),
  setAside: setAsideFolders(config.dataDir),
  version: String(version),
});
const healthFacts = () => ({
  ...machineFacts(),
  status: terminal.status(),
  oldestUnsent: oldestUnsentTap(journal),
});
const teller = createStateTeller({
  state: (linkDrops) => ownState({ ...healthFacts(), start, linkDrops }),
  publish: (bytes) => link.publish('status', bytes),
});

const kiosk = await startKiosk({
  port: config.kiosk.port,
  terminal,
  clock,
  keypad: config.readers.keypad,
  voice: config.kiosk.voice,
  sign: config.sign,
  certificateEnds: () => certificate?.span()?.to,
  report: () =>
    statusReport(config, {
      ...healthFacts(),
      journalEntries: journal.lastSeq() - journal.firstSeq() + 1,
      linkDrops: teller.linkDrops(),
    }),
  manager:
    config.kiosk.managers.length === 0
      ? undefined
      : managerRoutes({
          siteId: config.siteId,
          terminal,
          journal,
          clock,
          managers: config.kiosk.managers,
          facts: machineFacts,
          saveToUsb: (name, text) => saveToUsbStick(config.kiosk.usbFolder, name, text),
          log,
        }),
});
const link = openMqttLink(
  {
    url: config.gateway.url,
    terminalId: config.terminalId,
    tls: tls && credentialsIn(tls),
    start,
  },
  {
    onLink: (isUp) => {
      terminal.onLink(isUp);
      teller.onLink(isUp);
    },
    onMessage: terminal.onMessage,
    log,
  },
);
if (setAside !== undefined) {
  log('the journal was broken and is set aside', { folder: setAside });
  terminal.note({ kind: 'health', what: 'journal-set-aside', detail: setAside });
}
let readersHeardAt = uptime();
const onHeard = (): void => {
  readersHeardAt = uptime();
};
const closables = [
  ...(config.readers.pcsc ? [pcscReaders({ onHeard })(terminal.onReader)] : []),
  ...config.readers.serial.map((line) => serialReader(line, uptime)(terminal.onReader)),
  ...config.cameras.serial.map((line) => serialCamera(line, uptime, terminal.onFace)),
  ...config.cameras.gpio.map((wire) =>
    gpioCamera({ ...wire, candidates: waysToWatch(wire) }, uptime, terminal.onFace),
  ),
  signals,
];

/** A clock that is not trusted must not make anything look old. */
const prune = (): void => {
  const { wallMs, trust } = clock.read();
  if (trust !== 'trusted') return;
  const pruned = journal.prune(utcMs(Math.max(0, wallMs - config.keepDays * DAY_MS)));
  if (pruned > 0) terminal.note({ kind: 'health', what: 'pruned', detail: `${pruned} entries` });
};
const notify = await createNotify(process.env.NOTIFY_SOCKET);
let stuckPart = '';
const tick = (): void => {
  terminal.tick();
  const progress = progressOf({
    now: uptime(),
    readersHeardAt: config.readers.pcsc ? readersHeardAt : undefined,
    isJournalReadable: journal.hashAt(journal.lastSeq()) !== undefined,
  });
  if (progress.kind === 'working') notify.alive();
  else if (progress.part !== stuckPart) log('the terminal is stuck', { part: progress.part });
  stuckPart = progress.kind === 'stuck' ? progress.part : '';
};
const ticking = setInterval(tick, TICK_MS);
const telling = setInterval(() => {
  const { isLinked, readers, storageFault, unsentTaps } = terminal.status();
  const attached = readers.filter((reader) => reader.attached).length;
  notify.status(
    `${storageFault ?? 'recording'}; ${isLinked ? 'linked' : 'offline'}, ${unsentTaps} unsent; ${attached} of ${readers.length} readers`,
  );
}, STATUS_MS);
const reporting = setInterval(teller.tick, TELL_GAP_MS);
const flushing = setInterval(journal.flush, FLUSH_MS);
const renewing = setInterval(() => certificate?.tick(), RENEWAL_MS);
certificate?.tick();
const pruning = setInterval(prune, HOUR_MS);

let isStopping = false;
const stop = async (): Promise<void> => {
  if (isStopping) return;
  isStopping = true;
  notify.stopping();
  for (const each of [ticking, telling, reporting, flushing, renewing, pruning])
    clearInterval(each);
  await Promise.all(closables.map(({ close }) => close()));
  await link.close();
  await kiosk.close();
  journal.close();
  process.exit(0);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// Started by another program over an IPC channel: when that program dies, so does this one.
process.on('disconnect', stop);

notify.ready();
process.stdout.write(
  `${JSON.stringify({ ready: 'terminal', kioskUrl: kiosk.url, publicKey: signer.publicKey })}\n`,
);
