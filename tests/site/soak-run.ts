/**
 * Five days at a gate, by an accelerated clock: a real terminal on a real journal, 5,000 workers in and
 * out, a gateway that comes and goes. `soak-run FOLDER [leak]` writes into the folder what is held after each day but
 * the first; `leak`: of each touch 128 bytes are kept for ever, in buffers, which lie outside of V8's heap.
 */
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import { openJournalFile } from '../../device/journal-file.ts';
import { kioskView } from '../../device/kiosk/view.ts';
import { createTerminal } from '../../device/terminal.ts';
import { createWorkerLanguages } from '../../device/worker-languages.ts';
import { decodeBatch } from '../../shared/batch.ts';
import { encodeReceipt } from '../../shared/receipt.ts';
import { encodeRoster } from '../../shared/roster.ts';
import { DAY_MS } from '../../shared/time.ts';
import { createFakeClock } from '../fakes/clock.ts';
import {
  gatewaySigner,
  SITE,
  TERMINAL,
  terminalSigner,
  verifyGateway,
} from '../fixtures/identities.ts';
import { largeRoster } from '../fixtures/roster.ts';

/** Until everybody has come once, and once more on another day. */
const DAYS_TO_SETTLE = 2;
const DAYS = DAYS_TO_SETTLE + 3;
const WORKERS = 5_000;
const DAY_S = 86_400;

const [folder = '', leak] = process.argv.slice(2);
const kept: Buffer[] = [];
const { journal } = openJournalFile(folder, TERMINAL);
const clock = createFakeClock('2026-11-24T00:00:00+09:00');
const roster = largeRoster(WORKERS);
const cards = roster.workers.flatMap(({ cards: [card] }) =>
  card === undefined ? [] : [card.cardId],
);
let isLinked = false;

const terminal = createTerminal({
  siteId: SITE,
  version: 'soak',
  repeatWindowMs: 60_000,
  maxShiftMs: 18 * 3_600_000,
  rosterMaxAgeMs: 7 * DAY_MS,
  face: { mode: 'evidence', windowMs: 5_000, scoreMin: 80 },
  clock,
  journal,
  signer: terminalSigner,
  verifyGateway,
  placeOfReader: (reader) => ({ readerId: reader, direction: 'auto' }),
  rosterCache: { load: () => encodeRoster(roster, gatewaySigner), save: () => undefined },
  presenceCache: { load: () => undefined, save: () => undefined },
  followPresence: () => undefined,
  languages: createWorkerLanguages({ load: () => undefined, save: () => undefined }),
  publish: (_channel, bytes) => {
    const batch = decodeBatch(bytes);
    const last = batch.ok ? batch.value.entries.at(-1) : undefined;
    if (!isLinked || last === undefined) return;
    const receipt = {
      v: 1,
      terminalId: TERMINAL,
      journalId: journal.journalId,
      committedSeq: last.seq,
      headHash: last.hash,
    } as const;
    // Not within the call that publishes: an answer comes later.
    queueMicrotask(() => terminal.onMessage('receipt', encodeReceipt(receipt, gatewaySigner)));
  },
  signal: () => undefined,
  onCorrupt: () => process.exit(1),
  changed: () => undefined,
  log: () => undefined,
});
terminal.onReader({ kind: 'reader-attached', reader: 'gate' });

/** A touch every eight seconds or so by day, none by night; unknown cards among them. */
let touches = 0;
const touchAt = (second: number): void => {
  const hour = second / 3_600;
  if (hour < 6 || hour > 19 || second % 8 !== 0) return;
  touches += 1;
  if (leak !== undefined && touches % 100 === 0) kept.push(Buffer.alloc(12_800, touches));
  const cardId = cards[(touches * 7_919) % cards.length];
  if (cardId === undefined) return;
  terminal.onReader({ kind: 'card-presented', reader: 'gate', cardId });
  terminal.onReader({ kind: 'card-removed', reader: 'gate' });
};

for (let day = 0; day < DAYS; day += 1) {
  for (let second = 0; second < DAY_S; second += 1) {
    clock.advance(1_000);
    if (second % 7_200 === 0) {
      isLinked = !isLinked;
      terminal.onLink(isLinked);
    }
    touchAt(second);
    terminal.tick();
    if (second % 3_600 === 0) terminal.forget();
    if (second % 5 === 0) kioskView(terminal.status());
    if (second % 600 === 0) await Promise.resolve();
  }
  // After everything that nobody holds was collected.
  if (day >= DAYS_TO_SETTLE - 1) writeHeapSnapshot(join(folder, `${day}.heapsnapshot`));
}
process.stdout.write(`${JSON.stringify({ touches, entries: journal.lastSeq() })}\n`);
journal.close();
