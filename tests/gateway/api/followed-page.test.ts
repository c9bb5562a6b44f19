/** Who waits for a page gets it when it has something for them, when the wait is over or they are gone: not before. */
import { describe, expect, test } from 'vitest';
import { TAP_ITEMS } from '../../../gateway/access/report-items.ts';
import { createSight } from '../../../gateway/access/sight.ts';
import { awaitedPage, followedPage } from '../../../gateway/api/followed-page.ts';
import { createCommitSignal } from '../../../gateway/commit-signal.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { workDate } from '../../../shared/time.ts';
import { SITE, WORKER } from '../../fixtures/identities.ts';
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

describe('a page of few rows for who may see few of many', () => {
  const ROWS = 5_000;
  const STRANGER = '10000000000099';
  const day = { siteId: SITE, at: '2026-11-25T08:00:00+09:00' };
  /** `own`: which of so many rows are the asker's. */
  const follow = (own: readonly number[], limit: number, after = 0) => {
    let reads = 0;
    const { rows, next } = followedPage({
      sight: createSight({
        viewers: [{ kind: 'worker', workerId: WORKER }],
        index: indexRegistry(registryWith({})),
        today: workDate('2026-11-25'),
      }),
      items: TAP_ITEMS,
      query: { after, limit },
      read: (from, count) => {
        reads += 1;
        return Array.from({ length: Math.min(count, ROWS - from) }, (_, at) => from + at + 1);
      },
      cursorOf: (each) => each,
      rowOf: (each) => ({
        id: String(each),
        ...day,
        workerId: own.includes(each) ? WORKER : STRANGER,
      }),
    });
    return { ids: rows.map(({ id }) => id), next, reads };
  };

  test.each([
    [[4_321], 1, ['4321'], '4321', 'the only one, far behind'],
    [[1_501, 1_502, 1_503], 2, ['1501', '1502'], '1502', 'no more than were asked for'],
    [[1_499, 1_501], 2, ['1499'], '1500', 'what is left comes with the next page'],
    [[1, 2], 1, ['1'], '1', 'the first at once'],
    [[], 3, [], '0', 'nothing at all: the same cursor'],
  ])('of own rows %j, %i asked for, comes %j with next %s: %s', (own, limit, ids, next) => {
    const page = follow(own, limit);
    expect(page).toMatchObject({ ids, next });
    // Not a read for each row that is passed over.
    expect(page.reads).toBeLessThan(10);
  });

  test('whoever follows has each once, whatever the size of a page', () => {
    const own = [1, 2, 999, 1_000, 1_001, 1_002, 2_500, 4_999, 5_000];
    for (const limit of [1, 2, 3, 7, 1_000]) {
      const seen: string[] = [];
      for (let after = '0'; ; ) {
        const { ids, next } = follow(own, limit, Number(after));
        seen.push(...ids);
        if (next === after) break;
        after = next;
      }
      expect(seen).toEqual(own.map(String));
    }
  });
});
