/** Why a row of `days-off` (週休2日) counts so: every day of the month, and who was there on the open ones. */
import { Month, monthOf } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import {
  countDaysOff,
  daysOffRate,
  daysOfPeriod,
  isFourWeeksEightOff,
  openDates,
  type PeriodDay,
} from '../policies/days-off.ts';
import { percentHundredths } from '../policies/exact-rate.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import { daysOffPeriod } from '../reports/days-off-report.ts';
import type { Explain } from './explain.ts';
import { attendanceLink } from './record-links.ts';
import { registryRow, rowOrNone } from './registry-leaf.ts';
import { houseRule } from './rule-leaf.ts';
import { count, decided, type Figure, product, sum, type WhyNode } from './why.ts';

const DAYS = { unit: 'days' } as const;

export interface DaysOffCounted {
  readonly days: Figure;
  readonly excludedDays: Figure;
  readonly closedDays: Figure;
  /** Closed of counted days, exact. */
  readonly rate: (code: string, rounding?: 'percent') => Figure;
  readonly ratio: ReturnType<typeof daysOffRate>;
}

/** The counts over some days of a contract's period; undefined where there is none. */
export const daysOffCounted = (
  index: RegistryIndex,
  contract: RegistryRow<'contracts'>,
  days: readonly AttendanceDay[],
  asOf: Parameters<typeof daysOffPeriod>[2],
  isAsked: (day: PeriodDay) => boolean,
): DaysOffCounted | undefined => {
  const period = daysOffPeriod(index, contract, asOf);
  if (period === undefined) return undefined;
  const open = openDates(days, contract.siteId);
  const excluded = contract.daysOff?.excluded ?? [];
  const asked = daysOfPeriod(open, period, excluded).filter(isAsked);
  const [first] = asked;
  const last = asked.at(-1);
  const total =
    first === undefined || last === undefined
      ? { days: 0, excludedDays: 0, closedDays: 0 }
      : countDaysOff(open, { from: first.date, to: last.date }, excluded);
  const site = index.siteById.get(contract.siteId);
  const grounds: readonly WhyNode[] = [
    houseRule('days-off'),
    registryRow('contracts', contract, 'siteId', 'daysOff'),
    ...(contract.daysOff !== undefined
      ? []
      : [rowOrNone('sites', site, { siteId: contract.siteId })]),
  ];
  const ofState = (state: PeriodDay['state']): readonly PeriodDay[] =>
    asked.filter((day) => day.state === state);
  const excludedDays = count(
    'excludedDays',
    '対象外とした日',
    total.excludedDays,
    ofState('excluded').map(({ date }) => decided('date', date, 1, grounds, DAYS)),
    { ...DAYS, grounds },
  );
  const counted = sum(
    'days',
    '期間の日数 − 対象外の日数',
    total.days,
    [
      decided(
        'period',
        `${first?.date ?? ''} から ${last?.date ?? ''} まで`,
        asked.length,
        grounds,
        DAYS,
      ),
      { ...excludedDays, role: 'minus' },
    ],
    DAYS,
  );
  const openDays = count(
    'open-days',
    'だれかが在場した日',
    ofState('open').length,
    ofState('open').map(({ date }) =>
      decided(
        'date',
        date,
        1,
        (open.get(date) ?? []).map((day) => attendanceLink(day, 'evidence')),
        DAYS,
      ),
    ),
    { ...DAYS, grounds },
  );
  const closedDays = sum(
    'closedDays',
    '対象の日数 − だれかが在場した日数',
    total.closedDays,
    [counted, { ...openDays, role: 'minus' }],
    DAYS,
  );
  const ratio = daysOffRate(total);
  return {
    days: counted,
    excludedDays,
    closedDays,
    ratio,
    rate: (code, rounding) =>
      product(
        code,
        '閉所日数 ÷ 対象日数',
        ratio === undefined
          ? undefined
          : rounding === undefined
            ? `${ratio.numerator}/${ratio.denominator}`
            : percentHundredths(ratio) / 100,
        [closedDays, { ...counted, role: 'divide' }],
        { unit: 'percent', grounds, ...(rounding === undefined ? {} : { rounding }) },
      ),
  };
};

export const explainDaysOff: Explain = ({ index, days, asOf }, key) => {
  const contract = index.contractById.get(key.contractId ?? '');
  const month = Month.safeParse(key.month).data;
  if (contract === undefined || month === undefined) return undefined;
  let dayCount = 0;
  const found = daysOffCounted(index, contract, days, asOf, ({ date }) => {
    const isOfMonth = monthOf(date) === month;
    dayCount += isOfMonth ? 1 : 0;
    return isOfMonth;
  });
  if (found === undefined || dayCount === 0) return undefined;
  return [
    decided(
      'siteId',
      '契約の現場',
      contract.siteId,
      [registryRow('contracts', contract, 'siteId')],
      { unit: 'site' },
    ),
    found.days,
    found.excludedDays,
    found.closedDays,
    found.rate('daysOffRate', 'percent'),
    decided(
      'reached',
      '閉所率が28.5%以上',
      found.ratio !== undefined && isFourWeeksEightOff(found.ratio),
      [houseRule('days-off')],
      { unit: 'flag', parts: [found.rate('rate')] },
    ),
  ];
};
