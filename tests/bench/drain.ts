/**
 * `drain`: weeks of touches from a terminal's journal to the gateway's ledger, with the gateway killed
 * twice on the way; against a raw bulk insert of the same texts. And what the terminal weighs then.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '../../device/journal.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { until } from '../fixtures/event-log.ts';
import { TERMINAL } from '../fixtures/identities.ts';
import { prefillJournal } from '../fixtures/prefilled-journal.ts';
import { createSite, type Site } from '../fixtures/site.ts';
import { type Figure, figure, milliseconds } from './figures.ts';

const TOUCHES = 100_000;
const WORKERS = 2_000;
const ROWS_PER_COMMIT = 1_000;

const bulkInsertMs = (texts: readonly string[]): number => {
  const folder = mkdtempSync(join(tmpdir(), 'genba-bench-'));
  const db = openDurableSqlite(join(folder, 'bulk.db'), { checkpointPages: 10_000 });
  db.exec('create table entry (ledger_no integer primary key, text text not null) strict');
  const insert = db.prepare('insert into entry (text) values (?)');
  const insertMany = db.transaction((rows: readonly string[]) => {
    for (const row of rows) insert.run(row);
  });
  const took = milliseconds(() => {
    for (let from = 0; from < texts.length; from += ROWS_PER_COMMIT) {
      insertMany(texts.slice(from, from + ROWS_PER_COMMIT));
    }
  });
  db.close();
  rmSync(folder, { recursive: true });
  return took;
};

const residentMb = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
};

const storedTexts = (site: Site): readonly string[] => {
  const journal = openJournal(
    openDurableSqlite(join(site.terminalDataDir, 'journal.db'), { checkpointPages: 10_000 }),
    TERMINAL,
  );
  const texts = journal.read(1, journal.lastSeq()).map(({ text }) => text);
  journal.close();
  return texts;
};

/** Throws unless the ledger holds every touch once and in order. */
const checkLedger = (site: Site): void => {
  const db = openDurableSqlite(site.ledgerFile, { checkpointPages: 10_000 });
  const seqs = db.prepare<[], number>('select seq from entry order by ledger_no').pluck().all();
  const taps = db.prepare<[], number>('select count(*) from tap').pluck().get();
  db.close();
  if (taps !== TOUCHES || seqs.some((seq, index) => seq !== index + 1)) {
    throw new Error(`the ledger holds ${taps} of ${TOUCHES} touches, or not in order`);
  }
};

const drainOnce = async (
  kills: readonly number[],
): Promise<{ ms: number; rssMb: number; bulkMs: number }> => {
  const site = await createSite();
  // Once before, so that Node has kept what it makes of the sources: a terminal on a Pi ships it made.
  await (await site.startTerminal()).kill('SIGTERM');
  prefillJournal(site.terminalDataDir, TOUCHES, WORKERS);
  const bulkMs = bulkInsertMs(storedTexts(site));
  let gateway = await site.startGateway();
  let downMs = 0;
  const start = performance.now();
  const terminal = await site.startTerminal();
  const bootMs = performance.now() - start;
  for (const share of kills) {
    await until(
      async () => (await site.unsent(terminal)) <= TOUCHES * (1 - share),
      `${share} sent`,
      25,
    );
    const killedAt = performance.now();
    await gateway.kill('SIGKILL');
    gateway = await site.startGateway();
    downMs += performance.now() - killedAt;
  }
  await site.drained(terminal);
  const ms = performance.now() - start - bootMs - downMs;
  const rssMb = residentMb(terminal.pid);
  await terminal.kill('SIGTERM');
  await gateway.kill('SIGTERM');
  checkLedger(site);
  site.remove();
  return { ms, rssMb, bulkMs };
};

export const drain = async (): Promise<readonly Figure[]> => {
  const quiet = await drainOnce([]);
  const killed = await drainOnce([0.3, 0.6]);
  const perSecond = (ms: number): number => (TOUCHES / ms) * 1_000;
  const bulk = 'raw bulk insert of the same texts, 1,000 a commit';
  return [
    figure('drain', perSecond(quiet.ms), 'touches/s', bulk, perSecond(quiet.bulkMs)),
    figure(
      'drain, gateway killed twice',
      perSecond(killed.ms),
      'touches/s',
      bulk,
      perSecond(killed.bulkMs),
    ),
    figure('terminal RSS after 100,000 touches', quiet.rssMb, 'MB', 'the limit of a small Pi', 120),
  ];
};
