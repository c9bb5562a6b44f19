/** 完成時の確認資料: when a look is enough, and when evidence is listed; the charts are the figures. */
import { describe, expect, test } from 'vitest';
import type { Chart } from '../../../gateway/documents/document.ts';
import { renderHtml } from '../../../gateway/documents/render-html.ts';
import { documentOf, factsOf } from '../../fixtures/documents.ts';
import {
  DEMO_CONTRACT,
  DEMO_REBAR,
  DEMO_SITE,
  pointTables,
  stampTables,
  workedDays,
  workedMonth,
} from '../../fixtures/worked-month.ts';

type Input = ReturnType<typeof workedMonth>;
const evidenceOf = (input: Input) =>
  documentOf('completion-evidence', { contractId: DEMO_CONTRACT }, input);
const titlesOf = (model: ReturnType<typeof evidenceOf>) => model.sections.map(({ title }) => title);
const chartsOf = (model: ReturnType<typeof evidenceOf>): readonly Chart[] =>
  model.sections.filter((section) => section.kind === 'chart');

const LISTS = ['確認のための書類', '月ごとの内訳'];
const points = pointTables({ plannedWorkerDays: 500 }, [{ date: '2026-09-01', yen: 320_000 }]);
/** People were there 1,000 times by what their companies say; 483 times they touched. */
const reported = [{ siteId: DEMO_SITE, companyId: DEMO_REBAR, date: '2026-11-02', workers: 1_000 }];
const corrected = (): Input => ({
  ...workedMonth(points),
  days: workedDays().map((day) => ({
    ...day,
    evidence: [`correction/add/${day.workDate}/2026-12-01T09:00:00+09:00`],
  })),
});
const profile = (highUsePercent: number) => ({
  ...pointTables({ plannedWorkerDays: 500, ordererProfileId: 'ours' }, points.purchases),
  ordererProfiles: [
    {
      profileId: 'ours',
      name: 'みなと県',
      completionForms: ['県様式第6号'],
      highUsePercent,
      source: '県の通知',
    },
  ],
  headcounts: reported,
});

describe('how closely is looked', () => {
  test.each<[string, () => Input, string, string, boolean]>([
    ['points, everything touched', () => workedMonth(points), '高い', '100.00%', false],
    ['stamps, everything touched', () => workedMonth(stampTables()), '高い', '100.00%', true],
    [
      'fewer touches than half of what was reported',
      () => workedMonth({ ...points, headcounts: reported }),
      '低い',
      '48.30%',
      true,
    ],
    ['days on a person’s word alone', corrected, '低い', '0.00%', true],
    ['nothing worked', () => ({ ...workedMonth(points), days: [] }), '就労の記録なし', '', true],
    ['an orderer content with 40 %', () => workedMonth(profile(40)), '高い', '48.30%', false],
    ['an orderer that asks for 60 %', () => workedMonth(profile(60)), '低い', '48.30%', true],
  ])('%s', (_what, input, use, rate, isListed) => {
    const model = evidenceOf(input());
    expect(factsOf(model)).toMatchObject({ CCUSの利用: use });
    expect(factsOf(model).タッチ率 ?? '').toBe(rate);
    expect(LISTS.every((title) => titlesOf(model).includes(title))).toBe(isListed);
  });

  test('names the orderer’s own forms among the evidence', () => {
    const model = evidenceOf(workedMonth(profile(60)));
    const table = model.sections.find(({ title }) => title === '確認のための書類');
    expect(table).toMatchObject({
      rows: [
        { what: '掛金充当実績総括表', when: '提示します' },
        { what: '就労状況報告書', when: '提示します' },
        { what: '掛金充当書', when: '求めに応じて提示します' },
        { what: '県様式第6号', when: '発注者の定め' },
      ],
    });
  });

  test('says at a glance also that something is left to look at', () => {
    expect(factsOf(evidenceOf(workedMonth(points))).確認のしかた).toContain('ただし');
  });
});

describe('charts', () => {
  const model = evidenceOf(workedMonth(stampTables()));

  test('are drawn from the figures of the contract', () => {
    const [months, companies] = chartsOf(model);
    expect(months?.rows).toMatchObject([
      {
        month: '2026年11月分',
        workerDays: 484,
        touchedDays: 483,
        leaveDays: 1,
        allocatedDays: 436,
      },
    ]);
    expect(companies?.rows.map(({ workerDays }) => workerDays)).toEqual([97, 194, 193]);
  });

  test('have bars as long as their numbers, each with its number', () => {
    const page = renderHtml(model, '');
    const bars = [
      ...page.matchAll(/<rect x="0.5" y="[\d.]+" width="(\d+)" height="13" fill="(#\w+)"/g),
    ]
      .map(([, width]) => Number(width))
      // The first three are the legend's.
      .slice(3, 6);
    expect(bars).toEqual([450, 449, 405]);
    for (const number of ['>484<', '>483<', '>436<']) expect(page).toContain(number);
  });

  test('without a day say so', () => {
    const empty = evidenceOf({ ...workedMonth({ leave: [] }), days: [] });
    expect(chartsOf(empty).map(({ rows }) => rows)).toEqual([[], []]);
    expect(renderHtml(empty, '')).toContain('就労はありません');
  });
});
