/** What `genba rescue` reads off a journal, whole and broken. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Journal } from '../../device/journal.ts';
import { openJournalFile } from '../../device/journal-file.ts';
import { isPin, PinHash } from '../../device/manager/pin.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { utcMs } from '../../shared/time.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { badBlock } from '../fixtures/bad-block.ts';
import { CARD, SITE, TERMINAL } from '../fixtures/identities.ts';
import { prefillJournal } from '../fixtures/prefilled-journal.ts';
import { rescuedFrom } from '../fixtures/rescued.ts';

const GENBA = fileURLToPath(new URL('../../provisioning/genba.ts', import.meta.url));
const ENTRIES = 400;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-rescue-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = () => join(folder, 'journal.db');
const fill = (): void => {
  const { journal } = openJournalFile(folder, TERMINAL);
  fillWith(journal);
  journal.settle(100);
  journal.close();
};
const fillWith = (journal: Journal): void => {
  const clock = createFakeClock('2026-11-24T07:00:00+09:00');
  for (let count = 0; count < ENTRIES; count += 1) {
    clock.advance(1_000);
    journal.append(
      {
        kind: 'tap',
        siteId: SITE,
        readerId: '入口 "北"\\',
        direction: 'in',
        presented: { by: 'card', cardId: CARD },
        verdict: 'recorded',
        reasons: [],
      },
      clock.read(),
    );
  }
};
const overwrite = (offset: number, length: number): void => {
  const bytes = readFileSync(file());
  bytes.fill(0xa5, offset, offset + length);
  writeFileSync(file(), bytes);
};

describe('rescue', () => {
  test('a sound journal comes whole, and its chain holds', () => {
    fill();
    expect(rescuedFrom(folder)).toMatchObject({
      terminalId: TERMINAL,
      settledSeq: 100,
      missing: [],
      broken: [],
    });
    expect(rescuedFrom(folder)?.entries).toHaveLength(ENTRIES);
  });

  test('what was pruned lies in the file still, and is not missing', () => {
    const { journal } = openJournalFile(folder, TERMINAL);
    fillWith(journal);
    journal.settle(300);
    expect(journal.prune(utcMs(Date.parse('2026-12-24T00:00:00Z')))).toBeGreaterThan(0);
    const first = journal.firstSeq();
    journal.close();
    expect(readFileSync(file()).includes(`"seq":${first - 1},`)).toBe(true);
    const rescue = rescuedFrom(folder);
    expect(rescue?.entries[0]?.seq).toBe(first);
    expect(rescue).toMatchObject({ missing: [], broken: [] });
    expect(rescue?.entries).toHaveLength(ENTRIES - first + 1);
  });

  test('without its first page SQLite reads nothing, and everything else is still found', () => {
    fill();
    overwrite(0, 4_096);
    const rescue = rescuedFrom(folder);
    expect(rescue?.settledSeq).toBeUndefined();
    expect(rescue?.entries.length).toBeGreaterThan(ENTRIES - 10);
    expect(rescue?.broken).toEqual([]);
  });

  test('a page in the middle costs its own entries and no other', () => {
    fill();
    const middle = Math.floor(statSync(file()).size / 4_096 / 2) * 4_096;
    overwrite(middle, 4_096);
    const rescue = rescuedFrom(folder);
    const lost = (rescue?.missing ?? []).reduce(
      (sum, { first, last }) => sum + last - first + 1,
      0,
    );
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(12);
    expect(rescue?.entries.length).toBe(ENTRIES - lost);
    expect(rescue?.broken).toEqual([]);
  });

  test('an altered entry breaks the chain, and is named', () => {
    fill();
    const bytes = readFileSync(file());
    const at = bytes.indexOf('"seq":200,');
    const direction = bytes.indexOf('"direction":"in"', at);
    bytes.write('"direction":"IN"'.replace('IN', 'in'), direction);
    bytes.write('9', bytes.indexOf('"wallMs":', at) + '"wallMs":'.length + 12);
    writeFileSync(file(), bytes);
    expect(rescuedFrom(folder)?.broken).toEqual([200]);
  });

  test('what is searched for piece by piece is found as in one piece', () => {
    fill();
    overwrite(0, 4_096);
    const whole = rescuedFrom(folder);
    expect(whole?.entries.length).toBeGreaterThan(ENTRIES - 10);
    // Smaller than an entry, and so that pieces end within entries at ever other places.
    expect(rescuedFrom(folder, 97)).toEqual(whole);
    expect(rescuedFrom(folder, 5_003)).toEqual(whole);
  });

  test('of two texts for one seq, the one that follows from the entry before is taken', () => {
    fill();
    const stale = readFileSync(file());
    const at = stale.indexOf('"seq":200,');
    stale.write('9', stale.indexOf('"wallMs":', at) + '"wallMs":'.length + 12);
    overwrite(0, 4_096);
    const whole = rescuedFrom(folder);
    for (const order of [
      [stale, readFileSync(file())],
      [readFileSync(file()), stale],
    ]) {
      writeFileSync(file(), Buffer.concat([Buffer.alloc(4_096), ...order]));
      expect(rescuedFrom(folder)).toEqual(whole);
    }
  });

  test('only rubbish is nothing', () => {
    writeFileSync(file(), Buffer.alloc(20_000, 0x7b));
    expect(rescuedFrom(folder)).toBeUndefined();
  });
});

describe('a broken journal at start', () => {
  test('is set aside whole, a new one begins, and what was in it can be rescued', () => {
    fill();
    overwrite(8_192, 4_096);
    const { journal, setAside } = openJournalFile(folder, TERMINAL);
    expect(setAside).toBe(join(folder, 'set-aside-1'));
    expect(journal.lastSeq()).toBe(0);
    journal.close();
    expect(rescuedFrom(setAside ?? '')?.entries.length).toBeGreaterThan(ENTRIES - 12);
  });

  test('is set aside with its write-ahead log, also what stands there behind a broken page', () => {
    fill();
    const { journal } = openJournalFile(folder, TERMINAL);
    fillWith(journal);
    // As the power leaves them: the last entries stand in the log alone.
    const dead = join(folder, 'dead');
    mkdirSync(dead);
    for (const name of ['journal.db', 'journal.db-wal'])
      copyFileSync(join(folder, name), join(dead, name));
    journal.close();
    const spoil = (name: string): Buffer => {
      const bytes = readFileSync(join(dead, name));
      const middle = Math.floor(bytes.length / 2 / 4_096) * 4_096;
      writeFileSync(join(dead, name), bytes.fill(0xa5, middle, middle + 4_096));
      return bytes;
    };
    spoil('journal.db');
    const log = spoil('journal.db-wal');
    const opened = openJournalFile(dead, TERMINAL);
    opened.journal.close();
    expect(readFileSync(join(dead, 'set-aside-1', 'journal.db-wal')).equals(log)).toBe(true);
    expect(rescuedFrom(join(dead, 'set-aside-1'))?.entries.at(-1)?.seq).toBe(2 * ENTRIES);
  });

  test.each([
    // As after a page that the card never wrote: SQLite finds nothing wrong with an older one.
    ['entries are missing in the middle', 'delete from entry where seq between 150 and 170'],
    ['all entries are gone that the gateway receipted', 'delete from entry'],
  ])('is set aside too where %s', (_what, statement) => {
    fill();
    const db = openDurableSqlite(file(), { checkpointPages: 1_000 });
    db.exec(statement);
    db.close();
    const { journal, setAside } = openJournalFile(folder, TERMINAL);
    expect([setAside, journal.lastSeq()]).toEqual([join(folder, 'set-aside-1'), 0]);
    journal.close();
  });

  test('whose setting aside was cut short goes there whole at the next start', () => {
    fill();
    const [before, after] = [join(folder, 'set-aside-1'), join(folder, 'journal.db-wal')];
    mkdirSync(before);
    renameSync(file(), join(before, 'journal.db'));
    writeFileSync(after, 'what was not yet in the file');
    const { journal, setAside } = openJournalFile(folder, TERMINAL);
    expect([setAside, journal.lastSeq()]).toEqual([before, 0]);
    expect(readFileSync(join(before, 'journal.db-wal'), 'utf8')).toBe(
      'what was not yet in the file',
    );
    journal.close();
  });

  test('a second one is set aside beside the first', () => {
    for (const number of [1, 2]) {
      fill();
      overwrite(0, 4_096);
      const opened = openJournalFile(folder, TERMINAL);
      expect(opened.setAside).toBe(join(folder, `set-aside-${number}`));
      opened.journal.close();
    }
  });

  test('a sound one is left alone', () => {
    fill();
    const { journal, setAside } = openJournalFile(folder, TERMINAL);
    expect([setAside, journal.lastSeq()]).toEqual([undefined, ENTRIES]);
    journal.close();
  });
});

describe('genba', () => {
  const genba = (parameters: readonly string[], input = '') =>
    spawnSync(process.execPath, [GENBA, ...parameters], { encoding: 'utf8', input });

  test('rescue tells in Japanese what it found, and saves it', () => {
    fill();
    const out = join(folder, 'rescued.ndjson');
    const done = genba(['rescue', '--data', folder, '--out', out]);
    expect([done.status, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toContain('未送信のタッチ 300件');
    expect(done.stdout).toContain('連鎖の確認 ○');
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(ENTRIES + 1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ kind: 'genba-rescue', count: ENTRIES });
    const again = genba(['rescue', '--data', folder, '--out', out]);
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('すでにあります')]);
  });

  test.each([
    ['sound', false],
    ['broken', true],
  ])('rescue holds no %s journal in memory', (_what, isBroken) => {
    prefillJournal(folder, 60_000);
    if (isBroken) overwrite(0, 4_096);
    const out = join(folder, 'rescued.ndjson');
    const done = spawnSync(
      process.execPath,
      ['--max-old-space-size=40', GENBA, 'rescue', '--data', folder, '--out', out],
      { encoding: 'utf8' },
    );
    expect([done.status, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toContain('連鎖の確認 ○');
    expect(statSync(out).size).toBeGreaterThan(20_000_000);
  });

  test.each([
    ['in the middle', 200 * 4_096, 12],
    ['at the very beginning', 0, 1],
  ])('rescue goes on over blocks %s that the card cannot read', (_where, from, lostMax) => {
    prefillJournal(folder, 4_000);
    const done = spawnSync(process.execPath, [GENBA, 'rescue', '--data', folder, '--json'], {
      encoding: 'utf8',
      env: { ...process.env, ...badBlock(join(folder, 'journal.db'), from, from + 4_096) },
    });
    expect([done.status, done.stderr]).toEqual([0, '']);
    const { entries, missing, broken } = JSON.parse(done.stdout);
    expect([entries + missing, broken]).toEqual([4_000, 0]);
    expect(missing).toBeLessThan(lostMax);
  });

  test('rescue leaves no piece of a file where there is no room for the whole', () => {
    fill();
    const out = join(folder, 'rescued.ndjson');
    const done = spawnSync(
      'sh',
      [
        '-c',
        'ulimit -f 100; exec "$@"',
        'sh',
        process.execPath,
        GENBA,
        'rescue',
        '--data',
        folder,
        '--out',
        out,
      ],
      { encoding: 'utf8' },
    );
    expect([done.status, done.stderr]).toEqual([1, expect.stringContaining('大きすぎます')]);
    expect(existsSync(out)).toBe(false);
  });

  test('rescue names what was set aside there, which is another journal', () => {
    fill();
    overwrite(0, 4_096);
    openJournalFile(folder, TERMINAL).journal.close();
    fill();
    const done = genba(['rescue', '--data', folder]);
    expect(done.stdout).toContain(`genba rescue --data ${join(folder, 'set-aside-1')}`);
    expect(JSON.parse(genba(['rescue', '--data', folder, '--json']).stdout)).toMatchObject({
      setAside: ['set-aside-1'],
    });
  });

  test('rescue for programs is one JSON line', () => {
    fill();
    expect(JSON.parse(genba(['rescue', '--data', folder, '--json']).stdout)).toMatchObject({
      entries: ENTRIES,
      unsentTaps: 300,
      missing: 0,
      broken: 0,
    });
    expect(existsSync(join(folder, 'rescued.ndjson'))).toBe(false);
  });

  test('pin prints what the configuration takes', async () => {
    const done = genba(['pin'], '2468\n');
    const hash = PinHash.parse(done.stdout.trim());
    expect(await isPin('2468', hash)).toBe(true);
    expect(await isPin('2469', hash)).toBe(false);
  });

  test.each([
    [['rescue'], 2, '--data'],
    [['rescue', '--data', '/nonexistent'], 2, 'フォルダがありません'],
    [['rescue', '--wrong'], 2, '--wrong というオプションはありません'],
    [['status', '--config'], 2, '--config に値がありません'],
    [['status', '--config', '/'], 2, 'フォルダです'],
    [['fly'], 2, 'fly'],
  ])('%j is refused with a word', (parameters, status, word) => {
    const done = genba(parameters);
    expect(done.status).toBe(status);
    expect(done.stderr).toContain(word);
  });

  test('a file that cannot be written is named, before anything is read off the card', () => {
    fill();
    const out = join(folder, 'no such folder', 'rescued.ndjson');
    const done = genba(['rescue', '--data', folder, '--out', out]);
    expect(done.status).toBe(2);
    expect(done.stderr).toBe(`${join(folder, 'no such folder')}: フォルダがありません\n`);
  });

  test.each([
    [['--help'], 'genba rescue'],
    [['rescue', '--help'], 'genba rescue'],
    [['card', 'bind', '-h'], 'genba card bind'],
    [['card', '--help'], 'genba card bind'],
  ])('%j tells how it is used and is no fault', (parameters, words) => {
    const done = genba(parameters);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(done.stdout).toContain(words);
  });

  test('a PIN that is none is refused', () => {
    expect(genba(['pin'], '12\n').status).toBe(2);
  });
});
