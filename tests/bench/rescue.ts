/**
 * `rescue`: a million touches off a dead terminal's card, sound and with its first page broken, and into the ledger
 * of a gateway; the memory that either side takes against a tenth of the touches, and the time against a copy.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { prefillJournal } from '../fixtures/prefilled-journal.ts';
import { createSite, type Site } from '../fixtures/site.ts';
import { type Figure, figure, milliseconds } from './figures.ts';

const TOUCHES = 1_000_000;
const WORKERS = 5_000;
/** Where there is more, Node takes it before it tidies up: what a program needs would not be seen. */
const HEAP = '--max-old-space-size=64';

const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Most memory of the program, MB, and how long it took, s. */
const weighed = (path: string, ...parameters: readonly string[]) => {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [HEAP, '--import', program('./tell-peak.ts'), program(path), ...parameters],
    { encoding: 'utf8' },
  );
  const lines = stderr.trim().split('\n');
  if (status !== 0) throw new Error(`${path} ended with ${status}: ${stderr}`);
  const seconds = (performance.now() - started) / 1_000;
  return { megabytes: Number(lines.at(-1)) / 1_024, seconds, stdout };
};

const countIn = (ledgerFile: string): number => {
  const db = openDurableSqlite(ledgerFile, { checkpointPages: 1_000 });
  const count = db.prepare<[], number>('select count(*) from tap').pluck().get() ?? 0;
  db.close();
  return count;
};

const spoilFirstPage = (site: Site): void => {
  const handle = openSync(join(site.terminalDataDir, 'journal.db'), 'r+');
  writeSync(handle, Buffer.alloc(4_096, 0xa5), 0, 4_096, 0);
  closeSync(handle);
};

const rescueOf = async (touches: number) => {
  const site = await createSite();
  await (await site.startGateway()).kill('SIGTERM');
  prefillJournal(site.terminalDataDir, touches, WORKERS);
  const out = join(site.folder, 'rescued.ndjson');
  const copyMs = milliseconds(() =>
    copyFileSync(join(site.terminalDataDir, 'journal.db'), join(site.folder, 'copy.db')),
  );
  const rescue = () => {
    rmSync(out, { force: true });
    return weighed(
      '../../provisioning/genba.ts',
      'rescue',
      '--data',
      site.terminalDataDir,
      '--out',
      out,
    );
  };
  const sound = rescue();
  const config = join(site.folder, 'gateway.json');
  const imported = weighed('../../gateway/main.ts', 'import-rescue', out, '--config', config);
  const count = countIn(site.ledgerFile);
  if (count !== touches) throw new Error(`${count} of ${touches} touches are in the ledger`);
  spoilFirstPage(site);
  const broken = rescue();
  if (!broken.stdout.includes('連鎖の確認 ○')) throw new Error(broken.stdout);
  site.remove();
  return { sound, imported, broken, copySeconds: copyMs / 1_000 };
};

export const rescue = async (): Promise<readonly Figure[]> => {
  const tenth = await rescueOf(TOUCHES / 10);
  const whole = await rescueOf(TOUCHES);
  const parts = [
    ['rescue', 'sound'],
    ['rescue, first page broken', 'broken'],
    ['import-rescue', 'imported'],
  ] as const;
  return parts.flatMap(([name, part]) => [
    figure(
      `${name}, peak memory of 1,000,000 touches`,
      whole[part].megabytes,
      'MB',
      'the same of 100,000, MB',
      tenth[part].megabytes,
    ),
    figure(
      `${name}, 1,000,000 touches`,
      whole[part].seconds,
      's',
      'a copy of the journal’s file, s',
      whole.copySeconds,
    ),
  ]);
};
