/**
 * What the manager reads at the kiosk (現場管理者画面の一覧). Pure: what the terminal knows in, rows out.
 *
 * Everything comes from this terminal's own disk, so it works with the network cable out; what other gates noted is as
 * old as the list says.
 */
import type { Entry, Presented, TapEntry } from '../../shared/entry.ts';
import type { CardId, WorkerId } from '../../shared/ids.ts';
import type { RosterWorker } from '../../shared/roster.ts';
import { clockTimeInJapan, dateInJapan, isValidOn, type WorkDate } from '../../shared/time.ts';
import { mendJa, type Reason, reasonJa } from '../../shared/verdict.ts';
import { type RosterIndex, workerOf } from '../gate.ts';
import type { PersonOnSite } from '../presence.ts';

export interface PersonRow {
  readonly company: string;
  readonly name: string;
  /** 技能者ID, or what else was shown at the reader. */
  readonly id: string;
  /** `HH:MM` */
  readonly since: string;
  /** Where they came in, or that the office said so. */
  readonly gate: string;
}

const UNKNOWN_COMPANY = '所属不明';
const UNKNOWN_NAME = '（名簿にない方）';

/** Short name and company by what presence knows a person by, with words for who is on no roster. */
export const personOf = (
  identity: string,
  rosterIndex: RosterIndex | undefined,
): { readonly company: string; readonly name: string; readonly workerId?: WorkerId } => {
  const worker = rosterIndex?.workerById.get(identity as WorkerId);
  return worker === undefined
    ? { company: UNKNOWN_COMPANY, name: UNKNOWN_NAME }
    : { company: worker.companyName, name: worker.shortName, workerId: worker.workerId };
};

const inOrder = <Row>(rows: readonly Row[], keyOf: (row: Row) => string): readonly Row[] =>
  rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

const idOf = (presented: Presented): string =>
  presented.by === 'card' ? presented.cardId : presented.workerId;

/** 在場者: by company, then by who came first. */
export const peopleRows = (
  people: readonly PersonOnSite[],
  rosterIndex: RosterIndex | undefined,
): readonly PersonRow[] =>
  inOrder(
    people.map(({ identity, presented, since, gate }): PersonRow => {
      const { company, name, workerId } = personOf(identity, rosterIndex);
      return {
        company,
        name,
        id: workerId ?? idOf(presented),
        since: clockTimeInJapan(since),
        gate: gate ?? '（事務所）',
      };
    }),
    ({ company, since }) => `${company === UNKNOWN_COMPANY ? '1' : '0'}${company} ${since}`,
  );

export interface AbsentRow {
  readonly company: string;
  readonly name: string;
  readonly workerId: WorkerId;
  /** What the terminal knows of why; a person finds out the rest. */
  readonly why: string;
}

const findingsOn = (worker: RosterWorker, date: WorkDate): readonly Reason[] =>
  worker.findings.filter((finding) => isValidOn(finding, date)).map(({ reason }) => reason);

const whyAbsent = (worker: RosterWorker, date: WorkDate): string => {
  const hasCard = worker.cards.some((card) => isValidOn(card, date));
  const reasons = [
    ...(hasCard ? [] : ['カード未登録（技能者IDの入力、または紐付けが必要）']),
    ...findingsOn(worker, date).map((reason) => `${reasonJa(reason)}→${mendJa(reason)}`),
  ];
  return reasons.length === 0 ? 'タッチなし' : reasons.join('／');
};

/** 未タッチ: who is assigned here on that date, has not entered and is not on site since yesterday, as far as is known here. */
export const absentRows = (
  rosterIndex: RosterIndex | undefined,
  date: WorkDate,
  wasHere: (worker: RosterWorker) => boolean,
): readonly AbsentRow[] =>
  inOrder(
    (rosterIndex?.roster.workers ?? [])
      .filter(
        (worker) => !findingsOn(worker, date).includes('worker-not-assigned') && !wasHere(worker),
      )
      .map((worker) => ({
        company: worker.companyName,
        name: worker.shortName,
        workerId: worker.workerId,
        why: whyAbsent(worker, date),
      })),
    ({ company, name, workerId }) => `${company} ${name} ${workerId}`,
  );

export interface TouchRow {
  readonly seq: number;
  readonly time: string;
  readonly name: string;
  readonly company: string;
  readonly readerId: string;
  readonly direction: TapEntry['direction'];
  readonly by: Presented['by'];
  readonly verdict: TapEntry['verdict'];
  readonly reasons: readonly string[];
  /** A manager took it back. */
  readonly isVoid: boolean;
}

/** 本日のタッチ: those of that date, the last first. `entries`: newest first, voids among them. */
export const touchRows = (
  entries: readonly Entry[],
  rosterIndex: RosterIndex | undefined,
  date: WorkDate,
): readonly TouchRow[] => {
  const voided = new Set(
    entries.flatMap((entry) =>
      entry.kind === 'manual' && entry.change.do === 'void' ? [entry.change.seq] : [],
    ),
  );
  return entries
    .filter((entry) => entry.kind === 'tap')
    .filter(({ wallMs }) => dateInJapan(wallMs) === date)
    .map((tap) => {
      const worker = workerOf(rosterIndex, tap.presented, date);
      return {
        seq: tap.seq,
        time: clockTimeInJapan(tap.wallMs),
        name: worker?.shortName ?? UNKNOWN_NAME,
        company: worker?.companyName ?? UNKNOWN_COMPANY,
        readerId: tap.readerId,
        direction: tap.direction,
        by: tap.presented.by,
        verdict: tap.verdict,
        reasons: tap.reasons.map(reasonJa),
        isVoid: voided.has(tap.seq),
      };
    });
};

/** Whether an entry belongs to the touches of a date, or says that the day before has been reached. */
export const pickTouchOf =
  (date: WorkDate) =>
  (entry: Entry): Entry | 'enough' | undefined => {
    if (entry.clock === 'trusted' && dateInJapan(entry.wallMs) < date) return 'enough';
    return entry.kind === 'tap' || entry.kind === 'manual' ? entry : undefined;
  };

export interface UnknownCardRow {
  readonly cardId: CardId;
  /** Of the last touch. */
  readonly time: string;
  readonly touches: number;
}

/** Of a card that is nobody's on that date. */
export const pickUnknownTouch =
  (rosterIndex: RosterIndex | undefined, date: WorkDate) =>
  (entry: Entry): TapEntry | undefined =>
    entry.kind === 'tap' &&
    entry.presented.by === 'card' &&
    workerOf(rosterIndex, entry.presented, date) === undefined
      ? entry
      : undefined;

/** 未登録カード: shown at a reader and still nobody's, the last first. `touches`: newest first. */
export const unknownCardRows = (touches: readonly TapEntry[]): readonly UnknownCardRow[] => {
  const rowByCard = new Map<CardId, UnknownCardRow>();
  for (const { presented, wallMs } of touches) {
    if (presented.by !== 'card') continue;
    const { cardId } = presented;
    const row = rowByCard.get(cardId);
    rowByCard.set(cardId, {
      cardId,
      time: row?.time ?? `${dateInJapan(wallMs)} ${clockTimeInJapan(wallMs)}`,
      touches: (row?.touches ?? 0) + 1,
    });
  }
  return [...rowByCard.values()];
};
