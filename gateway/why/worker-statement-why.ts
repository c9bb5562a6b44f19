/** Why a row of `worker-statement` (掛金充当書) adds up so: the contributions of the month, day by day. */
import { contributionsOf } from '../policies/contributions.ts';
import { reasonedWorkerMonths } from '../policies/worker-totals.ts';
import { type Explain, isOfKey } from './explain.ts';
import { contributionLink } from './record-links.ts';
import { count, decided, sum } from './why.ts';

export const explainWorkerStatement: Explain = ({ index, days, filter, asOf, settled }, key) => {
  const isSettled = settled?.isAllocated;
  const { contributions } = contributionsOf(days, index, { asOf, isSettled });
  const found = reasonedWorkerMonths(
    contributions.filter(
      ({ siteId, workerId }) =>
        workerId === key.workerId && (filter.siteId === undefined || siteId === filter.siteId),
    ),
  ).find(({ month: { workerId, month, companyId, contractId, method } }) =>
    isOfKey(key, { workerId, month, companyId, contractId, method }),
  );
  if (found === undefined) return undefined;
  const { month, contributions: of } = found;
  const links = (column: 'days' | 'yen' | 'basis') =>
    of.map((row) => contributionLink(row, column));
  return [
    count(
      'workedDays',
      '就労・休暇の日数（納付できない日も含む）',
      month.workedDays,
      links('basis'),
      {
        unit: 'days',
      },
    ),
    sum('days', '納付する日数の合計', month.days, links('days'), { unit: 'days' }),
    sum('yen', '掛金の合計', month.yen, links('yen'), { unit: 'yen' }),
    decided('dates', '就労日ごとの日数と金額', month.dates, links('yen'), { unit: 'text' }),
  ];
};
