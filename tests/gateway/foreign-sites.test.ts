/** A terminal writes for the sites for which it was enrolled, whenever its entries arrive; whoever has its key, too. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Journal, openJournal } from '../../device/journal.ts';
import { foreignSiteBatches } from '../../gateway/access/audit-sources.ts';
import type { EnrolmentStore } from '../../gateway/enrolment/enrolment-store.ts';
import { createGateway, type Gateway } from '../../gateway/gateway.ts';
import { foreignSites } from '../../gateway/ingest.ts';
import type { Ledger } from '../../gateway/store/ledger.ts';
import { openSqliteAuditLog } from '../../gateway/store/sqlite-audit-log.ts';
import { openSqliteEnrolments } from '../../gateway/store/sqlite-enrolments.ts';
import { openSqliteLedger } from '../../gateway/store/sqlite-ledger.ts';
import { MIGRATIONS, migrate } from '../../gateway/store/sqlite-migrations.ts';
import { rememberConfiguredTerminals } from '../../gateway/store/sqlite-terminal-keys.ts';
import { TERMINAL_SITES } from '../../gateway/store/terminal-sites.ts';
import { ownSitesOf } from '../../gateway/terminal-directory.ts';
import { encodeBatch } from '../../shared/batch.ts';
import { openDurableSqlite, type Sqlite } from '../../shared/durable-sqlite.ts';
import type { EntryBody } from '../../shared/entry.ts';
import { SiteId } from '../../shared/ids.ts';
import { parseReceipt } from '../../shared/receipt.ts';
import { MINUTE_MS, utcMs } from '../../shared/time.ts';
import { topicOf } from '../../shared/topics.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';
import {
  CARD,
  gatewaySigner,
  OTHER_TERMINAL,
  SITE,
  TERMINAL,
  terminalSigner,
  verifyGateway,
  verifyTerminal,
  WORKER,
} from '../fixtures/identities.ts';
import { SECOND_SITE } from '../fixtures/registry.ts';

const SECOND = SiteId.parse(SECOND_SITE);
const THIRD = SiteId.parse('30000000000003');

const by = { by: '所長', reason: '忘れ' } as const;
const touchAt = (siteId: SiteId): EntryBody => ({
  kind: 'tap',
  siteId,
  readerId: 'in',
  direction: 'in',
  presented: { by: 'card', cardId: CARD },
  verdict: 'recorded',
  reasons: [],
});
const bindAt = (siteId: SiteId): EntryBody => ({
  kind: 'bind',
  siteId,
  cardId: CARD,
  workerId: WORKER,
  ...by,
});
const enterAt = (siteId: SiteId): EntryBody => ({
  kind: 'manual',
  siteId,
  change: { do: 'add', workerId: WORKER, direction: 'in', at: utcMs(1) },
  ...by,
});
const boot: EntryBody = { kind: 'boot', version: '1.0.0' };

let db: Sqlite;
let ledger: Ledger;
let store: EnrolmentStore;
let gateway: Gateway;
let clock: FakeClock;
let journal: Journal;
/** Why each batch was refused; `taken` where it was not. */
let receipts: string[];
/** What the configuration says beside that. */
let furtherSiteIds: SiteId[];
/** Where the terminal is now. */
let terminals: Map<typeof TERMINAL, { siteId: SiteId; verify: typeof verifyTerminal }>;

beforeEach(() => {
  db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  ledger = openSqliteLedger(db);
  store = openSqliteEnrolments(db);
  clock = createFakeClock('2026-11-24T08:00:00+09:00');
  const now = () => clock.read().wallMs;
  journal = openJournal(openDurableSqlite(':memory:', { checkpointPages: 1_000 }), TERMINAL);
  receipts = [];
  terminals = new Map();
  furtherSiteIds = [];
  gateway = createGateway({
    ledger,
    clock,
    signer: gatewaySigner,
    terminals,
    registry: undefined,
    send: (_terminalId, channel, bytes) => {
      if (channel !== 'receipt') return;
      const receipt = parseReceipt(bytes, verifyGateway);
      receipts.push(receipt.ok ? (receipt.value.refused ?? 'taken') : 'unreadable');
    },
    stale: () => undefined,
    sitesOf: (terminalId) =>
      ownSitesOf([{ terminalId: TERMINAL, furtherSiteIds }], store.sitesOf)(terminalId),
    onForeignSites: foreignSiteBatches(openSqliteAuditLog(db, now), now),
    log: () => undefined,
  });
});
afterEach(() => {
  journal.close();
  ledger.close();
});

/** As an administrator does who moves it: what stood is ended, a code for the site is made and claimed. */
const enrolAt = (siteId: SiteId): void => {
  const at = clock.read().wallMs;
  const current = store.current(TERMINAL);
  if (current !== undefined)
    store.end(current.enrolmentNo, { at, because: 'revoked', by: 'user:admin' });
  const { enrolmentNo } = order(siteId);
  store.claim(
    enrolmentNo,
    { at, publicKey: terminalSigner.publicKey },
    { serial: `serial-${enrolmentNo}`, enrolmentNo, issuedAt: at, validTo: at },
  );
  terminals.set(TERMINAL, { siteId, verify: verifyTerminal });
};
const order = (siteId: SiteId) =>
  store.create({
    secretHash: `secret-${siteId}-${store.all().length}`,
    siteId,
    terminalId: TERMINAL,
    createdBy: 'user:admin',
    createdAt: clock.read().wallMs,
    expiresAt: clock.read().wallMs,
  });
const write = (...bodies: readonly EntryBody[]): void => {
  for (const body of bodies) journal.append(body, clock.read());
};
/** Everything that the ledger does not have yet, in one batch. */
const send = (): string | undefined => {
  const { committedSeq } = ledger.position(journal);
  const bytes = encodeBatch(
    journal,
    journal.hashAt(committedSeq) ?? '',
    journal.read(committedSeq + 1, journal.lastSeq()),
    terminalSigner,
  );
  gateway.onMessage(topicOf(TERMINAL, 'journal'), bytes);
  return receipts.at(-1);
};
const audited = () =>
  openSqliteAuditLog(db, () => clock.read().wallMs).page({ limit: 10, kind: 'site-forbidden' });

describe('a terminal that enrolled', () => {
  test.each<[string, EntryBody]>([
    ['a touch', touchAt(SECOND)],
    ['a card bound', bindAt(SECOND)],
    ['a passage by hand', enterAt(SECOND)],
  ])('is not taken with %s at a site of somebody else', (_what, body) => {
    enrolAt(SITE);
    write(boot, touchAt(SITE), body);
    expect(send()).toBe('wrong-site');
    expect(ledger.position(journal).committedSeq).toBe(0);
    expect(ledger.quarantineNewest(10)).toMatchObject([
      { reason: `wrong-site: ${SECOND}`, times: 1 },
    ]);
    expect(audited()).toMatchObject([
      { actor: `terminal:${TERMINAL}`, detail: { siteIds: SECOND } },
    ]);
  });

  test('that tries again and again is told once a minute, with how often it was', () => {
    enrolAt(SITE);
    write(touchAt(SECOND));
    for (let times = 0; times < 5; times += 1) send();
    clock.advance(2 * MINUTE_MS);
    send();
    expect(audited().map(({ detail }) => detail.heldBack)).toEqual([4, undefined]);
    expect(ledger.quarantineNewest(10)).toMatchObject([{ times: 6 }]);
  });

  test('holds up nobody else, and its bytes are kept whole', () => {
    enrolAt(SITE);
    const others = openJournal(
      openDurableSqlite(':memory:', { checkpointPages: 1_000 }),
      OTHER_TERMINAL,
    );
    terminals.set(OTHER_TERMINAL, { siteId: SECOND, verify: verifyTerminal });
    write(touchAt(SECOND));
    send();
    others.append(touchAt(SECOND), clock.read());
    const bytes = encodeBatch(others, others.hashAt(0) ?? '', others.read(1, 1), terminalSigner);
    gateway.onMessage(topicOf(OTHER_TERMINAL, 'journal'), bytes);
    expect(receipts).toEqual(['wrong-site', 'taken']);
    const [kept] = ledger.quarantineNewest(1);
    const text = Buffer.from(ledger.quarantineBytes(kept?.sha256 ?? '') ?? []).toString();
    expect(text).toContain(SECOND);
    others.close();
  });

  test('and moved still sends what it noted where it was, and both sites’ touches count', () => {
    enrolAt(SITE);
    write(boot, touchAt(SITE));
    expect(send()).toBe('taken');
    // Without a network for a day, then moved: what it noted before comes from the new site.
    write(touchAt(SITE), enterAt(SITE));
    enrolAt(SECOND);
    write(boot, touchAt(SECOND));
    expect(send()).toBe('taken');
    expect(ledger.position(journal).committedSeq).toBe(6);
    expect(ledger.tapsAfter(0, 10, undefined).map(({ siteId }) => siteId)).toEqual([
      SITE,
      SITE,
      SECOND,
    ]);
    write(touchAt(THIRD));
    expect(send()).toBe('wrong-site');
  });

  test('for that site later is taken with the same entries: nothing was lost meanwhile', () => {
    enrolAt(SITE);
    write(touchAt(SECOND));
    expect(send()).toBe('wrong-site');
    enrolAt(SECOND);
    expect(send()).toBe('taken');
    expect(ledger.tapsAfter(0, 10, SECOND)).toHaveLength(1);
  });

  test('a code that nobody claimed opens no site', () => {
    enrolAt(SITE);
    order(SECOND);
    write(touchAt(SECOND));
    expect(send()).toBe('wrong-site');
  });

  test('and stood in the configuration before still sends what it noted then', () => {
    const { publicKey } = terminalSigner;
    rememberConfiguredTerminals(db, [{ terminalId: TERMINAL, siteId: THIRD, publicKey }], utcMs(1));
    enrolAt(SITE);
    write(touchAt(THIRD), touchAt(SITE));
    expect(send()).toBe('taken');
  });
});

describe('a terminal that only the configuration names', () => {
  const configure = (siteId: SiteId): void => {
    const { publicKey } = terminalSigner;
    rememberConfiguredTerminals(db, [{ terminalId: TERMINAL, siteId, publicKey }], utcMs(1));
    terminals.set(TERMINAL, { siteId, verify: verifyTerminal });
  };

  test('writes for its site, and for no other', () => {
    configure(SITE);
    write(touchAt(SITE));
    expect(send()).toBe('taken');
    write(touchAt(SITE), touchAt(SECOND));
    expect(send()).toBe('wrong-site');
    expect(ledger.position(journal).committedSeq).toBe(1);
    expect(audited()).toMatchObject([{ actor: `terminal:${TERMINAL}` }]);
  });

  test('writes for further ones that the configuration names', () => {
    configure(SITE);
    furtherSiteIds = [SECOND];
    write(touchAt(SITE), touchAt(SECOND));
    expect(send()).toBe('taken');
    write(touchAt(THIRD));
    expect(send()).toBe('wrong-site');
  });

  test('and that was moved, and moved again, still sends what it noted where it was', () => {
    for (const siteId of [SITE, SECOND, THIRD]) {
      configure(siteId);
      write(touchAt(siteId));
    }
    expect(send()).toBe('taken');
  });
});

test('a ledger from before sites were remembered knows those under which its keys were', () => {
  const older = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  for (const sql of MIGRATIONS.slice(0, MIGRATIONS.indexOf(TERMINAL_SITES))) older.exec(sql);
  older.pragma(`user_version = ${MIGRATIONS.indexOf(TERMINAL_SITES)}`);
  older.prepare('insert into terminal_key values (?, ?, ?, ?)').run(TERMINAL, 'key', SECOND, 1);
  migrate(older);
  expect(openSqliteEnrolments(older).sitesOf(TERMINAL)).toEqual([SECOND]);
  older.close();
});

test('entries of no site, and texts that nobody can read, are of no foreign one', () => {
  enrolAt(SITE);
  write(boot);
  expect(send()).toBe('taken');
  const stored = { seq: 1, text: '{}', hash: '', entry: undefined };
  expect(foreignSites([stored], new Set([SITE]))).toEqual([]);
});
