/** The watch over the fleet on a real ledger: what it remembers, and that each message goes out once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal } from '../../../device/journal.ts';
import type { AuditKind } from '../../../gateway/access/audit-kind.ts';
import type { AlertEvent } from '../../../gateway/fleet/alert-text.ts';
import type { Fleet, FleetDeps } from '../../../gateway/fleet/fleet.ts';
import type { Delivery, NoticeSender } from '../../../gateway/fleet/notices.ts';
import { createGateway, type Gateway } from '../../../gateway/gateway.ts';
import type { Ledger } from '../../../gateway/store/ledger.ts';
import { openSqliteAuditLog } from '../../../gateway/store/sqlite-audit-log.ts';
import { openSqliteFleetStore } from '../../../gateway/store/sqlite-fleet-store.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { encodeBatch } from '../../../shared/batch.ts';
import { openDurableSqlite, type Sqlite } from '../../../shared/durable-sqlite.ts';
import { generateSigningKeyPem, signerFromPem } from '../../../shared/signature.ts';
import { encodeTerminalState, type TerminalState } from '../../../shared/terminal-state.ts';
import { HOUR_MS, MINUTE_MS, utcMs } from '../../../shared/time.ts';
import { topicOf } from '../../../shared/topics.ts';
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts';
import { watchFleet } from '../../fixtures/fleet.ts';
import { gatewaySigner, SITE, TERMINAL, verifyTerminal } from '../../fixtures/identities.ts';
import { terminalState } from '../../fixtures/terminal-state.ts';

let folder: string;
let clock: FakeClock;
let db: Sqlite;
let ledger: Ledger;
let gateway: Gateway;
let fleet: Fleet;
let sent: string[];
let answer: Delivery;

const words = (events: readonly AlertEvent[]): string =>
  events.map(({ event, rule }) => `${event} ${rule}`).join(', ');
const sender: NoticeSender = async ({ events }) => {
  if (answer.kind === 'delivered') sent.push(words(events));
  return answer;
};

/** The gateway as it comes up on what is on the disk. */
const start = (options: Partial<FleetDeps> = {}): void => {
  db = openDurableSqlite(join(folder, 'ledger.db'), { checkpointPages: 1_000 });
  ledger = openSqliteLedger(db);
  gateway = createGateway({
    ledger,
    clock,
    signer: gatewaySigner,
    terminals: new Map([[TERMINAL, { siteId: SITE, verify: verifyTerminal }]]),
    registry: undefined,
    send: () => undefined,
    stale: () => undefined,
    contactsBefore: openSqliteFleetStore(db).contacts(),
    log: () => undefined,
  });
  const senders = { webhook: sender };
  fleet = watchFleet({ db, ledger, gateway, clock }, { senders, ...options }).fleet;
};
const restart = (): void => {
  ledger.close();
  start();
};
const say = (fields: Partial<TerminalState> = {}): void => {
  const { wallMs, uptimeMs } = clock.read();
  const roster = { version: 1, issuedAtMs: wallMs, workers: 1 };
  const state = terminalState({ atMs: wallMs, uptimeMs, roster, ...fields });
  gateway.onMessage(topicOf(TERMINAL, 'status'), encodeTerminalState(state));
};
const storageFault = { faults: [{ part: 'storage' as const, reason: 'disk-full' }] };
const later = async (minutes: number): Promise<void> => {
  clock.advance(minutes * MINUTE_MS);
  await fleet.watch();
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-fleet-'));
  clock = createFakeClock('2026-11-24T08:00:00+09:00');
  sent = [];
  answer = { kind: 'delivered' };
  start();
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

describe('the watch', () => {
  test('tells a beginning once and a clearing once, across restarts', async () => {
    say(storageFault);
    await fleet.watch();
    await fleet.watch();
    restart();
    say(storageFault);
    await later(1);
    expect(sent).toEqual(['begun cannot-record']);
    clock.advance(MINUTE_MS);
    say();
    await fleet.watch();
    clock.advance(5 * MINUTE_MS);
    say();
    await fleet.watch();
    restart();
    say();
    await later(1);
    expect(sent).toEqual(['begun cannot-record', 'cleared cannot-record']);
    expect(fleet.alerts()).toEqual([]);
    expect(fleet.closedAlerts(10)).toMatchObject([
      { rule: 'cannot-record', subject: TERMINAL, detail: 'disk-full' },
    ]);
  });

  test('notices a silence that began before the gateway was restarted', async () => {
    say();
    await fleet.watch();
    restart();
    await later(59);
    expect(sent).toEqual([]);
    await later(1);
    expect(sent).toEqual(['begun terminal-silent']);
    say();
    await later(0);
    await later(2);
    say();
    await later(3);
    expect(sent).toEqual(['begun terminal-silent', 'cleared terminal-silent']);
  });

  test('says everything of one moment in one message', async () => {
    say({ ...storageFault, disk: { freeBytes: 0, totalBytes: 1 } });
    await fleet.watch();
    expect(sent).toEqual(['begun cannot-record, begun disk-low']);
  });

  test('keeps a message until it is through, and not longer than it is news', async () => {
    answer = { kind: 'failed', reason: 'no network', isFinal: false };
    say(storageFault);
    await fleet.watch();
    answer = { kind: 'delivered' };
    await fleet.watch();
    expect(sent).toEqual([]);
    restart();
    await later(1);
    expect(sent).toEqual(['begun cannot-record']);
    await later(60);
    expect(sent.filter((text) => text.includes('cannot-record'))).toHaveLength(1);
  });

  test('does not send what is on its way a second time', async () => {
    const way = Promise.withResolvers<Delivery>();
    ledger.close();
    let tries = 0;
    start({
      senders: {
        webhook: async () => {
          tries += 1;
          return way.promise;
        },
      },
    });
    say(storageFault);
    const first = fleet.watch();
    await fleet.watch();
    way.resolve({ kind: 'delivered' });
    await first;
    await fleet.watch();
    expect(tries).toBe(1);
  });

  test('goes on when its disk is full, and tells when it can again', async () => {
    say(storageFault);
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages}`);
    const filler = 'x'.repeat(3_000);
    expect(() => {
      for (;;) ledger.saveRegistryText(`${ledger.registryText() ?? ''}${filler}`, utcMs(0));
    }).toThrow(/full/);
    await fleet.watch();
    db.pragma('max_page_count = 1000000');
    await later(1);
    expect(sent).toEqual(['begun cannot-record']);
  });
});

describe('what terminals send', () => {
  const append = (pem: string) => {
    const journal = openJournal(
      openDurableSqlite(':memory:', { checkpointPages: 1_000 }),
      TERMINAL,
    );
    journal.append({ kind: 'boot', version: 'x' }, clock.read());
    const previousHash = journal.hashAt(0) ?? '';
    const bytes = encodeBatch(journal, previousHash, journal.read(1, 1), signerFromPem(pem));
    journal.close();
    return bytes;
  };

  const note = (kind: AuditKind, actor: string): void =>
    openSqliteAuditLog(db, () => clock.read().wallMs).append({ kind, actor, detail: {} });

  test.each<[string, () => void, string]>([
    [
      'signed by somebody else',
      () => gateway.onMessage(topicOf(TERMINAL, 'journal'), append(generateSigningKeyPem())),
      `${TERMINAL} chain-broken`,
    ],
    [
      'that makes no sense',
      () => gateway.onMessage(topicOf(TERMINAL, 'journal'), Buffer.from('?')),
      'GATEWAY quarantine',
    ],
    [
      'as a status that is none',
      () => gateway.onMessage(topicOf(TERMINAL, 'status'), Buffer.from('{"v":1}')),
      'GATEWAY quarantine',
    ],
    [
      'where it may not',
      () => gateway.onForbidden(TERMINAL, 'genba/v1/other/journal', Buffer.from('x')),
      'GATEWAY quarantine',
    ],
    [
      'with a certificate that is used elsewhere too',
      () => note('clone-suspected', `terminal:${TERMINAL}`),
      `${TERMINAL} clone-suspected`,
    ],
    [
      'with a certificate that was revoked because it was copied',
      () => note('clone-suspected', 'terminal:gate-77'),
      'GATEWAY clone-revoked',
    ],
    [
      'before a chain of the gateway was found broken',
      () => note('chain-failed', 'gateway'),
      'GATEWAY ledger-chain-broken',
    ],
  ])('%s is an alert for a day after the last one', async (_what, send, expected) => {
    send();
    say();
    await fleet.watch();
    expect(fleet.alerts().map(({ subject, rule }) => `${subject} ${rule}`)).toEqual([expected]);
    clock.advance(23 * HOUR_MS);
    send();
    clock.advance(23 * HOUR_MS);
    say();
    await fleet.watch();
    expect(fleet.alerts()).toHaveLength(1);
    clock.advance(HOUR_MS + MINUTE_MS);
    say();
    await fleet.watch();
    await later(5);
    say();
    expect(fleet.alerts().filter(({ kind }) => kind === 'open')).toEqual([]);
  });
});
