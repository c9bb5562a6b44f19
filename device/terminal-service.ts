/**
 * The terminal put together and kept going (端末の組み立て): by `main` on the machine's own clock and readers,
 * and by simulations on theirs.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import type { Log } from '../shared/log.ts';
import type { Notify } from '../shared/notify.ts';
import { verifierOf } from '../shared/signature.ts';
import { openSigningKey } from '../shared/signing-key.ts';
import { type Clock, DAY_MS, HOUR_MS } from '../shared/time.ts';
import { BEAT_MS, type Every } from './beat.ts';
import { gpioCamera } from './camera/gpio-camera.ts';
import { serialCamera } from './camera/serial-camera.ts';
import { createCertificateKeeper } from './certificate-keeper.ts';
import { expectedPlaces, placeOfReader, type TerminalConfig } from './config.ts';
import { diskOf } from './facts.ts';
import { toneOf } from './feedback.ts';
import { oldestUnsentTap } from './journal.ts';
import { type OpenedJournal, openJournalFile, setAsideFolders } from './journal-file.ts';
import { startKiosk } from './kiosk/server.ts';
import { createLateJournal } from './late-journal.ts';
import { credentialsIn, openMqttLink } from './link-mqtt.ts';
import { managerRoutes } from './manager/routes.ts';
import { saveToUsbStick } from './manager/usb-stick.ts';
import { openNamesStore } from './names-store.ts';
import { ownState, TELL_GAP_MS } from './own-state.ts';
import { progressOf } from './progress.ts';
import { PRUNE_EVERY_MS, prune } from './pruning.ts';
import type { CardReader } from './readers/reader.ts';
import { waysToWatch } from './signals/gpio-input.ts';
import { startSignals } from './signals/signals.ts';
import { createStateTeller } from './state-teller.ts';
import { statusReport } from './status-report.ts';
import { createTerminal } from './terminal.ts';
import { createWorkerLanguages } from './worker-languages.ts';

/** A full disk may have room at any moment, and nobody should wait for it. */
const TICK_MS = BEAT_MS;
const FLUSH_MS = 60_000;
const RENEWAL_MS = 60_000;
const STATUS_MS = 10_000;
/** Also redraws what changes with time alone, such as who is still on site. A page waits 12 s for it (kiosk/follow.js). */
const SCREENS_MS = 4_000;

export interface Surroundings {
  readonly clock: Clock;
  readonly every: Every;
  readonly cardReaders: readonly CardReader[];
  /** Uptime when the reader host last said anything; undefined where there is no PC/SC to watch. */
  readonly readersHeardAt: () => number | undefined;
  readonly notify: Pick<Notify, 'alive' | 'status'>;
  /** The journal's file is broken: a new start sets it aside. */
  readonly onCorrupt: () => void;
  readonly log: Log;
}

export interface TerminalService {
  readonly kioskUrl: string;
  readonly publicKey: string;
  readonly close: () => Promise<void>;
}

/** Throws where the folder, the key or the kiosk's port cannot be had, or the journal is another terminal's. */
export const startTerminalService = async (
  config: TerminalConfig,
  { clock, every, cardReaders, readersHeardAt, notify, onCorrupt, log }: Surroundings,
): Promise<TerminalService> => {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const signer = openSigningKey(config.signingKeyFile);
  const late = createLateJournal(config.terminalId, () =>
    openJournalFile(config.dataDir, config.terminalId),
  );
  const { journal } = late;
  const opened = late.open();
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
    rosterCache: names.roster,
    presenceCache: names.file('presence'),
    followPresence: () => link.follow('presence'),
    languages: createWorkerLanguages(names.file('languages.json')),
    publish: (channel, bytes) => link.publish(channel, bytes),
    signal: (feedback) => signals.play(toneOf(feedback)),
    onCorrupt,
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
    state: (linkDrops) => ownState({ ...healthFacts(), start, linkDrops, linkTries: link.tries() }),
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

  const noteCondition = ({ setAside, isCut }: Pick<OpenedJournal, 'setAside' | 'isCut'>): void => {
    if (isCut) log('the journal’s last commit is not whole: the power was cut, or a touch is lost');
    if (setAside === undefined) return;
    log('the journal was broken and is set aside', { folder: setAside });
    terminal.note({ kind: 'health', what: 'journal-set-aside', detail: setAside });
  };
  if (opened.kind === 'opened') noteCondition(opened);
  else log('the journal cannot be opened', { reason: opened.message });
  /** One that takes longer to look through than the watchdog allows is left to the next start, which has the time. */
  const openAgain = (): void => {
    const outcome = late.open();
    if (outcome.kind === 'not-opened') return;
    stopTrying();
    log('the journal is open', {});
    terminal.journalOpened();
    noteCondition(outcome);
  };

  const closables = [
    ...cardReaders.map((reader) => reader(terminal.onReader)),
    ...config.cameras.serial.map((line) => serialCamera(line, uptime, terminal.onFace)),
    ...config.cameras.gpio.map((wire) =>
      gpioCamera({ ...wire, candidates: waysToWatch(wire) }, uptime, terminal.onFace),
    ),
    signals,
  ];

  let untaken = '';
  /** Only a new start finds what stands in the journal's place now, or that nothing does. Whether it may come. */
  const hasLeftJournal = (): boolean => {
    try {
      log('the journal was taken away', { unsentSetAside: late.leave() ?? 'nothing' });
      return true;
    } catch (cause) {
      // It goes on to be sent, and is tried again.
      if (untaken !== String(cause))
        log('the journal was taken away, and nothing can be set aside', { reason: String(cause) });
      untaken = String(cause);
      return false;
    }
  };

  let stuckPart = '';
  const tick = (): void => {
    terminal.tick();
    if (!journal.isInPlace() && hasLeftJournal()) return onCorrupt();
    signals.setReadiness(terminal.readiness());
    const progress = progressOf({
      now: uptime(),
      readersHeardAt: readersHeardAt(),
      isJournalReadable: journal.hashAt(journal.lastSeq()) !== undefined,
    });
    if (progress.kind === 'working') notify.alive();
    else if (progress.part !== stuckPart) log('the terminal is stuck', { part: progress.part });
    stuckPart = progress.kind === 'stuck' ? progress.part : '';
  };
  const tell = (): void => {
    const { isLinked, readers, storageFault, unsentTaps } = terminal.status();
    const attached = readers.filter((reader) => reader.attached).length;
    notify.status(
      `${storageFault ?? 'recording'}; ${isLinked ? 'linked' : 'offline'}, ${unsentTaps} unsent; ${attached} of ${readers.length} readers`,
    );
  };
  tick();
  certificate?.tick();
  const stopTrying = opened.kind === 'opened' ? () => undefined : every(TICK_MS, openAgain);
  const regular = [
    every(TICK_MS, tick),
    stopTrying,
    every(STATUS_MS, tell),
    every(SCREENS_MS, kiosk.changed),
    every(HOUR_MS, terminal.forget),
    every(TELL_GAP_MS, teller.tick),
    every(FLUSH_MS, journal.flush),
    every(RENEWAL_MS, () => certificate?.tick()),
    every(PRUNE_EVERY_MS, () =>
      prune({ journal, reading: clock.read(), keepDays: config.keepDays, note: terminal.note }),
    ),
  ];

  return {
    kioskUrl: kiosk.url,
    publicKey: signer.publicKey,
    close: async () => {
      for (const end of regular) end();
      await Promise.all(closables.map(({ close }) => close()));
      await link.close();
      await kiosk.close();
      terminal.save();
      journal.close();
    },
  };
};
