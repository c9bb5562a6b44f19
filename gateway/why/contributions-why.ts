/** Why a row of `contributions` (掛金) is what it is: shift, hours, rule, approval, rate, and what keeps it unpaid. */
import { HOUR_MS, isoInJapan, type UtcMs } from '../../shared/time.ts';
import { countedHours } from '../policies/contribution-days.ts';
import { readingsOn, readingsRowOn } from '../policies/contribution-readings.ts';
import { type ReasonedContribution, reasonedContributions } from '../policies/contributions.ts';
import { DAYS_LATE_MAX, oldestPayable } from '../policies/not-payable.ts';
import { countedOf } from '../reports/contributions-report.ts';
import type { Explain, WhyInput } from './explain.ts';
import { isOfKey } from './explain.ts';
import { noRow, registryRow, rowOrNone } from './registry-leaf.ts';
import { datedRule, houseRule, kentaikyoRule } from './rule-leaf.ts';
import { decided, type Figure, link, product, type RowLink, sum, type WhyNode } from './why.ts';

const attendanceLinks = (
  { attendance }: ReasonedContribution,
  column: 'minutes' | 'evidence',
): readonly RowLink[] =>
  attendance.map(({ siteId, subject, workDate, minutes, evidence }) =>
    link(
      'attendance',
      subject.kind === 'worker'
        ? { siteId, workerId: subject.workerId, workDate }
        : { siteId, cardId: subject.cardId, workDate },
      column,
      column === 'minutes' ? minutes : evidence,
      { unit: column === 'minutes' ? 'minutes' : 'evidence' },
    ),
  );

/** What the day is at all: work, or a day off that is paid. */
const basisGrounds = (each: ReasonedContribution): readonly WhyNode[] =>
  each.leave === undefined
    ? attendanceLinks(each, 'minutes')
    : [registryRow('leave', each.leave, 'kind')];

const readingLeaf = ({ index }: WhyInput, { row }: ReasonedContribution): WhyNode => {
  const reading = readingsRowOn(index, row.workDate);
  return rowOrNone(
    'contributionReadings',
    reading,
    { from: row.workDate },
    'breaks',
    'nextDayHours',
    'decidedBy',
  );
};

const momentJa = (at: UtcMs): string => isoInJapan(at).slice(0, 16).replace('T', ' ');

/** First 8 hours, whole 8 hours beyond, and four hours of the next day, as they were counted. */
const candidateFigure = (input: WhyInput, each: ReasonedContribution): Figure => {
  const { shift, candidateDays, basis, workDate } = each.row;
  const grounds = basisGrounds(each);
  const days = { unit: 'days' } as const;
  if (basis !== 'shift')
    return decided(
      'candidateDays',
      '休暇・休業の日数',
      candidateDays,
      [kentaikyoRule(basis), ...grounds],
      days,
    );
  const counted = countedHours(
    shift ?? { startAt: input.now, intervals: [] },
    readingsOn(input.index, workDate),
  );
  const hours = { unit: 'milliseconds' } as const;
  const intervals = (shift?.intervals ?? []).map(({ inAt, outAt }) =>
    decided(
      'interval',
      `${momentJa(inAt)} から ${momentJa(outAt)} まで`,
      outAt - inAt,
      grounds,
      hours,
    ),
  );
  const worked = sum('worked', '働いた時間', counted.workedMs, intervals, {
    ...hours,
    grounds: intervals.length === 0 ? grounds : [],
  });
  const reading = readingLeaf(input, each);
  const beyond = sum(
    'beyond',
    '8時間（と、引くべき休憩）を超えた時間',
    counted.beyondMs,
    [
      worked,
      {
        ...decided('first-unit', '最初の8時間', 8 * HOUR_MS, [kentaikyoRule('one-day')], hours),
        role: 'minus',
      },
      { ...decided('break', '門内の休憩', counted.breakMs, [reading], hours), role: 'minus' },
    ],
    hours,
  );
  return sum(
    'candidateDays',
    '勤務から数えた日数',
    candidateDays,
    [
      decided('one-day', '1日目', 1, [kentaikyoRule('one-day')], {
        ...days,
        parts: [worked],
      }),
      decided(
        'beyond-8-hours',
        '8時間を超えた分の、8時間ごとの日数',
        counted.units,
        [kentaikyoRule('beyond-8-hours')],
        { ...days, parts: [beyond] },
      ),
      decided(
        'next-day-4-hours',
        '超えた分が翌日に4時間以上及ぶときの1日',
        counted.days - 1 - counted.units,
        [kentaikyoRule('next-day-4-hours'), reading],
        {
          ...days,
          parts: [decided('next-day', '翌日に及んだ時間', counted.nextDayMs, [reading], hours)],
        },
      ),
    ],
    {
      ...days,
      grounds: each.attendance.length > 1 ? [kentaikyoRule('two-sites')] : [],
    },
  );
};

const payabilityGrounds = (
  { asOf }: WhyInput,
  { row, payability: { obstacle, worker, employment } }: ReasonedContribution,
): readonly WhyNode[] => [
  ...(obstacle === undefined ? [] : [kentaikyoRule(obstacle)]),
  rowOrNone('workers', worker, { workerId: row.workerId }, 'memberNo', 'otherScheme'),
  rowOrNone(
    'employments',
    employment,
    { workerId: row.workerId, companyId: row.companyId, from: row.workDate },
    'kind',
  ),
  {
    kind: 'rule',
    id: 'oldest-payable',
    value: oldestPayable(asOf),
    unit: 'date',
    textJa: `この日より前の就労日は納付できない（${DAYS_LATE_MAX}日）`,
    source: '中小企業退職金共済法第33条第1項、第51条',
  },
];

const daysFigure = (input: WhyInput, each: ReasonedContribution): Figure => {
  const { row, approval } = each;
  const grounds = payabilityGrounds(input, each);
  const candidate = candidateFigure(input, each);
  return decided(
    'days',
    row.notPayable !== undefined
      ? '納付できない日'
      : row.candidateDays > 1
        ? '1日を超える日数は、承認された日数まで'
        : '納付する日数',
    row.days,
    [
      ...(row.candidateDays > 1
        ? [
            kentaikyoRule('approved-days'),
            rowOrNone(
              'approvals',
              approval,
              { workerId: row.workerId, workDate: row.workDate },
              'days',
              'by',
            ),
          ]
        : []),
      ...grounds,
    ],
    { unit: 'days', parts: [candidate] },
  );
};

const rateFigure = ({ row, premium }: ReasonedContribution): Figure => {
  const { base, surcharge } = premium;
  const unit = 'yen' as const;
  return sum(
    'rate.yen',
    '1日の掛金',
    row.rate.yen,
    [
      decided(
        'base',
        '就労日の日額',
        base.value,
        [datedRule('daily-premium', '掛金の日額', base, base.value, unit)],
        { unit },
      ),
      ...(row.rate.surchargeYen === undefined || surcharge === undefined
        ? []
        : [
            decided(
              'surcharge',
              '上乗せ',
              surcharge.yen,
              [registryRow('surcharges', surcharge, 'yen')],
              { unit },
            ),
          ]),
    ],
    { unit },
  );
};

const figuresOf = (input: WhyInput, each: ReasonedContribution): readonly Figure[] => {
  const { row, company, contract, organisation } = each;
  const companyLeaf = (...fields: readonly ('size' | 'payDay' | 'payMonthOffset')[]): WhyNode =>
    rowOrNone('companies', company, { companyId: row.companyId }, ...fields);
  const contractGrounds: readonly WhyNode[] = [
    houseRule('contract-of-company'),
    ...(organisation === undefined
      ? [noRow('organisation', { siteId: row.siteId, companyId: row.companyId })]
      : [registryRow('organisation', organisation, 'contractId')]),
    ...(contract === undefined
      ? [noRow('contracts', { siteId: row.siteId })]
      : [registryRow('contracts', contract, 'siteId', 'method', 'exceptions')]),
  ];
  const rate = rateFigure(each);
  return [
    decided(
      'siteId',
      '計上する現場（最初にタッチした現場、休暇は配置された現場）',
      row.siteId,
      [...(each.attendance.length > 1 ? [kentaikyoRule('two-sites')] : []), ...basisGrounds(each)],
      { unit: 'site' },
    ),
    decided('contractId', '計上する契約', row.contractId, contractGrounds),
    daysFigure(input, each),
    candidateFigure(input, each),
    product('yen', '日数 × 日額', row.yen, [daysFigure(input, each), rate], { unit: 'yen' }),
    decided(
      'method',
      '納付方法',
      row.method,
      [houseRule('method-of-contract'), ...contractGrounds],
      { unit: 'codes' },
    ),
    decided('colour', '証紙の色', row.colour, [houseRule('stamp-colour'), companyLeaf('size')], {
      unit: 'codes',
    }),
    decided(
      'basis',
      '就労か、休暇・休業か',
      row.basis,
      [houseRule('leave-instead'), ...basisGrounds(each)],
      { unit: 'codes' },
    ),
    decided(
      'reportDue',
      '就労状況を報告する期限',
      row.reportDue,
      [
        houseRule('report-due'),
        ...(company?.payDay === undefined ? [houseRule('pay-day-default')] : []),
        companyLeaf('payDay', 'payMonthOffset'),
      ],
      { unit: 'date' },
    ),
    decided('notPayable', '納付できない理由', row.notPayable, payabilityGrounds(input, each), {
      unit: 'codes',
    }),
    decided(
      'lapsedDays',
      '期限までなら納付できた日数',
      row.lapsedDays,
      payabilityGrounds(input, each),
      { unit: 'days', parts: row.lapsedDays === undefined ? [] : [candidateFigure(input, each)] },
    ),
    decided('rate', '1日の掛金とその出典', row.rate, [], { unit: 'evidence', parts: [rate] }),
    decided(
      'rules',
      '当てはめた規則',
      row.rules,
      row.rules.map((rule) => kentaikyoRule(rule)),
      { unit: 'codes' },
    ),
    decided(
      'counted',
      '2日以上を数えた時間と解釈',
      countedOf(input.index, row),
      [readingLeaf(input, each), ...basisGrounds(each)],
      { unit: 'evidence' },
    ),
    decided(
      'evidence',
      '根拠のタッチ',
      row.evidence,
      each.leave === undefined ? attendanceLinks(each, 'evidence') : basisGrounds(each),
      { unit: 'evidence' },
    ),
  ];
};

export const explainContribution: Explain = (input, key) => {
  const { workerId = '', workDate = '' } = key;
  const found = reasonedContributions(
    input.days,
    input.index,
    { workerId, workDate },
    { asOf: input.asOf, isSettled: input.settled?.isAllocated },
  );
  const each = found.find(({ row }) =>
    isOfKey(key, { workerId: row.workerId, workDate: row.workDate, companyId: row.companyId }),
  );
  return each && figuresOf(input, each);
};
