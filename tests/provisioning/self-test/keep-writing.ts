/** A terminal's journal in which one touch follows the other, and its log begins anew again and again. */
import { setImmediate } from 'node:timers/promises';
import { openJournal } from '../../../device/journal.ts';
import { JOURNAL_FILE } from '../../../device/journal-file.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { TERMINAL } from '../../fixtures/identities.ts';
import { TAP_BODY } from '../../fixtures/tap-body.ts';

const db = openDurableSqlite(`${process.argv[2]}/${JOURNAL_FILE}`, { checkpointPages: 20 });
const journal = openJournal(db, TERMINAL);
const clock = createFakeClock('2026-11-24T07:00:00+09:00');
journal.append(TAP_BODY, clock.read());
process.send?.('writing');

for (let seq = 1; process.connected; seq += 1) {
  journal.append(TAP_BODY, clock.read());
  journal.settle(seq);
  journal.flush();
  await setImmediate();
}
journal.close();
