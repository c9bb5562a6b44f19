/**
 * Appends to a journal as fast as it can and says each seq once it is stored: `appender FILE full|normal`.
 * `normal` is the control: the same program on a database that does not sync its commits.
 */
import { writeSync } from 'node:fs';
import { openJournal } from '../../device/journal.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { TERMINAL } from '../fixtures/identities.ts';
import { TAP_BODY } from '../fixtures/tap-body.ts';

const [file = '', synchronous = ''] = process.argv.slice(2);
// A small WAL, so that checkpoints fall between the cuts too.
const db = openDurableSqlite(file, { checkpointPages: 50 });
const journal = openJournal(db, TERMINAL);
db.pragma(`synchronous = ${synchronous}`);
const clock = createFakeClock('2026-11-24T07:00:00+09:00');

const append = (): void => {
  for (let count = 0; count < 20; count += 1) {
    const outcome = journal.append(TAP_BODY, clock.read());
    if (outcome.kind === 'stored') writeSync(1, `${outcome.entry.seq}\n`);
  }
  setImmediate(append);
};
append();
