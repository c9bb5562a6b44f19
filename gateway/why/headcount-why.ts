/** Why a row of `headcount` (人工・在場) counts so many people: whose records they are. */
import { headcountGroups } from '../policies/headcount-analysis.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import { isAsked } from '../reports/report.ts';
import { type Explain, isOfKey } from './explain.ts';
import { recordLink } from './record-links.ts';
import { houseRule } from './rule-leaf.ts';
import { count } from './why.ts';

export const explainHeadcount: Explain = ({ index, days, filter }, key) => {
  const { records } = workHistoryOf(
    days.filter((day) => isAsked(filter, day)),
    index,
  );
  const group = headcountGroups(records, index).find((each) => {
    const { siteId, workDate, companyId, trade, level } = each;
    return isOfKey(key, { siteId, workDate, companyId, trade, level });
  });
  return (
    group && [
      count(
        'workers',
        'その日に就業履歴のある人数',
        group.records.length,
        group.records.map(recordLink),
        { unit: 'people', grounds: [houseRule('record-per-day')] },
      ),
    ]
  );
};
