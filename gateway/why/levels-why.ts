/** Why a row of `levels` (レベルまでの日数) counts so: career days before, full records since, and the criterion. */
import { isLeader, reasonedProgress } from '../policies/level-progress.ts';
import { type WorkHistoryRecord, workHistoryOf } from '../policies/work-history.ts';
import { countedUntil } from '../reports/levels-report.ts';
import { type Explain, isOfKey } from './explain.ts';
import { completeLink } from './record-links.ts';
import { rowOrNone } from './registry-leaf.ts';
import { houseRule } from './rule-leaf.ts';
import { count, decided, type Figure, sum, type WhyNode } from './why.ts';

const DAYS = { unit: 'days' } as const;

/** Each date once, however many records it has. */
const datesOf = (code: string, textJa: string, records: readonly WorkHistoryRecord[]): Figure => {
  const dates = [...Map.groupBy(records, ({ workDate }) => workDate)];
  return count(
    code,
    textJa,
    dates.length,
    dates.map(([date, of]) => decided('date', date, 1, of.map(completeLink), DAYS)),
    { ...DAYS, grounds: [houseRule('full-records-only')] },
  );
};

export const explainLevels: Explain = (input, key) => {
  const { index, registry } = input;
  const until = countedUntil(input);
  const known = {
    registry: index,
    criteria: registry.levelCriteria,
    careerDays: registry.careerDays.filter(({ workerId }) => workerId === key.workerId),
  };
  const own = workHistoryOf(input.days, index).records.filter(
    ({ workerId }) => workerId === key.workerId,
  );
  const found = reasonedProgress(known, own, until).find(({ progress: { workerId, trade } }) =>
    isOfKey(key, { workerId, trade }),
  );
  if (found === undefined) return undefined;
  const { progress, base, counted, lacking, criterion } = found;
  const { workerId, trade } = progress;
  const worker = index.workerById.get(workerId);
  const workerLeaf = rowOrNone('workers', worker, { workerId }, 'level');
  const baseLeaf = rowOrNone(
    'careerDays',
    base,
    { workerId, trade },
    'days',
    'foremanDays',
    'crewLeaderDays',
  );
  const before = (code: string, textJa: string, value: number | undefined): Figure =>
    decided(code, textJa, value ?? 0, [baseLeaf], DAYS);
  const days = sum(
    'days',
    '経歴の日数 + 完全な就業履歴の日数',
    progress.days,
    [
      before('career-days', '経歴の日数', base?.days),
      datesOf('full-records', '完全な就業履歴の日数', counted),
    ],
    DAYS,
  );
  const foremanDays = sum(
    'foremanDays',
    '職長としての日数',
    progress.foremanDays,
    [
      before('career-foreman-days', '経歴の職長日数', base?.foremanDays),
      datesOf(
        'foreman-records',
        '職長としての就業履歴の日数',
        counted.filter(({ role }) => role === 'foreman'),
      ),
    ],
    DAYS,
  );
  const leaderDays = sum(
    'leaderDays',
    '職長または班長としての日数',
    progress.leaderDays,
    [
      before('career-foreman-days', '経歴の職長日数', base?.foremanDays),
      before('career-crew-leader-days', '経歴の班長日数', base?.crewLeaderDays),
      datesOf('leader-records', '職長・班長としての就業履歴の日数', counted.filter(isLeader)),
    ],
    DAYS,
  );
  const criterionLeaf: WhyNode = rowOrNone(
    'levelCriteria',
    criterion,
    { trade, level: String(progress.nextLevel ?? '') },
    'days',
    'foremanDays',
    'leaderDays',
    'qualifications',
  );
  const left = (
    code: 'daysLeft' | 'foremanDaysLeft' | 'leaderDaysLeft',
    textJa: string,
    has: Figure,
  ): Figure =>
    decided(code, textJa, progress[code], [houseRule('level-criterion'), criterionLeaf], {
      ...DAYS,
      parts: [has],
    });
  return [
    decided('level', '台帳のレベル（登録がなければ1）', progress.level, [workerLeaf], {
      unit: 'number',
    }),
    decided('nextLevel', '次のレベル', progress.nextLevel, [workerLeaf], { unit: 'number' }),
    days,
    left('daysLeft', '基準の日数までの残り', days),
    foremanDays,
    left('foremanDaysLeft', '基準の職長日数までの残り', foremanDays),
    leaderDays,
    left('leaderDaysLeft', '基準の職長・班長日数までの残り', leaderDays),
    datesOf('incompleteDays', '足りないものがあり、数えられない日', lacking),
    decided('qualificationsToCheck', '基準の資格', progress.qualificationsToCheck, [criterionLeaf]),
    decided('source', '基準の出典', progress.source, [criterionLeaf], { unit: 'evidence' }),
  ];
};
