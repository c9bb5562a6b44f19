/** Why a row of `not-touched` (未タッチ) names its reason: the first of the questions that is answered with yes. */
import { correctionDue, correctionStage } from '../policies/correction-deadline.ts';
import { MENDING, reasonedNotTouched } from '../policies/not-touched.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import { codeJa } from '../reports/code-words.ts';
import { isAsked } from '../reports/report.ts';
import { type Explain, isOfKey } from './explain.ts';
import { recordLink } from './record-links.ts';
import { noRow, registryRow } from './registry-leaf.ts';
import { extractRule, houseRule } from './rule-leaf.ts';
import { count, decided, sum } from './why.ts';

export const explainNotTouched: Explain = (
  { registry, index, days, filter, asOf, extractDay },
  key,
) => {
  const { headcounts, leave } = registry;
  const ofDate = days.filter(({ workDate }) => workDate === key.workDate);
  const { records } = workHistoryOf(ofDate, index);
  const found = reasonedNotTouched({
    registry: index,
    headcounts,
    leave,
    records,
    isAsked: (siteId, workDate) => workDate <= asOf && isAsked(filter, { siteId, workDate }),
  }).find(({ row: { siteId, workDate, workerId } }) =>
    isOfKey(key, { siteId, workDate, workerId }),
  );
  if (found === undefined) return undefined;
  const { row, facts, assignment } = found;
  const { siteId, companyId, workerId, workDate, reason } = row;
  const assigned = registryRow('assignments', assignment, 'trade', 'role');
  const onLeave = leave.filter((each) => each.workerId === workerId && each.date === workDate);
  const reported = headcounts.filter(
    (each) => each.siteId === siteId && each.companyId === companyId && each.date === workDate,
  );
  const cards = index.holdingsByWorker.get(workerId) ?? [];
  const people = { unit: 'people' } as const;
  const touched = (ofCompany: boolean) =>
    records.filter(
      (record) => record.siteId === siteId && (!ofCompany || record.companyId === companyId),
    );
  const looked = [
    decided(
      'on-leave',
      '休暇・休業の届出',
      onLeave.length > 0,
      onLeave.length === 0
        ? [noRow('leave', { workerId, date: workDate })]
        : onLeave.map((each) => registryRow('leave', each, 'kind')),
      { unit: 'flag' },
    ),
    count(
      'touched-elsewhere',
      'その日にタッチした別の現場',
      facts.sitesTouched.length,
      records.filter((record) => record.workerId === workerId).map(recordLink),
      { unit: 'number', grounds: [houseRule('record-per-day'), assigned] },
    ),
    count(
      'touched-of-site',
      '現場でタッチした人数',
      facts.touchedOfSite,
      touched(false).map(recordLink),
      {
        ...people,
        grounds: [houseRule('record-per-day')],
      },
    ),
    count(
      'touched-of-company',
      '会社でタッチした人数',
      facts.touchedOfCompany,
      touched(true).map(recordLink),
      { ...people, grounds: [houseRule('record-per-day')] },
    ),
    facts.headcountOfCompany === undefined
      ? decided(
          'headcount',
          '会社が報告した出面の人数',
          undefined,
          [noRow('headcounts', { siteId, companyId, date: workDate })],
          people,
        )
      : sum(
          'headcount',
          '会社が報告した出面の人数',
          facts.headcountOfCompany,
          reported.map((each) =>
            decided(
              'reported',
              '報告',
              each.workers,
              [registryRow('headcounts', each, 'workers')],
              people,
            ),
          ),
          people,
        ),
    decided(
      'cards',
      '持っているカード',
      cards.length,
      cards.length === 0
        ? [noRow('cards', { workerId })]
        : cards.map((card) => registryRow('cards', card)),
    ),
  ];
  const mending = MENDING[reason];
  const mend = [houseRule('not-touched'), assigned];
  return [
    decided('companyId', '名簿の会社', companyId, [assigned], { unit: 'company' }),
    decided('trade', '名簿の職種', row.trade, [assigned]),
    decided('role', '名簿の立場', row.role, [assigned], { unit: 'codes' }),
    decided(
      'reason',
      `最初に当てはまる理由: ${codeJa(reason) ?? reason}`,
      reason,
      [houseRule('not-touched'), assigned],
      { unit: 'codes', parts: looked },
    ),
    decided('mendedBy', '直せる人', mending.mendedBy, mend, { unit: 'codes' }),
    decided('howJa', 'すること', mending.howJa, mend),
    decided('mendDue', '直せる最後の日', correctionDue(workDate), [houseRule('correction-due')], {
      unit: 'date',
    }),
    decided(
      'stage',
      '月の抽出の前か後か',
      correctionStage(workDate, asOf, extractDay),
      [houseRule('correction-due'), extractRule(workDate, extractDay)],
      { unit: 'codes' },
    ),
  ];
};
