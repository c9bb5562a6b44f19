/** A simulated terminal: the real terminal on a disk, a clock and a link that can fail at any call. */

import type { Feedback } from '../../device/feedback.ts';
import type { Journal } from '../../device/journal.ts';
import type { Terminal } from '../../device/terminal.ts';
import { createWorkerLanguages } from '../../device/worker-languages.ts';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import type { Presented, TapBody } from '../../shared/entry.ts';
import type { SiteId, TerminalId } from '../../shared/ids.ts';
import { type ClockReading, DAY_MS, uptimeMs, utcMs } from '../../shared/time.ts';
import { CARDS, rosterBytes, terminalSigner, verifyGateway, WORKERS } from './cast.ts';
import { createDisk, type Disk } from './disk.ts';
import type { Network } from './network.ts';
import { type Observations, violate } from './observations.ts';
import type { Parts } from './parts.ts';

const REPEAT_WINDOW_MS = 60_000;

export interface TerminalWorld {
  readonly parts: Parts;
  readonly observations: Observations;
  readonly network: Network;
  /** Of who is on site: by chances of its own, so that nothing else happens otherwise for it. */
  readonly presenceNetwork: Network;
  /** True time, which nobody inside knows. */
  readonly now: () => number;
  /** Throws sometimes: the process ends here. */
  readonly mayCrash: () => void;
}

interface Running {
  readonly terminal: Terminal;
  readonly journal: Journal;
  readonly db: Sqlite;
}

export interface SimTerminal {
  readonly terminalId: TerminalId;
  readonly siteId: SiteId;
  readonly disk: Disk;
  readonly clock: { wallOffsetMs: number; bootedAtMs: number; bootId: string; isTrusted: boolean };
  running: Running | undefined;
  isLinked: boolean;
  readonly start: () => void;
  readonly touch: (presented: Presented, readerId: 'in' | 'out' | 'auto') => void;
}

/** Whom the roster takes a touch for; the last card is on no roster. */
export const identityOf = (presented: Presented): string =>
  presented.by === 'card'
    ? (WORKERS[CARDS.indexOf(presented.cardId)] ?? presented.cardId)
    : presented.workerId;

export const createSimTerminal = (
  { terminalId, siteId }: { readonly terminalId: TerminalId; readonly siteId: SiteId },
  { parts, observations, network, now, mayCrash }: TerminalWorld,
): SimTerminal => {
  /** Uptime at which somebody last touched a reader and was not told that it was a repeat. */
  const countedAt = new Map<string, { readonly bootId: string; readonly uptimeMs: number }>();

  let keptPresence: Uint8Array | undefined;

  const read = (): ClockReading => ({
    wallMs: utcMs(now() + self.clock.wallOffsetMs),
    uptimeMs: uptimeMs(now() - self.clock.bootedAtMs),
    bootId: self.clock.bootId,
    trust: self.clock.isTrusted ? 'trusted' : 'untrusted',
  });

  /** By true uptime, and by what is on the disk: also a touch whose beep a crash swallowed counts. */
  const judgeRepeat = (
    { presented, readerId, verdict }: TapBody,
    { bootId, uptimeMs: uptime }: ClockReading,
    journalId: string,
  ): void => {
    // Who got a new card knows nothing of before.
    const key = `${journalId} ${readerId} ${identityOf(presented)}`;
    const trueUptime = now() - self.clock.bootedAtMs;
    const last = countedAt.get(key);
    const mayBeRepeat = last?.bootId === bootId && trueUptime - last.uptimeMs < REPEAT_WINDOW_MS;
    if (verdict === 'repeat' && !mayBeRepeat) {
      violate(
        'only a touch within the window is a repeat',
        `${terminalId} ${key} at uptime ${uptime}`,
      );
    }
    if (verdict !== 'repeat' && mayBeRepeat) {
      violate('a touch within the window is a repeat', `${terminalId} ${key} at uptime ${uptime}`);
    }
    if (verdict !== 'repeat') countedAt.set(key, { bootId, uptimeMs: trueUptime });
  };

  /** The journal, watched: every text that it stored is written down outside. */
  const watched = (journal: Journal): Journal => ({
    ...journal,
    append: (body, reading) => {
      mayCrash();
      const outcome = journal.append(body, reading);
      if (outcome.kind === 'stored') {
        const { seq } = outcome.entry;
        const texts = observations.textsByJournal.get(journal.journalId) ?? [];
        observations.textsByJournal.set(journal.journalId, texts);
        const text = journal.read(seq, seq)[0]?.text ?? '';
        if (texts[seq - 1] !== undefined && texts[seq - 1] !== text) {
          violate('entry ids are never used twice', `${journal.journalId}/${seq}`);
        }
        texts[seq - 1] = text;
        if (body.kind === 'tap') judgeRepeat(body, reading, journal.journalId);
      }
      mayCrash();
      return outcome;
    },
  });

  const signal = (journal: Journal) => (feedback: Feedback) => {
    mayCrash();
    if (feedback.kind !== 'recorded') return;
    observations.beeps.push({ terminalId, journalId: journal.journalId, seq: feedback.seq });
    if (journal.lastSeq() < feedback.seq) {
      violate(
        'a beep is a receipt',
        `${terminalId} beeped for ${feedback.seq} before it was stored`,
      );
    }
    mayCrash();
  };

  const start = (): void => {
    const db = parts.openTerminalDb(self.disk.image() ?? ':memory:', { checkpointPages: 1_000 });
    self.disk.attach(db);
    const journal = watched(parts.openJournal(db, terminalId));
    const terminal = parts.createTerminal({
      siteId,
      version: 'simulated',
      repeatWindowMs: REPEAT_WINDOW_MS,
      maxShiftMs: 18 * 3_600_000,
      rosterMaxAgeMs: 7 * DAY_MS,
      face: undefined,
      languages: createWorkerLanguages({ load: () => undefined, save: () => undefined }),
      onCorrupt: () => undefined,
      clock: { read },
      journal,
      signer: terminalSigner(terminalId),
      verifyGateway,
      placeOfReader: (reader) => ({ readerId: reader, direction: 'auto' }),
      rosterCache: { load: () => rosterBytes(siteId), save: () => undefined },
      presenceCache: {
        load: () => keptPresence,
        save: (bytes) => {
          keptPresence = bytes;
        },
      },
      followPresence: () => undefined,
      publish: (channel, bytes) => {
        mayCrash();
        if (self.isLinked) network.send({ to: 'gateway', terminalId, channel, bytes }, now());
      },
      signal: signal(journal),
      changed: () => undefined,
      log: () => undefined,
    });
    self.running = { terminal, journal, db };
  };

  const touch: SimTerminal['touch'] = (presented, readerId) => {
    self.running?.terminal.touched(presented, { readerId, direction: readerId });
  };

  const self: SimTerminal = {
    terminalId,
    siteId,
    disk: createDisk(),
    clock: {
      wallOffsetMs: 0,
      bootedAtMs: now() - 60_000,
      bootId: `${terminalId}-boot-1`,
      isTrusted: true,
    },
    running: undefined,
    isLinked: false,
    start,
    touch,
  };
  return self;
};
