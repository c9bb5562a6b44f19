/** Why a row of `work-history` (就業履歴) is full or not: each line of the checklist with the row that says so. */
import { isoInJapan } from '../../shared/time.ts';
import { reasonJa } from '../../shared/verdict.ts';
import { correctionDue, correctionStage } from '../policies/correction-deadline.ts';
import {
  byFirstTouch,
  linesOfRecord,
  workerOfDay,
  workHistoryOf,
} from '../policies/work-history.ts';
import { assignmentOn } from '../registry/registry.ts';
import { companyFigure } from './attendance-why.ts';
import type { Explain } from './explain.ts';
import { attendanceLink } from './record-links.ts';
import { groundLeaf, rowOrNone } from './registry-leaf.ts';
import { extractRule, houseRule } from './rule-leaf.ts';
import { decided, list } from './why.ts';

export const explainWorkHistory: Explain = ({ index, days, asOf, extractDay }, key) => {
  const own = days.filter(
    (day) =>
      day.siteId === key.siteId &&
      day.workDate === key.workDate &&
      workerOfDay(index, day) === key.workerId,
  );
  const [record] = workHistoryOf(own, index).records;
  if (record === undefined) return undefined;
  const { siteId, workerId, workDate, missing } = record;
  // As the record does: a valid card or a typed id makes the day, else the first card touched.
  const inOrder = own.toSorted(byFirstTouch);
  const maker = inOrder.find(({ subject }) => subject.kind === 'worker') ?? inOrder[0];
  if (maker === undefined) return undefined;
  const assignment = assignmentOn(index, siteId, workerId, workDate);
  const assigned = [
    rowOrNone(
      'assignments',
      assignment,
      { siteId, workerId, from: workDate },
      'trade',
      'role',
      'work',
    ),
  ];
  const lines = linesOfRecord(index, workerId, maker).map(({ item, isPassed, grounds }) =>
    decided(item, reasonJa(item), !isPassed, grounds.map(groundLeaf), { unit: 'flag' }),
  );
  const deadline = [houseRule('correction-due'), attendanceLink(maker, 'evidence')];
  return [
    companyFigure(index, siteId, workerId, workDate),
    decided('trade', '作業員名簿の職種', record.trade, assigned),
    decided('role', '作業員名簿の立場', record.role, assigned, { unit: 'codes' }),
    decided('work', '作業員名簿の作業内容', record.work, assigned),
    decided(
      'firstIn',
      '最初の入場',
      record.firstIn === undefined ? undefined : isoInJapan(record.firstIn),
      [attendanceLink(maker, 'firstIn')],
      { unit: 'instant' },
    ),
    decided(
      'lastOut',
      '最後の退場',
      record.lastOut === undefined ? undefined : isoInJapan(record.lastOut),
      [attendanceLink(maker, 'lastOut')],
      { unit: 'instant' },
    ),
    decided(
      'complete',
      '足りないものが一つもないこと',
      record.complete,
      [houseRule('history-checklist')],
      { unit: 'flag', parts: lines },
    ),
    list('missing', '条件を順に確かめ、満たさないもの', missing, lines, {
      unit: 'codes',
      grounds: [houseRule('history-checklist')],
    }),
    decided(
      'mendDue',
      '直せる最後の日',
      record.complete ? undefined : correctionDue(workDate),
      deadline,
      { unit: 'date' },
    ),
    decided(
      'stage',
      '月の抽出の前か後か',
      record.complete ? undefined : correctionStage(workDate, asOf, extractDay),
      [extractRule(workDate, extractDay), ...deadline],
      { unit: 'codes' },
    ),
    decided(
      'evidence',
      '一日のすべてのタッチ（1件の就業履歴にまとめる）',
      record.evidence,
      [houseRule('record-per-day'), ...own.map((day) => attendanceLink(day, 'evidence'))],
      { unit: 'evidence' },
    ),
  ];
};
