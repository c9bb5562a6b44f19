/**
 * The gate decision (入場判定): what a touch is worth, decided offline from the cached roster.
 *
 * Pure: no I/O, no clock. The touch is journalled whatever comes out.
 */
import type { Presented } from '../shared/entry.ts';
import type { CardId, WorkerId } from '../shared/ids.ts';
import type { Roster, RosterWorker } from '../shared/roster.ts';
import {
  type ClockReading,
  type Dated,
  dateInJapan,
  isValidOn,
  type WorkDate,
} from '../shared/time.ts';
import {
  type Reason,
  type ReasonEffect,
  usualEffect,
  type Verdict,
  type VerdictKind,
} from '../shared/verdict.ts';

interface Holding extends Dated {
  readonly worker: RosterWorker;
}

export interface RosterIndex {
  readonly roster: Roster;
  readonly workerById: ReadonlyMap<WorkerId, RosterWorker>;
  readonly holdingsByCard: ReadonlyMap<CardId, readonly Holding[]>;
}

export const indexRoster = (roster: Roster): RosterIndex => {
  const holdingsByCard = new Map<CardId, Holding[]>();
  for (const worker of roster.workers) {
    for (const { cardId, from, to } of worker.cards) {
      const holdings = holdingsByCard.get(cardId);
      if (holdings === undefined) holdingsByCard.set(cardId, [{ worker, from, to }]);
      else holdings.push({ worker, from, to });
    }
  }
  return {
    roster,
    workerById: new Map(roster.workers.map((worker) => [worker.workerId, worker])),
    holdingsByCard,
  };
};

/** Who it is on that date. A card outside its holder's dates names nobody: somebody may have found it. */
export const workerOf = (
  rosterIndex: RosterIndex | undefined,
  presented: Presented,
  date: WorkDate,
): RosterWorker | undefined =>
  presented.by === 'card'
    ? rosterIndex?.holdingsByCard.get(presented.cardId)?.find((held) => isValidOn(held, date))
        ?.worker
    : rosterIndex?.workerById.get(presented.workerId);

/** Who touched, as far as the terminal can tell: the worker if the roster knows, else what was shown. */
export const identityOf = (presented: Presented, worker: RosterWorker | undefined): string =>
  worker?.workerId ?? (presented.by === 'card' ? presented.cardId : presented.workerId);

/** The day that the gate decides by. A clock that nobody trusts is worse than the day of the roster. */
export const gateDate = (
  rosterIndex: RosterIndex | undefined,
  { wallMs, trust }: Pick<ClockReading, 'wallMs' | 'trust'>,
): WorkDate =>
  trust === 'trusted' || rosterIndex === undefined ? dateInJapan(wallMs) : rosterIndex.roster.date;

/** When somebody last touched a reader. Uptime and not wall time: a clock step must lock nobody out. */
export interface LastTouch {
  readonly bootId: string;
  readonly uptimeMs: number;
}

/** A touch of later than now is of another boot, whose id has come again: a machine without entropy draws it twice. */
export const isRepeat = (
  last: LastTouch | undefined,
  now: Pick<ClockReading, 'bootId' | 'uptimeMs'>,
  repeatWindowMs: number,
): boolean => {
  if (last === undefined || last.bootId !== now.bootId) return false;
  const elapsedMs = now.uptimeMs - last.uptimeMs;
  return elapsedMs >= 0 && elapsedMs < repeatWindowMs;
};

/** Whether the roster was made longer ago than the terminal's setting allows. */
export const isRosterOld = (
  { roster }: RosterIndex,
  { wallMs, trust }: Pick<ClockReading, 'wallMs' | 'trust'>,
  rosterMaxAgeMs: number,
): boolean => trust === 'trusted' && wallMs - roster.issuedAtMs > rosterMaxAgeMs;

export interface GateQuestion {
  readonly presented: Presented;
  readonly rosterIndex: RosterIndex | undefined;
  /** The last touch of the same person at the same reader that was not itself a repeat. */
  readonly lastTouch: LastTouch | undefined;
  readonly reading: ClockReading;
  readonly repeatWindowMs: number;
  readonly rosterMaxAgeMs: number;
}

const strangerReason = (rosterIndex: RosterIndex, presented: Presented): Reason => {
  if (presented.by !== 'card') return 'not-on-roster';
  return rosterIndex.holdingsByCard.has(presented.cardId) ? 'card-invalid' : 'unknown-card';
};

/** Every reason found: those of the worker in the order of the work-history checklist, then our own. */
const reasonsFor = ({
  presented,
  rosterIndex,
  reading,
  rosterMaxAgeMs,
}: GateQuestion): readonly Reason[] => {
  const reasons: Reason[] = [];
  if (rosterIndex === undefined) reasons.push('no-roster');
  else {
    const date = gateDate(rosterIndex, reading);
    const worker = workerOf(rosterIndex, presented, date);
    if (worker === undefined) reasons.push(strangerReason(rosterIndex, presented));
    for (const finding of worker?.findings ?? [])
      if (isValidOn(finding, date)) reasons.push(finding.reason);
    if (isRosterOld(rosterIndex, reading, rosterMaxAgeMs)) reasons.push('roster-old');
  }
  if (reading.trust === 'untrusted') reasons.push('clock-untrusted');
  return reasons;
};

const KIND_BY_EFFECT = { note: 'recorded', warn: 'warned', hold: 'held' } as const;
const SEVERITY: readonly ReasonEffect[] = ['note', 'warn', 'hold'];

export interface Decision extends Verdict {
  /** What the touch would be worth if it were no repeat: a worker who waits does not pass by touching again. */
  readonly standing: Exclude<VerdictKind, 'repeat'>;
}

/**
 * A touch is as serious as its most serious reason, by the site's own effects or else the usual ones;
 * within the window (default 60 s) it is a repeat besides, with the reasons as they are now.
 */
export const decide = (question: GateQuestion): Decision => {
  const { rosterIndex, lastTouch, reading, repeatWindowMs } = question;
  const reasons = reasonsFor(question);
  const effects = reasons.map(
    (reason) => rosterIndex?.roster.effects[reason] ?? usualEffect(reason),
  );
  const worst = SEVERITY.findLast((effect) => effects.includes(effect)) ?? 'note';
  const standing = KIND_BY_EFFECT[worst];
  return {
    kind: isRepeat(lastTouch, reading, repeatWindowMs) ? 'repeat' : standing,
    standing,
    reasons,
  };
};
