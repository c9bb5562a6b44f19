/** Who waits for a page gets it when it has something for them, when the wait is over or they are gone: not before. */
import { describe, expect, test } from 'vitest';
import { createSight } from '../../../gateway/access/sight.ts';
import { awaitedPage } from '../../../gateway/api/followed-page.ts';
import { createCommitSignal } from '../../../gateway/commit-signal.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { workDate } from '../../../shared/time.ts';
import { registryWith } from '../../fixtures/registry.ts';

const sight = createSight({
  viewers: [{ kind: 'central' }],
  index: indexRegistry(registryWith({})),
  today: workDate('2026-11-25'),
});

/** Numbers in place of a ledger; whoever follows wants the even ones. */
const evenNumbers = () => {
  const numbers: number[] = [];
  const commits = createCommitSignal();
  const reads: number[] = [];
  return {
    reads,
    commit: (number: number): void => {
      numbers.push(number);
      commits.notify();
    },
    follow: (after: number, wait: number, signal = new AbortController().signal) =>
      awaitedPage({
        sight,
        items: { row: 'open', fields: {} },
        query: { after, limit: 10, wait },
        read: (from, limit) => {
          reads.push(from);
          return numbers.filter((each) => each > from && each % 2 === 0).slice(0, limit);
        },
        cursorOf: (each) => each,
        rowOf: (number) => ({ number }),
        news: commits.next,
        signal,
      }),
  };
};

/** Lets everything that is ready run. */
const settled = () => new Promise<void>((done) => setImmediate(done));

describe('a page that is waited for', () => {
  test('is not ended by what is none of theirs', async () => {
    const { commit, follow } = evenNumbers();
    const page = follow(0, 60);
    commit(1);
    await settled();
    commit(3);
    await settled();
    commit(4);
    expect(await page).toMatchObject({ rows: [{ number: 4 }], next: '4' });
  });

  test('is empty with the same cursor when the wait is over, and asks no more', async () => {
    const { commit, follow, reads } = evenNumbers();
    const page = follow(7, 0.05);
    commit(1);
    expect(await page).toMatchObject({ rows: [], next: '7' });
    const asked = reads.length;
    commit(8);
    await settled();
    expect(reads).toHaveLength(asked);
  });

  test('is asked for no more when who waited has gone', async () => {
    const { commit, follow, reads } = evenNumbers();
    const gone = new AbortController();
    const page = follow(0, 60, gone.signal);
    gone.abort();
    expect(await page).toMatchObject({ rows: [], next: '0' });
    const asked = reads.length;
    commit(2);
    await settled();
    expect(reads).toHaveLength(asked);
  });
});
