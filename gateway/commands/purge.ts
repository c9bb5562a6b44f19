/**
 * `genba-gateway purge` (保存期間を過ぎた記録の消去): nothing is ever removed by itself. First it is shown what
 * would go, then somebody puts their name to it.
 */
import { parseArgs } from 'node:util';
import { dateInJapan, WorkDate } from '../../shared/time.ts';
import { EMPTY_REGISTRY } from '../registry/registry-document.ts';
import { storedRegistry } from '../registry/stored-registry.ts';
import { type PurgeObstacle, purgeObstacles } from '../retention/purge-limit.ts';
import type { PurgeCounts } from '../retention/purge-record.ts';
import { openSqliteAuditLog } from '../store/sqlite-audit-log.ts';
import { openSqliteLedger } from '../store/sqlite-ledger.ts';
import { type Purged, purgeSqlite } from '../store/sqlite-purge.ts';
import { systemNow } from '../system-clock.ts';
import { type Command, refused } from './command.ts';
import { openLedgerFile, standingLedger } from './standing-ledger.ts';

const obstacleJa = (obstacle: PurgeObstacle): string => {
  switch (obstacle.kind) {
    case 'attendance-kept':
      return `出面の保存期間の内です。消せるのは ${obstacle.latest} より前だけです`;
    case 'contract-not-completed':
      return `工事 ${obstacle.contractId} の完成日が台帳にありません。契約日より前しか消せません`;
    case 'contract-kept':
      return `工事 ${obstacle.contractId} の掛金の実績は ${obstacle.until} まで保存します`;
  }
};

const COUNTS_JA: Readonly<Record<keyof PurgeCounts, string>> = {
  entries: '端末の記録の本文',
  taps: 'うちタッチ',
  attendanceDays: '出面',
  statements: '締め・追加分の内容',
  registries: '古い台帳の取り込み',
  mails: '送信控え',
  quarantined: '隔離したもの',
};

/** Thrown to undo what was only tried. */
class OnlyTried extends Error {}

export const purge: Command = {
  usage:
    'purge --dry-run DATE --config FILE         その日より前の記録を消すと何が消えるかを示します（何も消しません）\n' +
    '       genba-gateway purge --confirm DATE --by NAME --config FILE   消します（中継サーバを止めて）。保存期間の内のものは消せません',
  run: async (parameters, { say }) => {
    const { values } = parseArgs({
      args: [...parameters],
      options: {
        config: { type: 'string' },
        'dry-run': { type: 'string' },
        confirm: { type: 'string' },
        by: { type: 'string' },
      },
    });
    const { config: configFile, 'dry-run': tried, confirm, by = '' } = values;
    if (configFile === undefined || (tried === undefined) === (confirm === undefined))
      return refused('--config と、--dry-run か --confirm のどちらか一つが要ります');
    if (confirm !== undefined && (by.trim() === '' || by.length > 40))
      return refused('--by に、消す人の名前（40文字まで）が要ります');
    const before = WorkDate.safeParse(tried ?? confirm);
    if (!before.success) return refused(`${tried ?? confirm}: 日付（YYYY-MM-DD）ではありません`);
    const standing = standingLedger(configFile);
    if (standing.kind !== 'standing') return standing;
    const { config, ledgerFile } = standing;

    const db = openLedgerFile(ledgerFile);
    try {
      const ledger = openSqliteLedger(db);
      const now = systemNow();
      const obstacles = purgeObstacles(before.data, {
        registry: storedRegistry(ledger) ?? EMPTY_REGISTRY,
        today: dateInJapan(now),
        retention: config.retention,
      });
      if (obstacles.length > 0)
        return refused(
          `${before.data} より前は消せません:\n${obstacles.map(obstacleJa).join('\n')}`,
        );
      const audit = openSqliteAuditLog(db, () => now);
      const counts = purgeIn(db, { before: before.data, by, at: now }, ({ record, sha256 }) => {
        if (tried !== undefined) throw new OnlyTried();
        const { purgeNo, counts: removed } = record;
        audit.append({
          kind: 'purged',
          actor: 'command',
          detail: { purgeNo, before: before.data, by, sha256, ...removed },
        });
      });
      say(`${before.data} より前の記録`);
      for (const [name, nameJa] of Object.entries(COUNTS_JA))
        say(`  ${nameJa} ${counts[name as keyof PurgeCounts]}件`);
      say(
        tried === undefined
          ? '消しました。記録の連鎖は、残した値で検証できます。控え（backup）と書き出しに残る分は、別に廃棄してください'
          : `何も消していません。消すには --confirm ${before.data} --by 名前`,
      );
      say('監査記録・充当・訂正依頼は、そのまま残ります');
      return { kind: 'done' };
    } finally {
      db.close();
    }
  },
};

/** The counts, also of what was only tried. */
const purgeIn = (
  db: Parameters<typeof purgeSqlite>[0],
  order: Parameters<typeof purgeSqlite>[1],
  inTransaction: (purged: Purged) => void,
): PurgeCounts => {
  let counts: PurgeCounts | undefined;
  try {
    purgeSqlite(db, order, (purged) => {
      counts = purged.record.counts;
      inTransaction(purged);
    });
  } catch (cause) {
    if (!(cause instanceof OnlyTried)) throw cause;
  }
  if (counts === undefined) throw new Error('nothing was counted');
  return counts;
};
