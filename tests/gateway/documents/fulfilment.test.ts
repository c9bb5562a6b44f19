/** 履行証明の計算書 and 加入労働者数報告書: figures by hand, and the exact edge of the certificate. */
import { describe, expect, test } from 'vitest';
import { contributionsOf } from '../../../gateway/policies/contributions.ts';
import { businessYearTo } from '../../../gateway/policies/fulfilment-figures.ts';
import { workDate } from '../../../shared/time.ts';
import { documentOf, factsOf, linesOf, tableOf } from '../../fixtures/documents.ts';
import {
  DEMO_CONTRACT,
  DEMO_FORMWORK,
  DEMO_PRIME,
  DEMO_REBAR,
  pointTables,
  stampTables,
  workedMonth,
} from '../../fixtures/worked-month.ts';

const worksheet = (companyId: string, yearEnd: string, tables: Record<string, unknown>) =>
  documentOf('fulfilment-worksheet', { companyId, yearEnd }, workedMonth(tables));
const amounts = (model: ReturnType<typeof worksheet>) => tableOf(model).rows.map(({ yen }) => yen);

describe('the business year', () => {
  test.each([
    ['2026-03-31', '2025-04-01', 'ends with a month'],
    ['2025-02-28', '2024-03-01', 'a leap day is not in it'],
    ['2024-02-29', '2023-03-01', 'ends with a leap day'],
    ['2026-09-20', '2025-09-21', 'ends within a month'],
  ])('that ends on %s begins on %s (%s)', (to, from) => {
    expect(businessYearTo(workDate(to))).toEqual({ from, to });
  });
});

describe('履行証明の計算書', () => {
  test('of a subcontractor that is given stamps', () => {
    const model = worksheet(DEMO_REBAR, '2027-03-31', stampTables());
    // 170 stamps of 320円 from the prime.
    expect(amounts(model)).toEqual([0, 0, 0, 0, 54_400, 0]);
    // 170 days × 320 × 10/12 = 45,333.3…
    expect(factsOf(model)).toMatchObject({
      就労日数: 170,
      必要な額: 45_334,
      '納付した額 A': 54_400,
      不足: 0,
      結果: '基準を満たしています',
    });
    expect(linesOf(tableOf(model, 1))[0]).toEqual([
      '487650004',
      '鈴木 大輔',
      undefined,
      undefined,
      24,
    ]);
  });

  test('of the 元請: bought less handed over', () => {
    const model = worksheet(DEMO_PRIME, '2027-03-31', stampTables());
    expect(amounts(model)).toEqual([0, 0, 224_000, 0, 0, -102_400]);
    expect(tableOf(model).totals).toEqual({ yen: 121_600 });
  });

  test('of the next year carries over what was left', () => {
    // The year from December on: 203 blue and 80 red stamps are left, nobody worked.
    const model = worksheet(DEMO_PRIME, '2027-11-30', stampTables());
    expect(amounts(model)).toEqual([0, 0, 0, 90_560, 0, 0]);
    expect(factsOf(model)).toMatchObject({
      就労日数: 0,
      結果: '就労した被共済者がいないため、判定していません',
    });
  });

  test('by points counts what runs confirmed, and tells who paid and what is still due', () => {
    const input = workedMonth(pointTables());
    const { contributions } = contributionsOf(input.days, input.index, { asOf: input.asOf });
    const allocated = contributions.flatMap(({ rate, method, contractId, ...day }) =>
      day.days > 0 && method !== undefined && contractId !== undefined
        ? [{ ...day, method, contractId, dayYen: rate.yen, exemptDays: 0 }]
        : [],
    );
    const sheet = (companyId: string, days: typeof allocated) =>
      documentOf(
        'fulfilment-worksheet',
        { companyId, yearEnd: '2027-03-31' },
        {
          ...input,
          allocated: (contractId) => days.filter((day) => day.contractId === contractId),
        },
      );
    expect(amounts(sheet(DEMO_PRIME, allocated))[0]).toBe(31_040);
    expect(amounts(sheet(DEMO_REBAR, allocated))).toEqual([0, 54_400, 0, 0, 0, 0]);
    const none = sheet(DEMO_REBAR, []);
    expect(amounts(none)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(factsOf(none)).toMatchObject({ 不足: 45_334, 結果: '基準に足りません' });
    expect(none.notes.join()).toContain('54,400円');
  });

  test('before the year is over says so', () => {
    const notes = (yearEnd: string) => worksheet(DEMO_REBAR, yearEnd, stampTables()).notes.join();
    expect(notes('2027-03-31')).toContain('決算期間はまだ終わっていません');
    expect(notes('2026-11-30')).not.toContain('まだ終わっていません');
  });

  test.each([
    [141, '基準に足りません', '141 × 320 = 45,120 is below 45,333.3…'],
    [142, '基準を満たしています', '142 × 320 = 45,440 is above it'],
  ])('with %i stamps given: %s (%s)', (days, result) => {
    const tables = {
      ...stampTables(),
      stampIssues: [
        { contractId: DEMO_CONTRACT, toCompanyId: DEMO_REBAR, date: '2026-11-30', days },
      ],
    };
    expect(factsOf(worksheet(DEMO_REBAR, '2027-03-31', tables))).toMatchObject({ 結果: result });
  });

  test('has the books of its members, and room for the signature', () => {
    const [worker] = workedMonth().registry.assignments.filter(
      ({ companyId }) => companyId === DEMO_REBAR,
    );
    const books = [1, 2].map((number) => ({
      workerId: worker?.workerId,
      number,
      issuedOn: `2026-0${number + 3}-01`,
    }));
    const model = worksheet(DEMO_REBAR, '2027-03-31', {
      ...stampTables(),
      booklets: [{ ...books[0], closedOn: '2026-04-30' }, books[1]],
    });
    expect(linesOf(tableOf(model, 1))[0]?.slice(2, 4)).toEqual([2, '2026-05-01']);
    expect(model.sections.at(-1)).toMatchObject({
      kind: 'boxes',
      boxes: [{ label: '勤怠管理者氏名（自署）' }],
    });
  });
});

describe('加入労働者数報告書', () => {
  const asked = { contractId: DEMO_CONTRACT };

  test('counts members and says why the others are none', () => {
    const model = documentOf('membership-report', asked);
    expect(linesOf(tableOf(model))).toEqual([
      ['みなと建設株式会社', '100-20260', 4, 4, 0, 0, 0, 0],
      ['北浜鉄筋工業株式会社', '65-10260', 8, 7, 1, 0, 0, 0],
      ['株式会社しおさい型枠', '65-10261', 8, 7, 0, 0, 0, 1],
    ]);
    expect(factsOf(model)).toMatchObject({ 対象の労働者: 20, 加入している労働者: 18 });
  });

  test('tells members of other schemes and 一人親方 apart', () => {
    const { registry } = workedMonth();
    const [first, second] = registry.assignments.filter(
      ({ companyId }) => companyId === DEMO_FORMWORK,
    );
    const input = workedMonth({
      workers: registry.workers.map((row) =>
        row.workerId === first?.workerId ? { ...row, otherScheme: 'chutaikyo' } : row,
      ),
      employments: registry.employments.map((row) =>
        row.workerId === second?.workerId ? { ...row, kind: 'sole-contractor' } : row,
      ),
    });
    const model = documentOf('membership-report', asked, input);
    expect(linesOf(tableOf(model))[2]?.slice(2)).toEqual([8, 5, 0, 1, 1, 1]);
  });

  test('counts who left as of the last day there, and leaves out who is yet to come', () => {
    const { registry } = workedMonth();
    const [first, second] = registry.assignments.filter(
      ({ companyId }) => companyId === DEMO_FORMWORK,
    );
    const input = {
      ...workedMonth({
        assignments: registry.assignments.map((row) => {
          if (row.workerId === first?.workerId) return { ...row, to: '2026-09-30' };
          return row.workerId === second?.workerId ? { ...row, from: '2026-12-06' } : row;
        }),
      }),
      days: [],
    };
    const model = documentOf('membership-report', asked, input);
    expect(linesOf(tableOf(model))[2]?.slice(2, 4)).toEqual([7, 6]);
  });
});
