/** `tap-commit`: one touch durably in the journal, against a bare insert synced in the same run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '../../device/journal.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { TERMINAL } from '../fixtures/identities.ts';
import { TAP_BODY } from '../fixtures/tap-body.ts';
import { type Figure, figure, milliseconds, percentile } from './figures.ts';

const TOUCHES = 5_000;
/** Alternating, so that a noisy neighbour disturbs both alike. */
const ROUND = 50;

export const tapCommit = async (): Promise<readonly Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'genba-bench-'));
  const open = (name: string) => openDurableSqlite(join(folder, name), { checkpointPages: 1_000 });
  const journal = openJournal(open('journal.db'), TERMINAL);
  const bare = open('bare.db');
  bare.exec('create table entry (seq integer primary key, text text not null) strict');
  const insert = bare.prepare('insert into entry (text) values (?)');
  const clock = createFakeClock('2026-11-24T07:00:00+09:00');
  const append = () => journal.append({ ...TAP_BODY, rosterVersion: 1 }, clock.read());
  append();
  const text = journal.read(1, 1)[0]?.text ?? '';

  const ours: number[] = [];
  const theirs: number[] = [];
  for (let done = 0; done < TOUCHES; done += ROUND) {
    for (let index = 0; index < ROUND; index += 1) ours.push(milliseconds(append));
    for (let index = 0; index < ROUND; index += 1)
      theirs.push(milliseconds(() => insert.run(text)));
  }
  journal.close();
  bare.close();
  rmSync(folder, { recursive: true });
  return [0.5, 0.99].map((share) =>
    figure(
      `tap-commit p${share * 100}`,
      percentile(ours, share),
      'ms',
      'bare better-sqlite3 insert, WAL, synchronous=FULL',
      percentile(theirs, share),
    ),
  );
};
