/** Why a row of `overtime` (時間外労働) adds up so: each date's hours, what of them is overtime, and each limit. */
import { WorkerId } from '../../shared/ids.ts';
import { lastDateOf, Month } from '../../shared/time.ts';
import { nightMs } from '../attendance/attendance.ts';
import { rowOn } from '../policies/effective-table.ts';
import {
  datesByMonth,
  limitChecks,
  monthSums,
  OVERTIME_LIMITS,
  overtimeMonths,
  yearMonths,
} from '../policies/overtime-limits.ts';
import { overtimeOfMonth } from '../policies/overtime-premium.ts';
import { type ReasonedDate, weekOf, workedDates } from '../policies/working-time.ts';
import { codeJa } from '../reports/code-words.ts';
import { employerOf } from '../reports/overtime-report.ts';
import type { Explain } from './explain.ts';
import { premiumFigures } from './overtime-premium-why.ts';
import { attendanceLink } from './record-links.ts';
import { registryRow, rowOrNone } from './registry-leaf.ts';
import { datedRule, houseRule } from './rule-leaf.ts';
import { count, decided, type Figure, link, list, sum } from './why.ts';

const MINUTES = { unit: 'minutes' } as const;

const timeOf = (code: 'minutes' | 'nightMinutes', worked: ReasonedDate): Figure => {
  const days = worked.days.map((day) => attendanceLink(day, 'minutes'));
  const isNight = code === 'nightMinutes';
  return sum(
    'date',
    worked.date,
    worked[code],
    worked.intervals.map((interval) =>
      decided(
        isNight ? 'night' : 'interval',
        isNight ? 'そのうち深夜' : '休憩を除いた時間',
        isNight ? nightMs(interval) : interval.outAt - interval.inAt,
        days,
        { unit: 'milliseconds' },
      ),
    ),
    { ...MINUTES, rounding: 'minutes', grounds: days },
  );
};

const overtimeOf = (worked: ReasonedDate, dates: readonly ReasonedDate[]): Figure => {
  const week = weekOf(worked.date);
  const before = dates.filter(({ date }) => date < worked.date && weekOf(date) === week);
  const minutes = timeOf('minutes', worked);
  return sum(
    'date',
    worked.date,
    worked.overtimeMinutes,
    [
      decided(
        'beyond-day',
        '1日8時間を超えた時間',
        worked.beyondDayMinutes,
        [houseRule('overtime-day')],
        { ...MINUTES, parts: [minutes] },
      ),
      decided(
        'beyond-week',
        `週40時間を超えた時間（${week} からの週）`,
        worked.beyondWeekMinutes,
        [houseRule('overtime-week')],
        {
          ...MINUTES,
          parts: [
            minutes,
            sum(
              'week-before',
              'この日までの週の時間（1日8時間まで）',
              worked.weekBeforeMinutes,
              before.map((each) =>
                decided(
                  'date',
                  each.date,
                  each.minutes - each.beyondDayMinutes,
                  each.days.map((day) => attendanceLink(day, 'minutes')),
                  MINUTES,
                ),
              ),
              { ...MINUTES, grounds: [houseRule('overtime-week')] },
            ),
          ],
        },
      ),
    ],
    MINUTES,
  );
};

export const explainOvertime: Explain = (input, key) => {
  const { index, registry, asOf } = input;
  const workerId = WorkerId.safeParse(key.workerId).data;
  const month = Month.safeParse(key.month).data;
  if (workerId === undefined || month === undefined) return undefined;
  const own = input.days.filter(
    ({ subject }) => subject.kind === 'worker' && subject.workerId === workerId,
  );
  const dates = workedDates(own, index, registry.overtimeExemptions).get(workerId) ?? [];
  const { employment, company, yearStartMonth } = employerOf(index, workerId, dates, asOf);
  const question = { yearStartMonth, asOf };
  const months = overtimeMonths(dates, question);
  const row = months.find((each) => each.month === month);
  const of = datesByMonth(dates).get(month) ?? [];
  if (row === undefined) return undefined;
  const overtime = sum(
    'overtimeMinutes',
    '日ごとの時間外の合計',
    row.overtimeMinutes,
    of.map((worked) => overtimeOf(worked, dates)),
    MINUTES,
  );
  const night = sum(
    'nightMinutes',
    '日ごとの深夜の合計',
    row.nightMinutes,
    of.map((worked) => timeOf('nightMinutes', worked)),
    { ...MINUTES, grounds: [houseRule('night-hours')] },
  );
  const year = yearMonths(month, yearStartMonth);
  const employed = rowOrNone('employments', employment, { workerId }, 'kind');
  const limits = rowOn(OVERTIME_LIMITS, lastDateOf(month));
  return [
    decided('companyId', '最後に働いた日の雇用', employment?.companyId, [employed], {
      unit: 'company',
    }),
    sum(
      'minutes',
      '日ごとの時間の合計',
      row.minutes,
      of.map((worked) => timeOf('minutes', worked)),
      { ...MINUTES, grounds: [houseRule('working-time')] },
    ),
    overtime,
    night,
    sum('roundedHours', '月の時間外を時間に丸める', row.roundedHours, [overtime], {
      unit: 'hours',
      rounding: 'hours',
      grounds: [houseRule('month-rounding')],
    }),
    sum('roundedNightHours', '月の深夜を時間に丸める', row.roundedNightHours, [night], {
      unit: 'hours',
      rounding: 'hours',
      grounds: [houseRule('month-rounding')],
    }),
    sum(
      'yearOvertimeMinutes',
      '36協定の年の初めからの時間外',
      row.yearOvertimeMinutes,
      months
        .filter((each) => year.includes(each.month))
        .map((each) =>
          link(
            'overtime',
            { workerId, month: each.month },
            'overtimeMinutes',
            each.overtimeMinutes,
            MINUTES,
          ),
        ),
      {
        ...MINUTES,
        grounds: [
          houseRule('overtime-year'),
          ...(company === undefined
            ? [employed]
            : [registryRow('companies', company, 'overtimeYearStartMonth')]),
        ],
      },
    ),
    ...premiumFigures(
      overtimeOfMonth(of, workerId, index, registry.payGuidelines),
      workerId,
      index,
    ),
    count(
      'incompleteDays',
      '入場か退場のタッチが足りない日',
      row.incompleteDays,
      of
        .filter(({ isIncomplete }) => isIncomplete)
        .map(({ date, days }) =>
          decided(
            'date',
            date,
            true,
            days.map((day) => attendanceLink(day, 'flags')),
            {
              unit: 'flag',
            },
          ),
        ),
      { unit: 'days', grounds: [houseRule('missing-passage')] },
    ),
    list(
      'warnings',
      '上限を超えたもの、近いもの',
      row.warnings,
      limitChecks(month, monthSums(dates), question).map(({ warning, isGiven, value, limit }) => {
        const unit = warning.endsWith('-months') ? 'number' : 'minutes';
        return decided(
          warning,
          codeJa(warning) ?? warning,
          isGiven,
          [
            datedRule('overtime-limit', '時間外労働の上限', limits, limit, unit),
            houseRule('overtime-near'),
          ],
          {
            unit: 'flag',
            parts: [
              decided('worked', '上限と比べた値', value, [houseRule('overtime-year')], { unit }),
            ],
          },
        );
      }),
      {
        unit: 'codes',
        grounds: [datedRule('overtime-limits', '時間外労働の上限規制', limits, undefined)],
      },
    ),
    decided(
      'evidence',
      'その月のすべてのタッチ',
      row.evidence,
      of.flatMap(({ days }) => days.map((day) => attendanceLink(day, 'evidence'))),
      { unit: 'evidence' },
    ),
  ];
};
