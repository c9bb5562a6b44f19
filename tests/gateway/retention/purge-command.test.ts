/** `genba-gateway purge` on a ledger in a folder: shows first, takes a name, refuses what must be kept. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../../gateway/commands/commands.ts';
import { openSqliteAuditLog } from '../../../gateway/store/sqlite-audit-log.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { utcMs } from '../../../shared/time.ts';
import { attendanceDay } from '../../fixtures/attendance-day.ts';
import { registryDocument, registryWith } from '../../fixtures/registry.ts';
import { storeDays } from '../../fixtures/store-days.ts';

let folder: string;
let config: string;
let said: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-purge-'));
  config = join(folder, 'gateway.json');
  writeFileSync(
    config,
    JSON.stringify({ dataDir: folder, signingKeyFile: join(folder, 'gateway.pem') }),
  );
  inLedger((db) => {
    const ledger = openSqliteLedger(db);
    storeDays(
      ledger,
      ['2014-03-03', '2014-05-07'].map((date) => attendanceDay(date)),
    );
    const [contract] = registryDocument.contracts;
    const contracts = [
      { ...contract, contractDate: '2014-01-01', completionDate: '2014-12-01' },
      { ...contract, contractId: 'K9', contractDate: '2016-01-01' },
    ];
    ledger.saveRegistryText(JSON.stringify(registryWith({ contracts })), utcMs(0));
  });
  said = '';
});
afterEach(() => rmSync(folder, { recursive: true }));

const inLedger = <Outcome>(
  work: (db: ReturnType<typeof openDurableSqlite>) => Outcome,
): Outcome => {
  const db = openDurableSqlite(join(folder, 'ledger.db'), { checkpointPages: 1_000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
};
const dates = () =>
  inLedger((db) =>
    openSqliteLedger(db)
      .attendance({})
      .map(({ workDate }) => workDate),
  );
const purged = () =>
  inLedger((db) => openSqliteAuditLog(db, () => utcMs(0)).page({ limit: 10, kind: 'purged' }));
const run = (...parameters: readonly string[]) => {
  const say = (line: string): void => {
    said += `${line}\n`;
  };
  return runCommand(['purge', '--config', config, ...parameters], {
    say,
    complain: say,
    version: '1.2.3',
    askSecret: async () => '',
  });
};

describe('genba-gateway purge', () => {
  test('shows what would go, and removes nothing', async () => {
    expect(await run('--dry-run', '2014-05-01')).toBe(0);
    expect(said).toContain('出面 1件');
    expect(said).toContain('何も消していません');
    expect(dates()).toHaveLength(2);
    expect(purged()).toEqual([]);
  });

  test('removes it under a name, which stands in the audit log with the counts', async () => {
    expect(await run('--confirm', '2014-05-01', '--by', '所長 佐藤')).toBe(0);
    expect(said).toContain('消しました');
    expect(dates()).toEqual(['2014-05-07']);
    expect(purged()).toMatchObject([
      {
        actor: 'command',
        detail: { purgeNo: 1, before: '2014-05-01', by: '所長 佐藤', attendanceDays: 1 },
      },
    ]);
  });

  test.each<[string, readonly string[], string]>([
    ['without a word which', [], '--dry-run か --confirm'],
    ['both at once', ['--dry-run', '2014-05-01', '--confirm', '2014-05-01'], 'どちらか一つ'],
    ['without a name', ['--confirm', '2014-05-01'], '--by'],
    ['what is no date', ['--dry-run', '2014-02-30'], '日付'],
    ['what must be kept, with every reason', ['--dry-run', '9999-01-01'], '出面の保存期間の内'],
    ['works that are not completed', ['--dry-run', '2017-01-01'], '工事 K9 の完成日'],
    ['what it does not know', ['--all'], '使い方'],
  ])('refuses %s', async (_what, parameters, words) => {
    expect(await run(...parameters)).toBe(2);
    expect(said).toContain(words);
    expect(dates()).toHaveLength(2);
  });
});
