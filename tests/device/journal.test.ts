/** The journal on a real file: what it returned `stored` for is there after opening it again. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Journal, openJournal, recentEntries } from '../../device/journal.ts';
import { GENESIS_HASH, nextHash } from '../../shared/chain.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { parseEntry } from '../../shared/entry.ts';
import { TerminalId } from '../../shared/ids.ts';
import { utcMs } from '../../shared/time.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { TERMINAL } from '../fixtures/identities.ts';
import { TAP_BODY } from '../fixtures/tap-body.ts';

const clock = createFakeClock('2026-11-24T07:00:00+09:00');

let folder: string;
const opened: Journal[] = [];
const open = (file = 'journal.db'): Journal => {
  const db = openDurableSqlite(join(folder, file), { checkpointPages: 1_000 });
  const journal = openJournal(db, TERMINAL);
  opened.push(journal);
  return journal;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-journal-'));
});
afterEach(() => {
  for (const journal of opened.splice(0)) journal.close();
  rmSync(folder, { recursive: true });
});

describe('journal', () => {
  test('chains each entry to everything before it', () => {
    const journal = open();
    journal.append(TAP_BODY, clock.read());
    journal.append({ kind: 'boot', version: '1' }, clock.read());
    const [first, second] = journal.read(1, 2);
    expect(first?.hash).toBe(nextHash(GENESIS_HASH, first?.text ?? ''));
    expect(second?.hash).toBe(nextHash(first?.hash ?? '', second?.text ?? ''));
    expect(journal.hashAt(0)).toBe(GENESIS_HASH);
    expect(journal.hashAt(2)).toBe(second?.hash);
    expect(journal.hashAt(3)).toBeUndefined();
  });

  test('goes on with the same id, the next seq and the same chain after a restart', () => {
    const before = open();
    before.append(TAP_BODY, clock.read());
    const { journalId } = before;
    const after = open();
    expect(after.journalId).toBe(journalId);
    const outcome = after.append(TAP_BODY, clock.read());
    expect(outcome).toMatchObject({ kind: 'stored', entry: { seq: 2, journalId } });
    const [first, second] = after.read(1, 2);
    expect(second?.hash).toBe(nextHash(first?.hash ?? '', second?.text ?? ''));
  });

  test('a new file is a new journal, so ids are never used twice', () => {
    const first = open().journalId;
    mkdirSync(join(folder, 'new'));
    expect(open('new/journal.db').journalId).not.toBe(first);
  });

  test('refuses the journal of another terminal', () => {
    open();
    const db = openDurableSqlite(join(folder, 'journal.db'), { checkpointPages: 1_000 });
    expect(() => openJournal(db, TerminalId.parse('gate-2'))).toThrow('belongs to gate-1');
    db.close();
  });

  test('counts unsent touches and not other entries', () => {
    const journal = open();
    journal.append({ kind: 'boot', version: '1' }, clock.read());
    journal.append(TAP_BODY, clock.read());
    journal.append({ kind: 'clock' }, clock.read());
    journal.append(TAP_BODY, clock.read());
    expect(journal.unsentTaps()).toBe(2);
    journal.settle(2);
    expect(journal.unsentTaps()).toBe(1);
    journal.settle(4);
    expect(journal.unsentTaps()).toBe(0);
    journal.settle(1);
    expect(journal.unsentTaps()).toBe(2);
  });

  test('remembers the settled seq once flushed, and may forget it before', () => {
    const journal = open();
    journal.append(TAP_BODY, clock.read());
    journal.settle(1);
    expect(open().settledSeq()).toBe(0);
    journal.flush();
    expect(open().settledSeq()).toBe(1);
  });

  test('a settled seq beyond the end is a bug, and reading what is not there too', () => {
    const journal = open();
    journal.append(TAP_BODY, clock.read());
    expect(() => journal.settle(2)).toThrow('ends at 1');
    expect(() => journal.read(1, 2)).toThrow('not all here');
  });

  test('says not-stored when the disk is full, stores again when there is room, and loses nothing', () => {
    const db = openDurableSqlite(join(folder, 'journal.db'), { checkpointPages: 1_000 });
    const journal = openJournal(db, TERMINAL);
    opened.push(journal);
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages + 1}`);
    let stored = 0;
    let outcome = journal.append(TAP_BODY, clock.read());
    while (outcome.kind === 'stored') {
      stored += 1;
      outcome = journal.append(TAP_BODY, clock.read());
    }
    expect(stored).toBeGreaterThan(0);
    expect(outcome.message).toMatch(/^disk-full/);
    expect(journal.lastSeq()).toBe(stored);

    db.pragma('max_page_count = 1000000');
    expect(journal.append(TAP_BODY, clock.read())).toMatchObject({
      kind: 'stored',
      entry: { seq: stored + 1 },
    });
    expect(journal.read(1, stored + 1)).toHaveLength(stored + 1);
  });

  test('entries read back as what was appended', () => {
    const journal = open();
    journal.append(TAP_BODY, clock.read());
    const [stored] = journal.read(1, 1);
    expect(parseEntry(stored?.text ?? '')).toMatchObject({
      ok: true,
      value: { ...TAP_BODY, seq: 1 },
    });
    expect([...recentEntries(journal, 10)]).toHaveLength(1);
  });
});

describe('prune', () => {
  const DAY = 86_400_000;
  /** 1,000 touches, one a minute, from eight on. */
  const filled = (): Journal => {
    const journal = open();
    const morning = createFakeClock('2026-11-24T08:00:00+09:00');
    for (let count = 0; count < 1_000; count += 1) {
      journal.append(TAP_BODY, morning.read());
      morning.advance(60_000);
    }
    return journal;
  };
  const tomorrow = utcMs(Date.parse('2026-11-24T08:00:00+09:00') + DAY);

  test('lets go of nothing that the gateway has not receipted', () => {
    const journal = filled();
    expect(journal.prune(tomorrow)).toBe(0);
    expect(journal.firstSeq()).toBe(1);
  });

  test('keeps the last settled entry, to which the next one is chained', () => {
    const journal = filled();
    journal.settle(1_000);
    expect(journal.prune(tomorrow)).toBe(800);
    expect(journal.firstSeq()).toBe(801);
    expect(journal.hashAt(1_000)).toBeDefined();
    expect(journal.unsentTaps()).toBe(0);
  });

  test('stops before what is younger', () => {
    const journal = filled();
    journal.settle(1_000);
    const noon = utcMs(Date.parse('2026-11-24T12:00:00+09:00'));
    expect(journal.prune(noon)).toBe(200);
  });

  test('goes on over what a boot wrote before it knew the time', () => {
    const journal = open();
    const morning = createFakeClock('2026-11-24T08:00:00+09:00');
    for (let count = 1; count <= 1_000; count += 1) {
      // A boot each 100 entries; the first five of it stand on a guess.
      morning.setTrust(count % 100 < 5 ? 'untrusted' : 'trusted');
      journal.append(TAP_BODY, morning.read());
      morning.advance(60_000);
    }
    journal.settle(1_000);
    expect(journal.prune(tomorrow)).toBe(800);
    // Never on the word of an entry that is not settled itself.
    const other = open(':memory:');
    morning.setTrust('untrusted');
    for (let count = 1; count <= 300; count += 1) other.append(TAP_BODY, morning.read());
    morning.setTrust('trusted');
    other.append(TAP_BODY, morning.read());
    other.settle(300);
    expect(other.prune(utcMs(Date.now() * 2))).toBe(0);
  });

  test('an entry whose clock was not trusted has no age', () => {
    const journal = open();
    const guess = createFakeClock('2024-01-01T00:00:00+09:00');
    guess.setTrust('untrusted');
    for (let count = 0; count < 500; count += 1) journal.append(TAP_BODY, guess.read());
    journal.settle(500);
    expect(journal.prune(tomorrow)).toBe(0);
  });

  test('is remembered: opened again, it begins where it was cut, and goes on', () => {
    const journal = filled();
    journal.settle(1_000);
    journal.prune(tomorrow);
    const again = open();
    expect([again.firstSeq(), again.lastSeq(), again.settledSeq()]).toEqual([801, 1_000, 1_000]);
    expect([...recentEntries(again, 10_000)]).toHaveLength(200);
    expect(again.append(TAP_BODY, clock.read())).toMatchObject({
      kind: 'stored',
      entry: { seq: 1_001 },
    });
  });
});
