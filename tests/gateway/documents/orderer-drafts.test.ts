/** Drafts for the orderer: only what is meant for whom, from the figures of the check. */
import { describe, expect, test } from 'vitest';
import { documentOf, factsOf, linesOf, tableOf } from '../../fixtures/documents.ts';
import {
  DEMO_CONTRACT,
  pointTables,
  stampTables,
  workedMonth,
} from '../../fixtures/worked-month.ts';

const asked = { contractId: DEMO_CONTRACT };
const byStamps = workedMonth(stampTables());
const proseOf = (model: ReturnType<typeof documentOf>) =>
  model.sections.flatMap((section) => (section.kind === 'prose' ? section.paragraphs : []));

describe('指導案', () => {
  const model = documentOf('guidance-draft', asked, byStamps);

  test('goes from the orderer to the 元請 with everything that was found, and asks to mend it', () => {
    expect(model).toMatchObject({
      addressee: 'みなと建設株式会社 御中',
      issuer: ['みなと県土木部', '【担当部署・担当者を記入】'],
    });
    expect(linesOf(tableOf(model)).map(([, text]) => text)).toContain(
      '下請にまだ渡していない証紙があります',
    );
    expect(factsOf(model)).toMatchObject({ 延べ就業日数: 484, 掛金充当日数: 436 });
    expect(linesOf(tableOf(model, 1))).toEqual([['株式会社しおさい型枠', 169, 150, 19]]);
    expect(proseOf(model).at(-1)).toContain('【期限を記入】');
  });

  test('of a contract in which all is well asks for nothing', () => {
    const { registry } = workedMonth();
    const well = workedMonth({
      ...pointTables({ plannedWorkerDays: 500 }, [{ date: '2026-09-01', yen: 320_000 }]),
      workers: registry.workers.map((row, at) => ({ ...row, memberNo: String(487_650_000 + at) })),
      approvals: [
        {
          workerId: '10260000000006',
          workDate: '2026-11-05',
          days: 2,
          by: '所長',
          at: '2026-11-06T09:00:00+09:00',
        },
      ],
    });
    const draft = documentOf('guidance-draft', asked, well);
    expect(tableOf(draft)).toMatchObject({
      rows: [],
      empty: '是正を要する事項は認められませんでした',
    });
    expect(proseOf(draft)).toHaveLength(1);
  });
});

describe('通知案', () => {
  test('tells the authority of what was not fulfilled, and of no mere reminder', () => {
    const model = documentOf('authority-notice-draft', asked, byStamps);
    expect(model.addressee).toBe('【許可行政庁を記入】 御中');
    expect(linesOf(tableOf(model)).map(([, text]) => text)).toEqual([
      '下請にまだ渡していない証紙があります',
      '被共済者番号がないため納付できない就労日があります。手帳の申込みか番号の登録をしてください',
      '完成しましたが、充当されていない就労日があります',
    ]);
  });

  test('names who it is about', () => {
    const model = documentOf('authority-notice-draft', asked, byStamps);
    expect(proseOf(model)[0]).toContain('みなと建設株式会社');
  });
});
