/**
 * The terminal killed and its power cut, again and again, while cards are held to it: whatever the
 * kiosk said was recorded is in the journal, and in the end in the ledger, exactly once.
 *
 * The whole real terminal: PC/SC daemon, reader host, journal, kiosk, link. The beep is taken from the
 * kiosk's own stream, as a person would see it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openJournal } from '../../device/journal.ts';
import { readersOfDaemon } from '../../device/readers/pcscd-socket.ts';
import { presentCard } from '../../provisioning/virtual-reader/virtual-card.ts';
import {
  startVirtualPcscd,
  type VirtualPcscd,
} from '../../provisioning/virtual-reader/virtual-pcscd.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { parseEntry } from '../../shared/entry.ts';
import { until } from '../fixtures/event-log.ts';
import { TERMINAL } from '../fixtures/identities.ts';
import { followKiosk } from '../fixtures/kiosk-stream.ts';
import { childrenOf, isRunning } from '../fixtures/processes.ts';
import type { RunningService } from '../fixtures/service.ts';
import { createSite, type Site } from '../fixtures/site.ts';
import { createPowerCutDisk } from '../power-cut/power-cut.ts';

/** More of them for a longer night: `TORTURE_KILLS=1000 TORTURE_POWER_CUTS=200 npm test -- tests/site/torture.test.ts`. */
const KILLS = Number(process.env.TORTURE_KILLS ?? 200);
const POWER_CUTS = Number(process.env.TORTURE_POWER_CUTS ?? 50);

let pcscd: VirtualPcscd;
beforeAll(async () => {
  const outcome = await startVirtualPcscd(join(tmpdir(), 'genba-virtual-reader'));
  if (outcome.kind !== 'running') throw new Error(outcome.reason);
  pcscd = outcome;
});
afterAll(() => pcscd.close());

const serialOf = (number: number): string =>
  `02AC${number.toString(16).toUpperCase().padStart(12, '0')}`;

/** Cards by seq, as the journal on the disk has them. */
const journalOnDisk = (dataDir: string) => {
  const db = openDurableSqlite(join(dataDir, 'journal.db'), { checkpointPages: 1_000 });
  const journal = openJournal(db, TERMINAL);
  const last = journal.lastSeq();
  const cardBySeq = new Map<number, string>();
  for (const { seq, text } of last === 0 ? [] : journal.read(1, last)) {
    const parsed = parseEntry(text);
    if (parsed.ok && parsed.value.kind === 'tap' && parsed.value.presented.by === 'card') {
      cardBySeq.set(seq, parsed.value.presented.cardId);
    }
  }
  journal.close();
  return { cardBySeq, last };
};

interface Round {
  /** Seqs that the kiosk told of. */
  readonly beeped: readonly number[];
}

/** Starts a terminal, holds cards to it one after the other, and kills it at a random moment. */
const killedRound = async (
  site: Site,
  env: Readonly<Record<string, string>>,
  nextCard: () => string,
): Promise<Round> => {
  const terminal: RunningService = await site.startTerminal({
    ...env,
    PCSCLITE_CSOCK_NAME: pcscd.stableSocket,
  });
  const beeped: number[] = [];
  const stream = followKiosk(String(terminal.ready.kioskUrl), ({ touch }) => {
    const seq = Number(touch?.key);
    if (Number.isInteger(seq) && beeped.at(-1) !== seq) beeped.push(seq);
  });
  // A touch is shown for seconds only: one made before the kiosk's stream is open may never be told.
  await until(() => stream.views.length > 0 || terminal.hasEnded(), 'the kiosk’s first word');
  const killAfter = 1 + Math.floor(Math.random() * 4);
  let hosts: readonly number[] = [];
  let killing: Promise<void> | undefined;
  /** Somewhere within the next touch: a card takes about ten milliseconds from air to beep. */
  const kill = async (): Promise<void> => {
    const moment = performance.now() + Math.random() * 20;
    await until(() => performance.now() >= moment, 'the moment of the kill');
    hosts = childrenOf(terminal.pid);
    await terminal.kill('SIGKILL');
  };
  while (!terminal.hasEnded()) {
    const serial = nextCard();
    const card = await presentCard(pcscd.slots[0].port, { serial });
    const before = beeped.length;
    try {
      await until(() => beeped.length > before || terminal.hasEnded(), 'a beep or the end');
    } catch (cause) {
      const daemon = JSON.stringify(await readersOfDaemon(pcscd.stableSocket, 2_000).catch(String));
      const status = await (await fetch(`${terminal.ready.kioskUrl}status`)).text();
      await terminal.kill('SIGKILL');
      const isOnDisk = [...journalOnDisk(site.terminalDataDir).cardBySeq.values()].includes(serial);
      const said = JSON.stringify([...new Set(stream.views.flatMap(({ faults }) => faults))]);
      throw new Error(
        `${cause}; the card is ${isOnDisk ? '' : 'not '}on the disk; faults: ${said}; daemon ${daemon}; status ${status}`,
      );
    } finally {
      await card.remove();
    }
    if (beeped.length >= killAfter) killing ??= kill();
  }
  await killing;
  await stream.ended;
  await until(() => !hosts.some(isRunning), 'the reader host ends with its terminal');
  return { beeped };
};

const finalTerminal = async (site: Site, cardBySeq: ReadonlyMap<number, string>): Promise<void> => {
  const terminal = await site.startTerminal();
  await site.drained(terminal);
  await terminal.kill('SIGTERM');
  const inLedger = (await site.taps()).map(({ id, cardId }) => [
    Number(id.split('/').at(-1)),
    cardId,
  ]);
  expect(inLedger).toEqual([...cardBySeq]);
};

describe('the terminal', () => {
  test(`killed ${KILLS} times loses no touch that beeped and doubles none`, async () => {
    const site = await createSite({ hasReaders: true });
    const gateway = await site.startGateway();
    let cards = 0;
    const lost: number[] = [];
    let beeps = 0;
    for (let round = 0; round < KILLS; round += 1) {
      const from = cards;
      const { beeped } = await killedRound(site, {}, () => serialOf(cards++));
      const { cardBySeq } = journalOnDisk(site.terminalDataDir);
      const presented = new Set(
        Array.from({ length: cards - from }, (_, index) => serialOf(from + index)),
      );
      lost.push(...beeped.filter((seq) => !presented.has(cardBySeq.get(seq) ?? '')));
      beeps += beeped.length;
    }
    expect(beeps).toBeGreaterThanOrEqual(KILLS);
    expect(lost).toEqual([]);
    await finalTerminal(site, journalOnDisk(site.terminalDataDir).cardBySeq);
    await gateway.kill('SIGTERM');
    site.remove();
  }, 1_800_000);

  test(`with its power cut ${POWER_CUTS} times loses no touch that beeped`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'genba-torture-'));
    const disk = createPowerCutDisk(folder);
    const site = await createSite({ hasReaders: true, terminalDataDir: disk.root });
    const gateway = await site.startGateway();
    let cards = 0;
    let beeps = 0;
    const lost: number[] = [];
    for (let round = 0; round < POWER_CUTS; round += 1) {
      const from = cards;
      const { beeped } = await killedRound(site, disk.env, () => serialOf(cards++));
      disk.cut();
      const { cardBySeq } = journalOnDisk(disk.root);
      const presented = new Set(
        Array.from({ length: cards - from }, (_, index) => serialOf(from + index)),
      );
      lost.push(...beeped.filter((seq) => !presented.has(cardBySeq.get(seq) ?? '')));
      beeps += beeped.length;
      disk.settle();
    }
    expect(beeps).toBeGreaterThanOrEqual(POWER_CUTS);
    expect(lost).toEqual([]);
    await finalTerminal(site, journalOnDisk(disk.root).cardBySeq);
    await gateway.kill('SIGTERM');
    site.remove();
    rmSync(folder, { recursive: true });
  }, 1_800_000);
});
