/**
 * The gate decision (入場判定): what a touch is worth, decided offline from the cached roster.
 *
 * Pure: no I/O, no clock. The touch is journalled whatever comes out.
 */
import type { Presented } from '../shared/entry.ts';
import type { CardId, WorkerId } from '../shared/ids.ts';
import type { Roster, RosterWorker } from '../shared/roster.ts';
import type { ClockReading } from '../shared/time.ts';
import type { Reason, Verdict } from '../shared/verdict.ts';

export interface RosterIndex {
  readonly roster: Roster;
  readonly workerById: ReadonlyMap<WorkerId, RosterWorker>;
  readonly workerByCard: ReadonlyMap<CardId, RosterWorker>;
}

export const indexRoster = (roster: Roster): RosterIndex => ({
  roster,
  workerById: new Map(roster.workers.map((worker) => [worker.workerId, worker])),
  workerByCard: new Map(
    roster.workers.flatMap((worker) => worker.cards.map((cardId) => [cardId, worker] as const)),
  ),
});

export const workerOf = (
  rosterIndex: RosterIndex | undefined,
  presented: Presented,
): RosterWorker | undefined =>
  presented.by === 'card'
    ? rosterIndex?.workerByCard.get(presented.cardId)
    : rosterIndex?.workerById.get(presented.workerId);

/** Who touched, as far as the terminal can tell: the worker if the roster knows, else what was shown. */
export const identityOf = (presented: Presented, worker: RosterWorker | undefined): string =>
  worker?.workerId ?? (presented.by === 'card' ? presented.cardId : presented.workerId);

/** When somebody last touched a reader. Uptime and not wall time: a clock step must lock nobody out. */
export interface LastTouch {
  readonly bootId: string;
  readonly uptimeMs: number;
}

export const isRepeat = (
  last: LastTouch | undefined,
  now: Pick<ClockReading, 'bootId' | 'uptimeMs'>,
  repeatWindowMs: number,
): boolean =>
  last !== undefined && last.bootId === now.bootId && now.uptimeMs - last.uptimeMs < repeatWindowMs;

export interface GateQuestion {
  readonly presented: Presented;
  readonly rosterIndex: RosterIndex | undefined;
  /** The last touch of the same person at the same reader that was not itself a repeat. */
  readonly lastTouch: LastTouch | undefined;
  readonly reading: ClockReading;
  readonly repeatWindowMs: number;
}

/**
 * First that applies: repeat (within the window, default 60 s) · warned (with every reason found) ·
 * recorded.
 */
export const decide = ({
  presented,
  rosterIndex,
  lastTouch,
  reading,
  repeatWindowMs,
}: GateQuestion): Verdict => {
  if (isRepeat(lastTouch, reading, repeatWindowMs)) return { kind: 'repeat', reasons: [] };
  const reasons: Reason[] = [];
  if (rosterIndex === undefined) reasons.push('no-roster');
  else if (workerOf(rosterIndex, presented) === undefined) {
    reasons.push(presented.by === 'card' ? 'unknown-card' : 'unknown-worker');
  }
  if (reading.trust === 'untrusted') reasons.push('clock-untrusted');
  return { kind: reasons.length > 0 ? 'warned' : 'recorded', reasons };
};
