/**
 * Sync (送信): which journal entries to send next, and when an entry counts as delivered.
 *
 * A pure machine. Ranges in flight stay as they were cut, so a retry sends the same bytes. Only the
 * gateway's receipt settles; the broker's acknowledgement is not even an event here.
 */
import type { RefusalReason } from '../shared/refusal.ts';
import type { UptimeMs } from '../shared/time.ts';

export const BATCH_ENTRIES = 1_000;
/** Ranges sent ahead of their receipts: the terminal reads while the gateway commits. */
export const WINDOW_RANGES = 4;
export const RECEIPT_TIMEOUT_MS = 10_000;
export const BACKOFF_MS_MIN = 1_000;
const BACKOFF_MS_MAX = 60_000;

/** Consecutive entries, both ends inclusive. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export interface SyncState {
  readonly lastSeq: number;
  readonly settledSeq: number;
  /** Cut but not settled, in order, without holes; the first begins at or before `settledSeq` + 1. */
  readonly ranges: readonly Range[];
  readonly link: SyncLink;
}

export type SyncLink =
  | { readonly kind: 'offline' }
  | { readonly kind: 'idle' }
  /** `deadline`: when the oldest range should have been receipted. */
  | { readonly kind: 'awaiting'; readonly deadline: number; readonly failures: number }
  | { readonly kind: 'backing-off'; readonly until: number; readonly failures: number };

export type SyncEvent =
  | { readonly kind: 'link-up'; readonly now: UptimeMs }
  | { readonly kind: 'link-down' }
  | { readonly kind: 'appended'; readonly seq: number; readonly now: UptimeMs }
  | {
      readonly kind: 'receipt';
      readonly committedSeq: number;
      readonly refused: RefusalReason | undefined;
      readonly now: UptimeMs;
    }
  | { readonly kind: 'tick'; readonly now: UptimeMs };

export type SyncEffect =
  | { readonly kind: 'send'; readonly range: Range }
  | { readonly kind: 'settle'; readonly seq: number }
  | { readonly kind: 'alarm'; readonly reason: RefusalReason };

export interface SyncStep {
  readonly state: SyncState;
  readonly effects: readonly SyncEffect[];
}

export const initialSync = (journal: {
  readonly lastSeq: number;
  readonly settledSeq: number;
}): SyncState => ({
  lastSeq: journal.lastSeq,
  settledSeq: journal.settledSeq,
  ranges: [],
  link: { kind: 'offline' },
});

const backoffMs = (failures: number): number =>
  Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** Math.min(failures, 10));

const sendAll = (ranges: readonly Range[]): readonly SyncEffect[] =>
  ranges.map((range) => ({ kind: 'send', range }));

/** Ranges that the window has room for, beyond those in flight. */
const cutRanges = ({ lastSeq, settledSeq, ranges }: SyncState): readonly Range[] => {
  const fresh: Range[] = [];
  let cutSeq = ranges.at(-1)?.last ?? settledSeq;
  while (cutSeq < lastSeq && ranges.length + fresh.length < WINDOW_RANGES) {
    const last = Math.min(lastSeq, cutSeq + BATCH_ENTRIES);
    fresh.push({ first: cutSeq + 1, last });
    cutSeq = last;
  }
  return fresh;
};

/** Fills the window from an up link and says what is now awaited. */
const proceed = (state: SyncState, now: UptimeMs, failures: number): SyncStep => {
  const fresh = cutRanges(state);
  const ranges = [...state.ranges, ...fresh];
  const deadline =
    state.link.kind === 'awaiting' && state.ranges.length > 0
      ? state.link.deadline
      : now + RECEIPT_TIMEOUT_MS;
  return {
    state: {
      ...state,
      ranges,
      link: ranges.length === 0 ? { kind: 'idle' } : { kind: 'awaiting', deadline, failures },
    },
    effects: sendAll(fresh),
  };
};

/** Sends everything cut once more, the very same ranges, then fills the window. */
const resend = (state: SyncState, now: UptimeMs, failures: number): SyncStep => {
  const next = proceed({ ...state, link: { kind: 'idle' } }, now, failures);
  return { state: next.state, effects: [...sendAll(state.ranges), ...next.effects] };
};

const backOff = (state: SyncState, now: UptimeMs, failures: number): SyncState => ({
  ...state,
  link: { kind: 'backing-off', until: now + backoffMs(failures), failures: failures + 1 },
});

const failuresOf = (link: SyncLink): number =>
  link.kind === 'awaiting' || link.kind === 'backing-off' ? link.failures : 0;

const settleUpTo = (state: SyncState, committedSeq: number): SyncState => ({
  ...state,
  settledSeq: committedSeq,
  ranges: state.ranges.filter(({ last }) => last > committedSeq),
});

const onReceipt = (
  state: SyncState,
  { committedSeq, refused, now }: Extract<SyncEvent, { kind: 'receipt' }>,
): SyncStep => {
  // A receipt beyond our own end cannot be about this journal as it stands on our disk.
  if (committedSeq > state.lastSeq)
    return { state, effects: [{ kind: 'alarm', reason: 'conflict' }] };
  const { link } = state;

  if (refused === 'gap') {
    // The gateway misses something before what we sent: begin again right after what it has. Several
    // ranges were in flight, so several gap receipts come; the pause swallows all but the first.
    const rewound: SyncState = { ...state, settledSeq: committedSeq, ranges: [] };
    if (link.kind === 'backing-off') return { state, effects: [] };
    return {
      state: link.kind === 'offline' ? rewound : backOff(rewound, now, failuresOf(link)),
      effects: [{ kind: 'settle', seq: committedSeq }],
    };
  }

  const isProgress = committedSeq > state.settledSeq;
  const settled = isProgress ? settleUpTo(state, committedSeq) : state;
  const effects: readonly SyncEffect[] = isProgress ? [{ kind: 'settle', seq: committedSeq }] : [];
  if (refused !== undefined) {
    return {
      state: link.kind === 'offline' ? settled : backOff(settled, now, failuresOf(link)),
      effects: [...effects, { kind: 'alarm', reason: refused }],
    };
  }
  if (link.kind !== 'awaiting' && link.kind !== 'idle') return { state: settled, effects };
  // Progress proves the way is open: the remaining ranges get a whole time-out again.
  const next = proceed(isProgress ? { ...settled, link: { kind: 'idle' } } : settled, now, 0);
  return { state: next.state, effects: [...effects, ...next.effects] };
};

export const step = (state: SyncState, event: SyncEvent): SyncStep => {
  const { link } = state;
  switch (event.kind) {
    case 'link-up':
      return resend(state, event.now, failuresOf(link));
    case 'link-down':
      return { state: { ...state, link: { kind: 'offline' } }, effects: [] };
    case 'appended': {
      const grown = { ...state, lastSeq: event.seq };
      return link.kind === 'idle' || link.kind === 'awaiting'
        ? proceed(grown, event.now, failuresOf(link))
        : { state: grown, effects: [] };
    }
    case 'receipt':
      return onReceipt(state, event);
    case 'tick':
      if (link.kind === 'awaiting' && event.now >= link.deadline) {
        return { state: backOff(state, event.now, link.failures), effects: [] };
      }
      if (link.kind === 'backing-off' && event.now >= link.until) {
        return resend(state, event.now, link.failures);
      }
      return { state, effects: [] };
  }
};
