/** What feeds the watchdog. */
import { describe, expect, test } from 'vitest';
import { type ProgressFacts, progressOf, READERS_SILENT_MS } from '../../device/progress.ts';

const good: ProgressFacts = { now: 100_000, readersHeardAt: 99_000, isJournalReadable: true };

describe('progressOf', () => {
  test.each<[string, Partial<ProgressFacts>, string]>([
    ['everything moves', {}, 'working'],
    ['readers heard of just in time', { readersHeardAt: 100_000 - READERS_SILENT_MS }, 'working'],
    ['readers silent', { readersHeardAt: 100_000 - READERS_SILENT_MS - 1 }, 'readers'],
    ['no PC/SC to watch', { readersHeardAt: undefined }, 'working'],
    ['a journal that does not read', { isJournalReadable: false }, 'journal'],
  ])('%s', (_what, difference, expected) => {
    const progress = progressOf({ ...good, ...difference });
    expect(progress.kind === 'stuck' ? progress.part : progress.kind).toBe(expected);
  });
});
