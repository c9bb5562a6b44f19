/**
 * A write-ahead log that SQLite calls sound: what a power cut leaves of it is gone on with, and what only a rotten
 * page explains is set aside. The logs are those of a real journal, cut and spoilt byte by byte.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openJournal } from '../../device/journal.ts';
import { openJournalFile } from '../../device/journal-file.ts';
import { endOfLog, type LogEnd } from '../../device/write-ahead-log.ts';
import { openDurableSqlite, openSqliteToRead } from '../../shared/durable-sqlite.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { TERMINAL } from '../fixtures/identities.ts';
import { rescuedFrom } from '../fixtures/rescued.ts';
import { TAP_BODY } from '../fixtures/tap-body.ts';

const HEADER = 32;
const FRAME = 24 + 4_096;
const SECTOR = 512;

const root = mkdtempSync(join(tmpdir(), 'genba-log-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
const newFolder = (): string => {
  folders += 1;
  const folder = join(root, String(folders));
  mkdirSync(folder);
  return folder;
};

/** A journal's files as they lie on the disk after a commit. */
interface Files {
  readonly db: Buffer;
  readonly log: Buffer;
  readonly lastSeq: number;
}

/** After each of the journal's commits, the first ones of which are in the database already where `before` says so. */
const statesOf = (entries: number, before = 0): readonly Files[] => {
  const folder = newFolder();
  const file = join(folder, 'journal.db');
  const db = openDurableSqlite(file, { checkpointPages: 1_000 });
  const journal = openJournal(db, TERMINAL);
  const clock = createFakeClock('2026-11-24T07:00:00+09:00');
  const append = (): void => {
    clock.advance(1_000);
    journal.append(TAP_BODY, clock.read());
  };
  for (let count = 0; count < before; count += 1) append();
  if (before > 0) db.pragma('wal_checkpoint(full)');
  const states = Array.from({ length: entries }, (): Files => {
    append();
    return {
      db: readFileSync(file),
      log: readFileSync(`${file}-wal`),
      lastSeq: journal.lastSeq(),
    };
  });
  journal.close();
  return states;
};

const ENTRIES = 60;
/** All of it in one log. */
const states = statesOf(ENTRIES);
/** The beginning of the log is new, the rest is left over of the one before. */
const overwritten = statesOf(20, 80);
const stateAt = (of: readonly Files[], index: number): Files => {
  const state = of.at(index);
  if (state === undefined) throw new Error(`no state ${index}`);
  return state;
};
const last = stateAt(states, -1);
const frames = (log: Buffer): number => (log.length - HEADER) / FRAME;
const startOf = (frame: number): number => HEADER + FRAME * frame;
/** Of the frames that are no leftovers, bytes. */
const bytesOf = (log: Buffer): number => {
  const isOurs = (frame: number): boolean =>
    log.subarray(startOf(frame) + 8, startOf(frame) + 16).equals(log.subarray(16, 24));
  const leftover = Array.from({ length: frames(log) }, (_, frame) => frame).find(
    (frame) => !isOurs(frame),
  );
  return leftover === undefined ? log.length : startOf(leftover);
};
const isCommitFrame = (log: Buffer, frame: number): boolean =>
  log.readUInt32BE(startOf(frame) + 4) > 0;
const spoilt = (log: Buffer, from: number, length: number): Buffer =>
  Buffer.from(log).fill(0xa5, from, from + length);
/** From the front, the first frame of the last commit that has several. */
const severalFrames = ((): { readonly index: number; readonly count: number } => {
  for (let index = states.length - 1; index > 0; index -= 1) {
    const [a, b] = [stateAt(states, index - 1), stateAt(states, index)];
    const count = frames(b.log) - frames(a.log);
    if (count >= 3) return { index, count };
  }
  throw new Error('no commit of several frames');
})();

/** With how many entries a terminal starts, whether it tells of a cut, or that the journal is set aside. */
const startWith = ({ db, log }: Pick<Files, 'db' | 'log'>): number | string => {
  const folder = newFolder();
  writeFileSync(join(folder, 'journal.db'), db);
  writeFileSync(join(folder, 'journal.db-wal'), log);
  const { journal, setAside, isCut } = openJournalFile(folder, TERMINAL);
  const lastSeq = journal.lastSeq();
  journal.close();
  if (setAside === undefined) return isCut ? `cut after ${lastSeq}` : lastSeq;
  expect(readFileSync(join(setAside, 'journal.db-wal')).equals(log)).toBe(true);
  return 'set aside';
};

/** The same judgement without writing, and the last entry that SQLite reads. */
const endOf = ({ db, log }: Pick<Files, 'db' | 'log'>): readonly [LogEnd, number] => {
  const folder = newFolder();
  const file = join(folder, 'journal.db');
  writeFileSync(file, db);
  writeFileSync(`${file}-wal`, log);
  const reader = openSqliteToRead(file);
  const isBegun = reader.prepare("select 1 from sqlite_schema where name = 'entry'").get();
  const lastSeq =
    isBegun === undefined
      ? 0
      : (reader.prepare<[], number>('select max(seq) from entry').pluck().get() ?? 0);
  reader.close();
  const end = endOfLog(`${file}-wal`, lastSeq);
  rmSync(folder, { recursive: true });
  return [end, lastSeq];
};

describe('what a power cut leaves is gone on with', () => {
  const several = stateAt(states, severalFrames.index);
  const beforeSeveral = stateAt(states, severalFrames.index - 1);
  const firstOfSeveral = startOf(frames(beforeSeveral.log));
  const lastStart = startOf(frames(last.log) - 1);

  test.each<[string, Buffer, number | string]>([
    ['everything', last.log, ENTRIES],
    ['the last frame cut off in its page', last.log.subarray(0, -1_000), ENTRIES - 1],
    ['the last frame cut off in its head', last.log.subarray(0, lastStart + 20), ENTRIES - 1],
    [
      'the last frame without a sector',
      spoilt(last.log, lastStart + 2_048, SECTOR),
      `cut after ${ENTRIES - 1}`,
    ],
    ['the last frame without its head', spoilt(last.log, lastStart, 24), ENTRIES - 1],
    [
      'a commit of several frames without its last one',
      several.log.subarray(0, -FRAME),
      beforeSeveral.lastSeq,
    ],
    [
      'a commit of several frames without its first one, but with its mark',
      Buffer.from(several.log).fill(0, firstOfSeveral, firstOfSeveral + FRAME),
      `cut after ${beforeSeveral.lastSeq}`,
    ],
    ['only its head', last.log.subarray(0, HEADER), 0],
    ['not even its head', last.log.subarray(0, 0), 0],
  ])('%s', (_what, log, lastSeq) => {
    expect(startWith({ db: last.db, log })).toBe(lastSeq);
  });

  test('frames of the log before, behind those of this one', () => {
    const state = stateAt(overwritten, 10);
    expect(frames(state.log)).toBeGreaterThan(60);
    expect(startWith(state)).toBe(91);
  });

  test('frames of a commit that was cut off, behind the shorter one that took its place', () => {
    // The repetition is a commit of one frame.
    const torn = Buffer.from(several.log).fill(0, firstOfSeveral, firstOfSeveral + FRAME);
    const folder = newFolder();
    const file = join(folder, 'journal.db');
    writeFileSync(file, several.db);
    writeFileSync(`${file}-wal`, torn);
    const db = openDurableSqlite(file, { checkpointPages: 1_000 });
    db.prepare('update journal set settled_seq = 1').run();
    const log = readFileSync(`${file}-wal`);
    db.close();
    expect(frames(log)).toBe(frames(several.log));
    expect(isCommitFrame(log, frames(beforeSeveral.log))).toBe(true);
    expect(startWith({ db: several.db, log })).toBe(`cut after ${beforeSeveral.lastSeq}`);
  });

  test('any sectors of the last commit, in any order, over anything that stood there before', () => {
    const cut = (of: readonly Files[], index: number, written: readonly boolean[]): Files => {
      const [before, after] = [stateAt(of, index - 1), stateAt(of, index)];
      const log = Buffer.alloc(after.log.length);
      before.log.copy(log);
      for (let sector = 0; sector * SECTOR < log.length; sector += 1) {
        const at = sector * SECTOR;
        if (written[sector % written.length] === true) after.log.copy(log, at, at, at + SECTOR);
      }
      return { db: after.db, log, lastSeq: before.lastSeq };
    };
    fc.assert(
      fc.property(
        fc.constantFrom(states, overwritten),
        fc.nat(),
        fc.array(fc.boolean(), { minLength: 7, maxLength: 61 }),
        (of, at, written) => {
          const files = cut(of, 1 + (at % (of.length - 1)), written);
          const [end, lastSeq] = endOf(files);
          return end !== 'hidden' && lastSeq >= files.lastSeq;
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('what only a rotten page explains', () => {
  const middle = Math.floor(frames(last.log) / 2);
  const lastStart = startOf(frames(last.log) - 1);

  test.each<[string, number, number]>([
    ['a page in the middle', startOf(middle) + 24, 4_096],
    ['a few bytes in the middle', startOf(middle) + 1_000, 3],
    ['the head of a frame', startOf(middle), 24],
    ['a block of the disk, with the ends of two frames', 4_096 * middle, 4_096],
    ['the first frame', HEADER, FRAME],
    ['the head of the log', 0, HEADER],
    ['the first block of the log', 0, 4_096],
    ['half of the log', HEADER, FRAME * middle],
    ['the last commit but one, with its mark', lastStart - FRAME, FRAME],
    ['the page of the last commit but one', lastStart - 4_096, 4_096],
  ])('%s: the journal is set aside', (_what, from, length) => {
    expect(startWith({ db: last.db, log: spoilt(last.log, from, length) })).toBe('set aside');
  });

  test('and all that is behind it is rescued', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'journal.db'), last.db);
    writeFileSync(join(folder, 'journal.db-wal'), spoilt(last.log, startOf(middle), FRAME));
    const { journal, setAside = '' } = openJournalFile(folder, TERMINAL);
    journal.close();
    const rescue = rescuedFrom(setAside);
    expect(rescue?.entries.map(({ seq }) => seq)).toEqual(
      Array.from({ length: ENTRIES }, (_, index) => index + 1),
    );
    expect(rescue?.broken).toEqual([]);
  });

  test('a commit without entries behind the last touch, whose own page is gone', () => {
    const folder = newFolder();
    const file = join(folder, 'journal.db');
    writeFileSync(file, last.db);
    writeFileSync(`${file}-wal`, last.log);
    const db = openDurableSqlite(file, { checkpointPages: 1_000 });
    db.prepare('update journal set settled_seq = 1').run();
    const log = spoilt(readFileSync(`${file}-wal`), lastStart + 24, 4_096);
    db.close();
    expect(frames(log)).toBe(frames(last.log) + 1);
    expect(startWith({ db: last.db, log })).toBe('set aside');
  });

  test('anywhere before the last commit: no entry is lost unless the journal is set aside', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(states, overwritten),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 5_000 }),
        (of, share, length) => {
          const [before, state] = [stateAt(of, of.length - 2), stateAt(of, of.length - 1)];
          const end = bytesOf(before.log);
          const from = Math.floor(share * end);
          const log = Buffer.from(state.log);
          log.fill(0xa5, from, Math.min(from + length, end));
          const [found, lastSeq] = endOf({ db: state.db, log });
          return found === 'hidden' || lastSeq === state.lastSeq;
        },
      ),
      { numRuns: 150 },
    );
  });
});
