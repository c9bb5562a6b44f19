/**
 * What the gateway asks its database again and again – at every poll, report, round and look at its health – is found
 * by an index, and never by going over what grows with every touch, mail, statement or look of years.
 */
import { expect, test } from 'vitest';
import { openSqliteAccounts } from '../../gateway/store/sqlite-accounts.ts';
import { openSqliteAllocations } from '../../gateway/store/sqlite-allocations.ts';
import { openSqliteAuditLog } from '../../gateway/store/sqlite-audit-log.ts';
import { openSqliteCorrections } from '../../gateway/store/sqlite-corrections.ts';
import { openSqliteEnrolments } from '../../gateway/store/sqlite-enrolments.ts';
import { openSqliteFleetStore } from '../../gateway/store/sqlite-fleet-store.ts';
import { openSqliteLedger } from '../../gateway/store/sqlite-ledger.ts';
import { openSqliteNightly } from '../../gateway/store/sqlite-nightly.ts';
import { openSqliteOutbox } from '../../gateway/store/sqlite-outbox.ts';
import { openSqliteReconciliations } from '../../gateway/store/sqlite-reconciliations.ts';
import { openSqliteSessions } from '../../gateway/store/sqlite-sessions.ts';
import { openSqliteStatements } from '../../gateway/store/sqlite-statements.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { utcMs } from '../../shared/time.ts';

const GROWING = [
  'tap',
  'entry',
  'change',
  'binding',
  'attendance',
  'mail',
  'mail_message',
  'mail_state',
  'audit',
  'quarantine',
  'issued',
  'correction_request',
  'correction_decision',
  'allocation_row',
  'enrolment',
  'certificate',
  'alert_notice',
  'passkey',
  'known_browser',
].join('|');

/** Asked once in a while, of everything. */
const OF_EVERYTHING: readonly (readonly [RegExp, string])[] = [
  [/^select distinct bearer, site_id from tap/, 'whom a change of a site’s rules can reach'],
  [/^select \* from binding join entry/, 'every card that a manager bound, where one more is'],
  [/^select day from attendance where \+work_date/, 'a report of every day of every site'],
  [/select .* where verdict = 'approved'/s, 'every correction that counts, at the start'],
  [/^select allocation_row.contract_id, substr/, 'every month that stands allocated'],
  [/^select \* from enrolment order by/, 'every terminal, for the list of them'],
  [/^\s*select certificate\.\*.* order by/s, 'every certificate, for the lists of a broker'],
  [/^\s*select site_id, max\(case/, 'which periods are closed, once a night'],
  [/^select site_id, period from issued/, 'what may be amended, once a night'],
  [
    /^select text from issued\s+where \(amendment_no/,
    'the newest of every site, until a page is full',
  ],
  [/^select count\(\*\) from quarantine/, 'at most ten thousand numbers, out of an index'],
  [/ order by \w+_no desc limit (1|\?)$/, 'the newest ones: it ends after so many rows'],
];

/** Also of everything behind a cursor, where one site is asked for. */
const isOfEverything = (sql: string, detail: string): boolean =>
  (new RegExp(`^SCAN (${GROWING})\\b`).test(detail) &&
    !/\b(tap_undated|tap_future|mail_on_its_way|quarantine_by_last)\b/.test(detail)) ||
  (/\bsite_id = /.test(sql) &&
    /^SEARCH (tap|change|correction_request) USING INTEGER PRIMARY KEY \(rowid>/.test(detail));

test('no statement goes over a table that grows', () => {
  const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  const asked: string[] = [];
  const prepare = db.prepare.bind(db);
  Reflect.set(db, 'prepare', (sql: string) => {
    asked.push(sql);
    return prepare(sql);
  });
  const ledger = openSqliteLedger(db);
  const now = () => utcMs(0);
  openSqliteAuditLog(db, now);
  openSqliteOutbox(db, { now, random: () => 0 });
  for (const open of [
    openSqliteAccounts,
    openSqliteAllocations,
    openSqliteCorrections,
    openSqliteEnrolments,
    openSqliteFleetStore,
    openSqliteNightly,
    openSqliteReconciliations,
    openSqliteSessions,
    openSqliteStatements,
  ])
    open(db);
  const statements = [...new Set(asked.map((sql) => sql.trim()))];
  const scans = statements
    .filter((sql) => !OF_EVERYTHING.some(([each]) => each.test(sql)))
    .flatMap((sql) =>
      prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
        // What is bound has no say in the plan.
        .all(...bound(sql))
        .map(({ detail }) => detail)
        .filter((detail) => isOfEverything(sql, detail))
        .map((detail) => `${sql}: ${detail}`),
    );
  expect(scans).toEqual([]);
  expect(
    OF_EVERYTHING.filter(([each]) => !statements.some((sql) => each.test(sql))).map(
      ([, why]) => why,
    ),
  ).toEqual([]);
  ledger.close();
});

const bound = (sql: string): readonly unknown[] => {
  const names = [...new Set([...sql.matchAll(/[:@$](\w+)/g)].map(([, name]) => name ?? ''))];
  const nameless = sql.split('?').length - 1;
  return [
    ...Array.from({ length: nameless }, () => 1),
    ...(names.length === 0 ? [] : [Object.fromEntries(names.map((name) => [name, 1]))]),
  ];
};
