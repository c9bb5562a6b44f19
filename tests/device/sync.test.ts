/** The sync machine: every state against every event, as tables; then what must always hold. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BACKOFF_MS_MIN,
  BATCH_ENTRIES,
  initialSync,
  RECEIPT_TIMEOUT_MS,
  type SyncEvent,
  type SyncState,
  step,
  WINDOW_RANGES,
} from '../../device/sync.ts';
import { uptimeMs } from '../../shared/time.ts';

const at = uptimeMs;
const receipt = (committedSeq: number, refused?: 'gap' | 'conflict'): SyncEvent => ({
  kind: 'receipt',
  committedSeq,
  refused,
  now: at(0),
});

const run = (start: SyncState, ...events: readonly SyncEvent[]) => {
  let state = start;
  let effects: ReturnType<typeof step>['effects'] = [];
  for (const event of events) ({ state, effects } = step(state, event));
  return { state, effects };
};

const linkUp: SyncEvent = { kind: 'link-up', now: at(0) };
const online = (lastSeq: number, settledSeq = 0) =>
  run(initialSync({ lastSeq, settledSeq }), linkUp);

describe('sync', () => {
  test.each<[string, SyncState, readonly SyncEvent[], object, readonly object[]]>([
    [
      'an empty journal has nothing to send',
      initialSync({ lastSeq: 0, settledSeq: 0 }),
      [linkUp],
      { link: { kind: 'idle' }, ranges: [] },
      [],
    ],
    [
      'offline, a touch waits',
      initialSync({ lastSeq: 0, settledSeq: 0 }),
      [{ kind: 'appended', seq: 1, now: at(5) }],
      { link: { kind: 'offline' }, lastSeq: 1, ranges: [] },
      [],
    ],
    [
      'a backlog goes out in whole batches, as many as the window holds',
      initialSync({ lastSeq: BATCH_ENTRIES * 10, settledSeq: 0 }),
      [linkUp],
      { link: { kind: 'awaiting' } },
      Array.from({ length: WINDOW_RANGES }, (_, index) => ({
        kind: 'send',
        range: { first: index * BATCH_ENTRIES + 1, last: (index + 1) * BATCH_ENTRIES },
      })),
    ],
    [
      'a live touch goes out at once',
      online(0).state,
      [{ kind: 'appended', seq: 1, now: at(7) }],
      { link: { kind: 'awaiting', deadline: 7 + RECEIPT_TIMEOUT_MS, failures: 0 } },
      [{ kind: 'send', range: { first: 1, last: 1 } }],
    ],
    [
      'a receipt settles and opens the window',
      online(BATCH_ENTRIES * (WINDOW_RANGES + 1)).state,
      [receipt(BATCH_ENTRIES)],
      { settledSeq: BATCH_ENTRIES },
      [
        { kind: 'settle', seq: BATCH_ENTRIES },
        {
          kind: 'send',
          range: {
            first: BATCH_ENTRIES * WINDOW_RANGES + 1,
            last: BATCH_ENTRIES * (WINDOW_RANGES + 1),
          },
        },
      ],
    ],
    [
      'the last receipt leaves nothing awaited',
      online(3).state,
      [receipt(3)],
      { link: { kind: 'idle' }, ranges: [], settledSeq: 3 },
      [{ kind: 'settle', seq: 3 }],
    ],
    ['an old receipt changes nothing', online(3, 2).state, [receipt(1)], { settledSeq: 2 }, []],
    [
      'a receipt beyond our own end is not about this history',
      online(3).state,
      [receipt(4)],
      { settledSeq: 0 },
      [{ kind: 'alarm', reason: 'conflict' }],
    ],
    [
      'a gap rewinds to what the gateway has, after a pause',
      online(9, 5).state,
      [receipt(2, 'gap')],
      { settledSeq: 2, ranges: [], link: { kind: 'backing-off', until: BACKOFF_MS_MIN } },
      [{ kind: 'settle', seq: 2 }],
    ],
    [
      'after the pause it sends from there',
      online(9, 5).state,
      [receipt(2, 'gap'), { kind: 'tick', now: at(BACKOFF_MS_MIN) }],
      { link: { kind: 'awaiting' } },
      [{ kind: 'send', range: { first: 3, last: 9 } }],
    ],
    [
      'the other gap receipts of the same window are swallowed by the pause',
      online(9, 5).state,
      [receipt(2, 'gap'), receipt(2, 'gap')],
      { settledSeq: 2, link: { kind: 'backing-off', failures: 1 } },
      [],
    ],
    [
      'a refusal alarms and pauses, and settles nothing new',
      online(3).state,
      [receipt(0, 'conflict')],
      { settledSeq: 0, link: { kind: 'backing-off' } },
      [{ kind: 'alarm', reason: 'conflict' }],
    ],
    [
      'without a receipt in time it pauses',
      online(3).state,
      [{ kind: 'tick', now: at(RECEIPT_TIMEOUT_MS) }],
      { link: { kind: 'backing-off', failures: 1 }, ranges: [{ first: 1, last: 3 }] },
      [],
    ],
    [
      'a retry sends the same range although more has come since',
      online(3).state,
      [
        { kind: 'tick', now: at(RECEIPT_TIMEOUT_MS) },
        { kind: 'appended', seq: 8, now: at(RECEIPT_TIMEOUT_MS + 1) },
        { kind: 'tick', now: at(RECEIPT_TIMEOUT_MS + BACKOFF_MS_MIN) },
      ],
      {},
      [
        { kind: 'send', range: { first: 1, last: 3 } },
        { kind: 'send', range: { first: 4, last: 8 } },
      ],
    ],
    [
      'the pause doubles with each failure',
      online(3).state,
      [
        { kind: 'tick', now: at(RECEIPT_TIMEOUT_MS) },
        { kind: 'tick', now: at(RECEIPT_TIMEOUT_MS + BACKOFF_MS_MIN) },
        { kind: 'tick', now: at(2 * RECEIPT_TIMEOUT_MS + BACKOFF_MS_MIN) },
      ],
      {
        link: {
          kind: 'backing-off',
          until: 2 * RECEIPT_TIMEOUT_MS + 3 * BACKOFF_MS_MIN,
          failures: 2,
        },
      },
      [],
    ],
    [
      'a lost link keeps the ranges, and a new one sends them again',
      online(3).state,
      [{ kind: 'link-down' }, linkUp],
      { link: { kind: 'awaiting' } },
      [{ kind: 'send', range: { first: 1, last: 3 } }],
    ],
    [
      'a late receipt counts while the link is down',
      online(3).state,
      [{ kind: 'link-down' }, receipt(3)],
      { link: { kind: 'offline' }, settledSeq: 3, ranges: [] },
      [{ kind: 'settle', seq: 3 }],
    ],
  ])('%s', (_because, start, events, state, effects) => {
    const end = run(start, ...events);
    expect(end.state).toMatchObject(state);
    expect(end.effects).toEqual(effects);
  });

  const anEvent = fc.oneof(
    fc.constant({ kind: 'link-up' as const }),
    fc.constant({ kind: 'link-down' as const }),
    fc.record({ kind: fc.constant('appended' as const), more: fc.integer({ min: 1, max: 1_500 }) }),
    fc.record({
      kind: fc.constant('receipt' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      refused: fc.constantFrom(undefined, undefined, 'gap' as const, 'conflict' as const),
    }),
    fc.record({ kind: fc.constant('tick' as const), pass: fc.integer({ min: 0, max: 70_000 }) }),
  );

  test('whatever happens: in order, without holes, within the window, never beyond the end', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 60 }), (events) => {
        let state = initialSync({ lastSeq: 0, settledSeq: 0 });
        let now = 0;
        for (const each of events) {
          if (each.kind === 'tick') now += each.pass;
          const event: SyncEvent =
            each.kind === 'appended'
              ? { kind: 'appended', seq: state.lastSeq + each.more, now: at(now) }
              : each.kind === 'receipt'
                ? {
                    kind: 'receipt',
                    committedSeq: Math.floor(each.share * state.lastSeq),
                    refused: each.refused,
                    now: at(now),
                  }
                : each.kind === 'tick'
                  ? { kind: 'tick', now: at(now) }
                  : each.kind === 'link-up'
                    ? { kind: 'link-up', now: at(now) }
                    : each;
          const next = step(state, event);
          state = next.state;
          expect(state.settledSeq).toBeLessThanOrEqual(state.lastSeq);
          expect(state.ranges.length).toBeLessThanOrEqual(WINDOW_RANGES);
          const [first] = state.ranges;
          if (first !== undefined) expect(first.first).toBeLessThanOrEqual(state.settledSeq + 1);
          for (const [index, { first: start, last }] of state.ranges.entries()) {
            expect(last).toBeLessThanOrEqual(state.lastSeq);
            expect(last - start).toBeLessThan(BATCH_ENTRIES);
            const after = state.ranges[index + 1];
            if (after !== undefined) expect(after.first).toBe(last + 1);
          }
          if (state.link.kind === 'idle') expect(state.settledSeq).toBe(state.lastSeq);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
