/** `wear`: bytes that one touch writes to the card, against the size of its entry. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournalFile } from '../../device/journal-file.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { TERMINAL } from '../fixtures/identities.ts';
import { TAP_BODY } from '../fixtures/tap-body.ts';
import { type Figure, figure } from './figures.ts';

const TOUCHES = 10_000;

/** `write`: through system calls; `dirtied`: pages that the kernel has to bring to the disk. */
const written = () => {
  const io = readFileSync('/proc/self/io', 'utf8');
  const read = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(io)?.[1]);
  return { calls: read('wchar'), dirtied: read('write_bytes') };
};

export const wear = async (): Promise<readonly Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'genba-bench-'));
  const { journal } = openJournalFile(folder, TERMINAL);
  const clock = createFakeClock('2026-11-24T07:00:00+09:00');
  const before = written();
  for (let count = 1; count <= TOUCHES; count += 1) {
    clock.advance(2_000);
    journal.append({ ...TAP_BODY, rosterVersion: 1 }, clock.read());
    // As in the terminal: receipted at once, remembered once a minute.
    journal.settle(count);
    if (count % 30 === 0) journal.flush();
  }
  const after = written();
  const entryBytes = Buffer.byteLength(journal.read(TOUCHES, TOUCHES)[0]?.text ?? '');
  journal.close();
  rmSync(folder, { recursive: true });
  const perTouch = (what: 'calls' | 'dirtied'): number => (after[what] - before[what]) / TOUCHES;
  return [
    figure('wear, written', perTouch('calls'), 'bytes', 'the entry’s own text', entryBytes),
    figure(
      'wear, pages to the disk',
      perTouch('dirtied'),
      'bytes',
      'the entry’s own text',
      entryBytes,
    ),
  ];
};
