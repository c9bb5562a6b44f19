/** Touches as leaves of a "why": what each said, and what it was taken for. */
import { isoInJapan } from '../../shared/time.ts';
import type { ReckonedDay } from '../attendance/attendance.ts';
import type { PassageMeaning, Touch } from '../attendance/shifts.ts';
import { correctionId, type RegistryIndex } from '../registry/registry.ts';
import type { WhyInput } from './explain.ts';
import type { CorrectionLeaf, TouchLeaf } from './why.ts';

type Meaning = PassageMeaning | 'void' | 'set-aside';

const MEANING_JA: Readonly<Record<Meaning, string>> = {
  entry: '入場として数えた',
  'entry-again': '続けての入場。最初の入場から数える',
  'entry-without-exit': '前の退場のタッチがない入場',
  exit: '退場として数えた',
  'exit-again': '続けての退場。最後の退場まで数える',
  'exit-without-entry': '入場のタッチがない退場',
  repeat: '同じ端末での再タッチ。数えない',
  void: '取り消されたタッチ。数えない',
  'set-aside': '訂正により数えないタッチ',
};

type Told = Pick<WhyInput, 'told'>;

const managerOf = ({ told }: Told, entryId: string | undefined): Pick<TouchLeaf, 'manager'> => {
  const entry = entryId === undefined ? undefined : told(entryId)?.entry;
  return entryId === undefined || entry?.kind !== 'manual'
    ? {}
    : { manager: { entryId, by: entry.by, reason: entry.reason } };
};

const touchLeaf = (input: Told, touch: Touch, meaning: Meaning): TouchLeaf => {
  const { id, at, readerId, direction, isManual, voidedBy } = touch;
  const found = input.told(id);
  const tap = found?.entry.kind === 'tap' ? found.entry : undefined;
  return {
    kind: 'touch',
    entryId: id,
    at: isoInJapan(at),
    ...(found?.trust === undefined ? {} : { trust: found.trust }),
    readerId,
    direction,
    by: isManual === true ? 'manager' : (tap?.presented.by ?? 'document'),
    ...(tap === undefined ? {} : { verdict: tap.verdict }),
    meaning,
    meaningJa: MEANING_JA[meaning],
    ...managerOf(input, isManual === true ? id : voidedBy),
  };
};

const CORRECTION_JA: Readonly<Record<CorrectionLeaf['correction'], string>> = {
  add: 'いたことの追加',
  void: 'その日を数えない',
  'set-in': '入場時刻の訂正',
  'set-out': '退場時刻の訂正',
};

const correctionLeaves = (
  index: RegistryIndex,
  { subject }: { readonly subject: Touch['subject'] },
  ids: ReadonlySet<string>,
): readonly CorrectionLeaf[] =>
  (subject.kind === 'card' ? [] : (index.correctionsByWorker.get(subject.workerId) ?? [])).flatMap(
    (row): readonly CorrectionLeaf[] => {
      const id = correctionId(row);
      const { kind, at, by, reason, recordedAt } = row;
      return ids.has(id)
        ? [
            {
              kind: 'correction',
              id,
              correction: kind,
              textJa: CORRECTION_JA[kind],
              ...(at === undefined ? {} : { at }),
              by,
              reason,
              recordedAt,
            },
          ]
        : [];
    },
  );

export interface DayLeaves {
  /** In order of time: what counted, what was repeated, taken back or set aside. */
  readonly touches: readonly TouchLeaf[];
  readonly corrections: readonly CorrectionLeaf[];
}

/** Everything that had a say in a day. A person's word stands as the correction that it came from. */
export const dayLeaves = (
  input: Told & Pick<WhyInput, 'index'>,
  who: { readonly siteId: string; readonly subject: Touch['subject'] },
  { shifts, voided, setAside, corrections }: Omit<ReckonedDay, 'day'>,
): DayLeaves => {
  const ids = new Set(corrections.map(({ id }) => id));
  const passages = [
    ...shifts.flatMap((shift) => shift.passages),
    ...voided.map((touch) => ({ touch, meaning: 'void' as const })),
    ...setAside.map(({ touch, meaning }) => ({
      touch,
      meaning: meaning === 'repeat' ? meaning : ('set-aside' as const),
    })),
  ].sort((a, b) => a.touch.at - b.touch.at);
  return {
    touches: passages
      .filter(({ touch }) => !ids.has(touch.id))
      .map(({ touch, meaning }) => touchLeaf(input, touch, meaning)),
    corrections: correctionLeaves(input.index, who, ids),
  };
};
