/** Why a row of `attendance` (出面) is what it is: which touches were paired, repeated, taken back, corrected. */
import { CardId, SiteId, WorkerId } from '../../shared/ids.ts';
import { isoInJapan, type WorkDate } from '../../shared/time.ts';
import {
  type AttendanceDay,
  AttendanceFlag,
  nightMs,
  type ReckonedDay,
} from '../attendance/attendance.ts';
import type { Subject } from '../attendance/shifts.ts';
import { companyGroundsOn, type RegistryIndex } from '../registry/registry.ts';
import { codeJa } from '../reports/code-words.ts';
import type { Explain } from './explain.ts';
import { noRow, registryRow, rowOrNone } from './registry-leaf.ts';
import { houseRule } from './rule-leaf.ts';
import { type DayLeaves, dayLeaves } from './touch-leaf.ts';
import { decided, type Figure, list, sum, type TouchLeaf, type WhyNode } from './why.ts';

/** Rows by which somebody belongs to a company on that date and site. */
export const companyFigure = (
  index: RegistryIndex,
  siteId: SiteId,
  workerId: WorkerId,
  date: WorkDate,
): Figure => {
  const { assignment, employment, companyId } = companyGroundsOn(index, siteId, workerId, date);
  return decided(
    'companyId',
    'その日の所属事業者',
    companyId,
    [
      houseRule('company-of-day'),
      ...(assignment === undefined
        ? [
            noRow('assignments', { siteId, workerId, from: date }),
            rowOrNone('employments', employment, { workerId, from: date }, 'kind'),
          ]
        : [registryRow('assignments', assignment, 'trade', 'role')]),
    ],
    { unit: 'company' },
  );
};

/** Touches that were taken for one of these; all of the day where none was. */
const takenFor =
  ({ touches, corrections }: DayLeaves) =>
  (...meanings: readonly string[]): readonly WhyNode[] => {
    const found = touches.filter(({ meaning }) => meanings.includes(meaning));
    return found.length > 0 ? found : [...touches, ...corrections];
  };

const atMoment =
  ({ touches, corrections }: DayLeaves) =>
  (at: number | undefined): readonly WhyNode[] => {
    const iso = at === undefined ? undefined : isoInJapan(at as AttendanceDay['firstTouchAt']);
    const counted = ({ meaning }: TouchLeaf): boolean =>
      !['repeat', 'void', 'set-aside'].includes(meaning);
    const found = touches.filter((touch) => touch.at === iso && counted(touch));
    const said = corrections.filter((each) => each.at !== undefined && Date.parse(each.at) === at);
    return found.length + said.length > 0 ? [...found, ...said] : [...touches, ...corrections];
  };

const flagFigure = (
  flag: AttendanceFlag,
  isSet: boolean,
  leaves: DayLeaves,
  subject: Subject,
): Figure => {
  const by = takenFor(leaves);
  const grounds: Readonly<Record<AttendanceFlag, readonly WhyNode[]>> = {
    'missing-out': [
      houseRule('missing-passage'),
      ...by(...(isSet ? ['entry-without-exit', 'entry'] : ['exit', 'exit-again'])),
    ],
    'missing-in': [
      houseRule('missing-passage'),
      ...by(...(isSet ? ['exit-without-entry'] : ['entry', 'entry-again'])),
    ],
    'unknown-card':
      subject.kind === 'card'
        ? [noRow('cards', { cardId: subject.cardId })]
        : [...leaves.touches, ...leaves.corrections],
    corrected: [houseRule('correction'), ...leaves.corrections, ...by('void', 'set-aside')],
  };
  return decided(flag, codeJa(flag) ?? flag, isSet, grounds[flag], { unit: 'flag' });
};

/** The figures of one reckoned day, in the order of the report's columns. */
const figuresOf = (
  input: Parameters<Explain>[0],
  day: AttendanceDay,
  reckoned: ReckonedDay,
): readonly Figure[] => {
  const { siteId, subject, workDate, firstIn, lastOut } = day;
  const leaves = dayLeaves(input, day, reckoned);
  const at = atMoment(leaves);
  const intervals = day.shifts.flatMap((shift) => shift.intervals);
  const everything = [...leaves.touches, ...leaves.corrections];
  const between = intervals.map(({ inAt, outAt }) => [...at(inAt), ...at(outAt)]);
  return [
    subject.kind === 'card'
      ? decided('companyId', '持ち主の分からないカード', undefined, [
          noRow('cards', { cardId: subject.cardId }),
        ])
      : companyFigure(input.index, siteId, subject.workerId, workDate),
    decided(
      'firstIn',
      '最初の入場',
      firstIn === undefined ? undefined : isoInJapan(firstIn),
      [houseRule('shift-date'), ...at(firstIn)],
      { unit: 'instant' },
    ),
    decided(
      'lastOut',
      '最後の退場',
      lastOut === undefined ? undefined : isoInJapan(lastOut),
      [houseRule('shift-date'), ...at(lastOut)],
      { unit: 'instant' },
    ),
    sum(
      'minutes',
      '入場から退場までの時間の合計（分未満は切り捨て）',
      day.minutes,
      intervals.map(({ inAt, outAt }, n) =>
        decided('interval', '入場から退場まで', outAt - inAt, between[n] ?? [], {
          unit: 'milliseconds',
        }),
      ),
      {
        unit: 'minutes',
        rounding: 'minutes',
        grounds: [
          houseRule('shift-pairing'),
          houseRule('repeat-window'),
          ...(intervals.length === 0 ? everything : []),
        ],
      },
    ),
    sum(
      'nightMinutes',
      'そのうち深夜の時間（分未満は切り捨て）',
      day.nightMinutes,
      intervals.map((interval, n) =>
        decided('night', '入場から退場までのうち深夜', nightMs(interval), between[n] ?? [], {
          unit: 'milliseconds',
        }),
      ),
      { unit: 'minutes', rounding: 'minutes', grounds: [houseRule('night-hours')] },
    ),
    list(
      'flags',
      'この日に気を付けること',
      day.flags,
      AttendanceFlag.options.map((flag) =>
        flagFigure(flag, day.flags.includes(flag), leaves, subject),
      ),
      { unit: 'codes' },
    ),
    decided('evidence', 'この日のすべてのタッチと訂正', day.evidence, everything, {
      unit: 'evidence',
    }),
  ];
};

export const explainAttendance: Explain = (input, key) => {
  const siteId = SiteId.safeParse(key.siteId);
  const workerId = WorkerId.safeParse(key.workerId);
  const cardId = CardId.safeParse(key.cardId);
  if (!siteId.success || workerId.success === cardId.success) return undefined;
  const subject: Subject = workerId.success
    ? { kind: 'worker', workerId: workerId.data }
    : { kind: 'card', cardId: CardId.parse(cardId.data) };
  const reckoned = input
    .reckonedOf(siteId.data, subject)
    .find(({ workDate }) => workDate === key.workDate);
  return reckoned?.day === undefined ? undefined : figuresOf(input, reckoned.day, reckoned);
};
