/** Entry texts of every kind, as a terminal writes them. */
import { openJournal } from '../../device/journal.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import type { EntryBody, TapBody } from '../../shared/entry.ts';
import { JournalId } from '../../shared/ids.ts';
import { utcMs } from '../../shared/time.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { CARD, SITE, TERMINAL, WORKER } from '../fixtures/identities.ts';

export const JOURNAL_ID = JournalId.parse('0f8fad5b-d9cb-469f-a165-70867728950e');

const BY = { by: '所長', reason: '打ち忘れ' };
const TAP: TapBody = {
  kind: 'tap',
  siteId: SITE,
  readerId: '入口',
  direction: 'in',
  presented: { by: 'card', cardId: CARD },
  verdict: 'recorded',
  reasons: [],
  rosterVersion: 3,
};

const BODIES: readonly EntryBody[] = [
  { kind: 'boot', version: '1.2.3' },
  { kind: 'clock' },
  TAP,
  { ...TAP, direction: 'out', verdict: 'warned', reasons: ['unknown-card'] },
  { ...TAP, presented: { by: 'typed', workerId: WORKER } },
  { kind: 'health', what: 'reader-detached', detail: '入口' },
  { kind: 'bind', siteId: SITE, cardId: CARD, workerId: WORKER, ...BY },
  {
    kind: 'manual',
    siteId: SITE,
    change: {
      do: 'add',
      workerId: WORKER,
      direction: 'in',
      at: utcMs(Date.parse('2026-11-24T08:00:00+09:00')),
    },
    ...BY,
  },
  { kind: 'manual', siteId: SITE, change: { do: 'void', seq: 3 }, ...BY },
  { kind: 'evidence', seq: 3, camera: 'C1', outcome: 'match', score: 97 },
];

export const sampleEntries = (): readonly string[] => {
  const clock = createFakeClock('2026-11-24T07:58:00+09:00');
  const journal = openJournal(openDurableSqlite(':memory:', { checkpointPages: 1_000 }), TERMINAL);
  for (const [index, body] of BODIES.entries()) {
    if (index === 3) clock.setTrust('untrusted');
    clock.advance(60_000);
    journal.append(body, clock.read());
  }
  const texts = journal.read(1, BODIES.length).map(({ text }) => text);
  const { journalId } = journal;
  journal.close();
  return texts.map((text) => text.replace(journalId, JOURNAL_ID));
};
