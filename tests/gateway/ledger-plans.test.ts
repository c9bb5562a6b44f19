/**
 * What the ledger asks its database again and again – at every poll, report and look at its health – is found by an
 * index, and never by going over all touches, entries or changes of years.
 */
import { expect, test } from 'vitest';
import { openSqliteLedger } from '../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';

/** Asked once in a while, of everything: whom a change of a site's rules can reach, and the numbers of bindings. */
const OF_EVERYTHING = [/^select distinct bearer, site_id from tap/];

/** Also of everything behind a cursor, where one site is asked for. */
const isOfEverything = (sql: string, detail: string): boolean =>
  /^SCAN (tap|entry|change)\b(?!.*\btap_(undated|future)\b)/.test(detail) ||
  (/\bsite_id = /.test(sql) &&
    /^SEARCH (tap|change) USING INTEGER PRIMARY KEY \(rowid>/.test(detail));

test('no statement goes over a table that grows with every touch', () => {
  const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  const asked: string[] = [];
  const prepare = db.prepare.bind(db);
  Reflect.set(db, 'prepare', (sql: string) => {
    asked.push(sql);
    return prepare(sql);
  });
  const ledger = openSqliteLedger(db);
  const scans = asked
    .map((sql) => sql.trim())
    .filter(
      (sql) => /\b(tap|entry|change)\b/.test(sql) && !OF_EVERYTHING.some((each) => each.test(sql)),
    )
    .flatMap((sql) =>
      prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
        // What is bound has no say in the plan.
        .all(...bound(sql))
        .map(({ detail }) => detail)
        .filter((detail) => isOfEverything(sql, detail))
        .map((detail) => `${sql}: ${detail}`),
    );
  expect(asked.length).toBeGreaterThan(30);
  expect(scans).toEqual([]);
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
