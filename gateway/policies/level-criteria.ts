/**
 * 能力評価基準: days and 職長・班長 days that each level asks of a trade. 215 days are a year.
 *
 * Only what the trades' own bodies print and we could read; every other trade is a row `levelCriteria` of
 * the registry, which also goes before these. Qualifications are named and not judged: their codes are
 * not published, and 詳細型 registration with the right 職種 comes first.
 */
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import type { Registry, RegistryRow } from '../registry/registry-document.ts';

export type LevelCriterion = RegistryRow<'levelCriteria'>;

const REBAR = 'https://www.zentekkin.or.jp/191101_news/';
const CARPENTRY = 'https://imamoto.biz/posts/careerup13.html';
const SCAFFOLDING = 'https://osaka-k-s.info/17455-2/';

/** From-dates are not printed: open. */
const PRINTED_CRITERIA: readonly LevelCriterion[] = [
  { trade: '10-01', level: 2, days: 645, qualifications: ['玉掛技能講習'], source: REBAR },
  {
    trade: '10-01',
    level: 3,
    days: 1_505,
    leaderDays: 645,
    qualifications: ['一級鉄筋施工技能士', 'レベル2の資格'],
    source: REBAR,
  },
  {
    trade: '10-01',
    level: 4,
    days: 2_150,
    foremanDays: 645,
    qualifications: [
      '登録鉄筋基幹技能者、優秀施工者国土交通大臣顕彰、安全優良職長顕彰、現代の名工のいずれか',
      'レベル2・3の資格',
    ],
    source: REBAR,
  },
  {
    trade: '34',
    level: 2,
    days: 645,
    qualifications: ['丸のこ等教育', '足場の特別教育または作業主任者'],
    source: CARPENTRY,
  },
  {
    trade: '34',
    level: 3,
    days: 1_505,
    leaderDays: 108,
    qualifications: ['技能士・施工管理技士・建築士・作業主任者などから二つ'],
    source: CARPENTRY,
  },
  {
    trade: '34',
    level: 4,
    days: 2_150,
    foremanDays: 645,
    qualifications: ['登録建築大工基幹技能者・顕彰・技能グランプリなどのいずれか'],
    source: CARPENTRY,
  },
  {
    trade: '06-01',
    level: 2,
    days: 645,
    qualifications: ['玉掛技能講習', '職長・安全衛生責任者教育', '12の資格のいずれか'],
    source: SCAFFOLDING,
  },
  { trade: '06-01', level: 3, days: 1_720, leaderDays: 430, source: SCAFFOLDING },
];

/** Of the whole code, else of its first part; the registry's rows first. */
export const criterionFor = (
  registryRows: Registry['levelCriteria'],
  trade: string,
  level: LevelCriterion['level'],
  date: WorkDate,
): LevelCriterion | undefined => {
  const names = [trade, trade.split('-')[0] ?? trade];
  for (const rows of [registryRows, PRINTED_CRITERIA]) {
    for (const name of names) {
      const found = rows.find(
        (row) => row.trade === name && row.level === level && isValidOn(row, date),
      );
      if (found !== undefined) return found;
    }
  }
  return undefined;
};
