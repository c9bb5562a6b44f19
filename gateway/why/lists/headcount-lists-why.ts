/** Why `weeks`, `hours` and `onSite` (週別・時間帯別・いま在場) beside the head counts say so: whose days they are. */
import type { HourCount, OnSite, WeekCount } from '../../policies/headcount-analysis.ts';
import { hoursOf } from '../../policies/headcount-analysis.ts';
import { type WorkHistoryRecord, workHistoryOf } from '../../policies/work-history.ts';
import { weekOf } from '../../policies/working-time.ts';
import { headcount } from '../../reports/headcount-report.ts';
import { isAsked } from '../../reports/report.ts';
import type { WhyInput } from '../explain.ts';
import { attendanceLink, recordLink } from '../record-links.ts';
import { rowOrNone } from '../registry-leaf.ts';
import { houseRule } from '../rule-leaf.ts';
import { count, decided, type Figure, type Unit } from '../why.ts';
import { explainListed } from './list-row.ts';

const askedDays = ({ days, filter }: WhyInput) => days.filter((day) => isAsked(filter, day));

/** How many different ones there are, each with its records; whose they are is for the links to say, or not. */
const different = (
  code: string,
  textJa: string,
  records: readonly WorkHistoryRecord[],
  of: (record: WorkHistoryRecord) => string | undefined,
  oneJa: string,
  unit: Unit,
): Figure => {
  const groups = [...Map.groupBy(records, of)];
  return count(
    code,
    textJa,
    groups.length,
    groups.map(([, own]) => count('one', oneJa, own.length, own.map(recordLink), { unit: 'days' })),
    { unit, grounds: [houseRule('week-from-sunday')] },
  );
};

export const explainWeek = explainListed<WeekCount>(headcount, 'weeks', (input, row) => {
  const { siteId, week, workerDays } = row;
  const records = workHistoryOf(askedDays(input), input.index).records.filter(
    (record) => record.siteId === siteId && weekOf(record.workDate) === week,
  );
  return [
    count('workerDays', 'その週の就業履歴', workerDays, records.map(recordLink), {
      unit: 'days',
      grounds: [houseRule('week-from-sunday'), houseRule('record-per-day')],
    }),
    different('workers', 'その週に来た人', records, ({ workerId }) => workerId, '一人', 'people'),
    different(
      'companies',
      'その週に来た事業者',
      records,
      ({ companyId }) => companyId,
      '一社',
      'number',
    ),
    different(
      'workingDates',
      'だれかが働いた日',
      records,
      ({ workDate }) => workDate,
      '一日',
      'days',
    ),
  ];
});

export const explainHour = explainListed<HourCount>(
  headcount,
  'hours',
  (input, { siteId, hour, workerDays }) => [
    count(
      'workerDays',
      `${hour}時台に在場した人日`,
      workerDays,
      askedDays(input)
        .filter((day) => day.siteId === siteId && hoursOf(day).has(hour))
        .map((day) => attendanceLink(day, 'evidence')),
      { unit: 'days', grounds: [houseRule('presence-hours')] },
    ),
  ],
);

/** As the report has it: the moment as a text. */
type OnSiteRow = Omit<OnSite, 'since'> & { readonly since: string };

export const explainOnSite = explainListed<OnSiteRow>(headcount, 'onSite', (input, row) => {
  const { siteId, workerId, cardId, companyId, since } = row;
  const open = askedDays(input).filter(
    ({ siteId: at, subject, openSince }) =>
      at === siteId &&
      openSince !== undefined &&
      (subject.kind === 'worker' ? subject.workerId === workerId : subject.cardId === cardId),
  );
  const site = input.index.siteById.get(siteId);
  const grounds = [
    houseRule('on-site'),
    rowOrNone('sites', site, { siteId }, 'dayStart', 'maxShiftHours'),
    ...open.map((day) => attendanceLink(day, 'evidence')),
  ];
  return [
    decided('companyId', 'その日の所属', companyId, [houseRule('company-of-day'), ...grounds], {
      unit: 'company',
    }),
    decided('since', '退場のタッチがない最後の入場', since, grounds, { unit: 'instant' }),
  ];
});
