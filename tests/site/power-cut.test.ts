/**
 * Power cuts under the journal: what it said to be stored is there afterwards. The same rounds on a
 * database that does not sync its commits must lose some, or the test proves nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openJournal } from '../../device/journal.ts';
import { JOURNAL_FILE, openJournalFile } from '../../device/journal-file.ts';
import { nextHash } from '../../shared/chain.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { TERMINAL } from '../fixtures/identities.ts';
import { createPowerCutDisk } from '../power-cut/power-cut.ts';

const APPENDER = fileURLToPath(new URL('../power-cut/appender.ts', import.meta.url));
const ROUNDS = 50;

/** Seq up to which a folder's journal stands and its chain holds; 0 where nothing survived. */
const survivingSeq = (folder: string): number => {
  // As a terminal starts: a cut is no reason to set the journal aside.
  const opened = openJournalFile(folder, TERMINAL);
  expect(opened.setAside).toBeUndefined();
  opened.journal.close();
  const file = join(folder, JOURNAL_FILE);
  const db = openDurableSqlite(file, { checkpointPages: 1_000 });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  const journal = openJournal(db, TERMINAL);
  const last = journal.lastSeq();
  let head = journal.hashAt(0) ?? '';
  for (const entry of last === 0 ? [] : journal.read(1, last)) {
    head = nextHash(head, entry.text);
    expect(entry.hash).toBe(head);
  }
  journal.close();
  return last;
};

/** Touches said to be stored but gone, over all rounds; each round goes on where the last was cut. */
const lostOver = async (rounds: number, synchronous: 'full' | 'normal') => {
  const folder = mkdtempSync(join(tmpdir(), 'genba-power-'));
  let [stored, lost] = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    // A new disk each round, so that what one cut lost does not hide what the next one loses.
    const disk = createPowerCutDisk(join(folder, String(round)));
    const file = join(disk.root, JOURNAL_FILE);
    const child = spawn(process.execPath, [APPENDER, file, synchronous], {
      env: { ...process.env, ...disk.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = 0;
    const cutAt = 1 + Math.floor(Math.random() * 120);
    const closed = once(child, 'close');
    createInterface({ input: child.stdout }).on('line', (line) => {
      said = Number(line);
      if (said >= cutAt) child.kill('SIGKILL');
    });
    await closed;
    disk.cut();
    const survived = survivingSeq(disk.root);
    stored += said;
    lost += Math.max(0, said - survived);
  }
  rmSync(folder, { recursive: true });
  return { stored, lost };
};

describe('a power cut', () => {
  test(`loses no stored entry in ${ROUNDS} rounds`, async () => {
    const { stored, lost } = await lostOver(ROUNDS, 'full');
    expect(stored).toBeGreaterThan(ROUNDS);
    expect(lost).toBe(0);
  }, 300_000);

  test('loses entries when commits are not synced: the control', async () => {
    const { lost } = await lostOver(10, 'normal');
    expect(lost).toBeGreaterThan(0);
  }, 120_000);
});
