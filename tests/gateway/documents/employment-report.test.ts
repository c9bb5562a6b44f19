/** 就労状況報告書: what stands in it, by hand from a month that is known. */
import { describe, expect, test } from 'vitest';
import { documentOf, factsOf, linesOf, orderDocument, tableOf } from '../../fixtures/documents.ts';
import { DEMO_REBAR, DEMO_SITE, MONTH, workedMonth } from '../../fixtures/worked-month.ts';

const asked = { siteId: DEMO_SITE, companyId: DEMO_REBAR, month: MONTH };

describe('by month', () => {
  const model = documentOf('employment-report-monthly', asked);

  test('says who reports to whom, on which works, until when', () => {
    expect(model).toMatchObject({
      title: '就労状況報告書（月別）',
      subtitle: '2026年11月分',
      addressee: 'みなと建設株式会社 御中',
      issuer: ['北浜鉄筋工業株式会社', '事業者ID 20260000000002', '共済契約者番号 65-10260'],
    });
    // Wages of November are paid on 12-25, so the report is due at the end of January.
    expect(factsOf(model)).toMatchObject({
      工事: '県道みなと橋 橋脚補強工事',
      発注者: 'みなと県土木部',
      納付方式: '電子申請（退職金ポイント）',
      報告期限: '2027-01-31',
      掛金日数: 170,
      掛金: 54_400,
    });
  });

  test('has a line for each worker with days, yen, and what is to be known of them', () => {
    // November 2026 has 25 days that are no Sunday; each worker but one misses one of them.
    expect(linesOf(tableOf(model))).toEqual([
      ['487650004', '10260000000005', '鈴木 大輔', 24, 24, 7_680, ''],
      ['487650005', '10260000000006', '佐藤 健太', 24, 24, 7_680, '承認待ち 1日'],
      ['487650006', '10260000000007', '山﨑 光', 24, 25, 8_000, '有給休暇'],
      ['487650007', '10260000000008', '伊藤 拓海', 25, 25, 8_000, ''],
      ['487650008', '10260000000009', 'グエン バン アン', 24, 24, 7_680, ''],
      ['487650009', '10260000000010', 'チャン ティ ホア', 24, 24, 7_680, ''],
      ['487650010', '10260000000011', '加藤 翼', 24, 24, 7_680, ''],
      [undefined, '10260000000012', '吉田 進', 24, 0, 0, '役員のため対象外'],
    ]);
    expect(tableOf(model).totals).toEqual({ workedDays: 193, days: 170, yen: 54_400 });
  });

  test('tells what is not in it, and what its rate rests on', () => {
    expect(model.notes.join()).toContain('持ち主の分からないカードの出面が1日分');
    expect(model.sources).toEqual([expect.stringContaining('掛金日額 320円: https://kentaikyo')]);
  });
});

describe('by day', () => {
  const model = documentOf('employment-report-daily', asked);
  const table = tableOf(model);

  test('is a landscape sheet with a narrow column for each day of the month', () => {
    expect(model.orientation).toBe('landscape');
    expect(table.columns.filter(({ kind }) => kind === 'mark')).toHaveLength(30);
  });

  test.each<[string, string, string | undefined, string]>([
    ['佐藤 健太', '2026-11-02', '1', 'a worked day'],
    ['佐藤 健太', '2026-11-01', undefined, 'a Sunday'],
    ['佐藤 健太', '2026-11-05', '△', 'sixteen hours of which a second day waits for approval'],
    ['山﨑 光', '2026-11-07', '有', 'a paid holiday'],
    ['吉田 進', '2026-11-02', '×', 'an officer is not eligible'],
  ])('%s on %s: %s (%s)', (name, date, mark, _because) => {
    expect(table.rows.find((row) => row.name === name)?.[date]).toBe(mark);
  });

  test('has the same sums as the sheet by month', () => {
    expect(table.totals).toEqual({ days: 170, yen: 54_400 });
  });

  test('of a month without work is an empty sheet that says so', () => {
    const empty = documentOf(
      'employment-report-daily',
      { ...asked, month: '2026-02' },
      {
        ...workedMonth(),
        days: [],
      },
    );
    expect(tableOf(empty)).toMatchObject({ rows: [], totals: { days: 0, yen: 0 } });
  });
});

describe('a wrong question', () => {
  test.each<[Record<string, string>, readonly string[], string]>([
    [{}, ['/siteId', '/companyId', '/month'], 'everything missing is named at once'],
    [{ ...asked, month: '2026-13' }, ['/month'], 'no such month'],
    [{ ...asked, site: 'x' }, [''], 'a parameter that there is not'],
    [
      { ...asked, siteId: '39999999999999', companyId: '29999999999999' },
      ['/siteId', '/companyId'],
      'not in the registry',
    ],
  ])('%o is refused at %o (%s)', (parameters, places, _because) => {
    const made = orderDocument('employment-report-monthly', parameters);
    expect(made.ok ? [] : made.faults.map(({ place }) => place)).toEqual(places);
  });
});
