/** Why `toMend` and `unknownCards` (直すもの・未登録カード) stand beside the work history: the records that lack it. */
import type { z } from 'zod';
import type { WorkDate } from '../../../shared/time.ts';
import { mendJa } from '../../../shared/verdict.ts';
import { correctionDue } from '../../policies/correction-deadline.ts';
import { workHistoryOf } from '../../policies/work-history.ts';
import { isAsked } from '../../reports/report.ts';
import {
  type ToMendRow,
  type UnknownCardRow,
  workHistory,
} from '../../reports/work-history-report.ts';
import type { WhyInput } from '../explain.ts';
import { unknownCardLink } from '../record-links.ts';
import { noRow } from '../registry-leaf.ts';
import { extractRule, houseRule } from '../rule-leaf.ts';
import { count, decided, type Figure, link, type WhyNode } from '../why.ts';
import { explainListed } from './list-row.ts';

const historyOf = ({ index, days, filter }: WhyInput) =>
  workHistoryOf(
    days.filter((day) => isAsked(filter, day)),
    index,
  );

/** Whoever mends it, what they do, and how late it is: the same for both lists. */
const mending = (
  { mendedBy, howJa, stage }: Pick<z.infer<typeof ToMendRow>, 'mendedBy' | 'howJa' | 'stage'>,
  stageRules: readonly WhyNode[],
): readonly Figure[] => [
  decided('mendedBy', '直せる人', mendedBy, [houseRule('mended-by')], { unit: 'codes' }),
  decided('howJa', 'すること', howJa, [houseRule('mended-by')]),
  decided('stage', '月の抽出の前か後か', stage, stageRules, { unit: 'codes' }),
];

export const explainToMend = explainListed<z.infer<typeof ToMendRow>>(
  workHistory,
  'toMend',
  (input, row) => {
    const { siteId, companyId, item, mendDue, textJa, workerIds, records } = row;
    const lacking = historyOf(input).records.filter(
      (record) =>
        record.siteId === siteId &&
        record.companyId === companyId &&
        record.missing.includes(item) &&
        correctionDue(record.workDate) === mendDue,
    );
    const links = lacking.map((record) =>
      link(
        'work-history',
        { siteId, workerId: record.workerId, workDate: record.workDate },
        'missing',
        record.missing,
        { unit: 'codes' },
      ),
    );
    const rule = houseRule('history-checklist');
    const worked = lacking[0]?.workDate;
    return [
      decided('textJa', '足りないもの', textJa, [rule]),
      ...mending(row, [
        houseRule('correction-due'),
        ...(worked === undefined ? [] : [extractRule(worked, input.extractDay)]),
      ]),
      decided('workerIds', 'その記録の技能者', workerIds, [rule], { unit: 'worker', parts: links }),
      count('records', 'それが足りない就業履歴', records, links, { grounds: [rule] }),
    ];
  },
);

export const explainUnknownCard = explainListed<z.infer<typeof UnknownCardRow>>(
  workHistory,
  'unknownCards',
  (input, row) => {
    const { siteId, cardId, workDate } = row;
    const day = historyOf(input).unknownCards.find(
      (each) => each.siteId === siteId && each.cardId === cardId && each.workDate === workDate,
    );
    const nobody = noRow('cards', { cardId, from: workDate });
    const due = houseRule('correction-due');
    return [
      ...mending({ ...row, howJa: mendJa('unknown-card') }, [
        due,
        extractRule(workDate as WorkDate, input.extractDay),
      ]),
      decided('mendDue', '直せる最後の日', row.mendDue, [due], { unit: 'date' }),
      decided(
        'evidence',
        'だれのカードか分からないタッチ',
        row.evidence,
        [nobody, ...(day === undefined ? [] : [unknownCardLink(day)])],
        { unit: 'evidence' },
      ),
    ];
  },
);
