/** Documents of a contract: 充当書, 受払簿, 総括表, by hand from a month that is known. */
import { describe, expect, test } from 'vitest';
import { documentOf, factsOf, linesOf, orderDocument, tableOf } from '../../fixtures/documents.ts';
import {
  DEMO_CONTRACT,
  DEMO_FORMWORK,
  DEMO_PRIME,
  DEMO_REBAR,
  pointTables,
  stampTables,
  workedMonth,
} from '../../fixtures/worked-month.ts';

const asked = { contractId: DEMO_CONTRACT };
const byStamps = workedMonth(stampTables());

describe('掛金充当書 of a contract', () => {
  test('adds up company by company and worker by worker', () => {
    const model = documentOf('contract-allocation', asked);
    expect(linesOf(tableOf(model))).toEqual([
      ['みなと建設株式会社', '100-20260', 'ポイント', 4, 97, 97, 31_040, 0],
      ['北浜鉄筋工業株式会社', '65-10260', 'ポイント', 8, 194, 170, 54_400, 0],
      ['株式会社しおさい型枠', '65-10261', 'ポイント', 8, 193, 169, 54_080, 0],
    ]);
    const workers = tableOf(model, 1);
    expect(workers.rows).toHaveLength(20);
    expect(workers.totals).toEqual({
      workedDays: 483,
      days: 436,
      yen: 139_520,
      confirmedDays: 0,
    });
  });

  test('of one company is that company’s own paper', () => {
    const model = documentOf('contract-allocation', { ...asked, companyId: DEMO_FORMWORK });
    expect(model.issuer[0]).toBe('株式会社しおさい型枠');
    expect(linesOf(tableOf(model))).toHaveLength(1);
    expect(tableOf(model, 1).totals).toMatchObject({ days: 169 });
  });

  test('of a month without work is empty and says so', () => {
    const model = documentOf('contract-allocation', { ...asked, month: '2026-10' });
    expect(model.subtitle).toBe('2026年10月分');
    expect(tableOf(model)).toMatchObject({ rows: [], empty: '就労はありません' });
  });
});

describe('工事別共済証紙受払簿', () => {
  const model = documentOf('stamp-ledger', asked, byStamps);
  const [blue, red] = [tableOf(model, 0), tableOf(model, 1)];

  test('keeps a book for each colour, carried over from month to month', () => {
    expect([blue.title, red.title]).toEqual(['320円証紙　青（大手）', '320円証紙　赤（中小）']);
    // The prime is a large company: 97 of its blue stamps are pasted, none is handed over.
    expect(linesOf(blue)).toEqual([
      ['2026年8月分', 0, 300, 0, 0, 0, 0, 300],
      ['2026年11月分', 300, 0, 0, 0, 97, 0, 203],
    ]);
    expect(linesOf(red)).toEqual([
      ['2026年8月分', 0, 400, 0, 0, 0, 0, 400],
      ['2026年11月分', 400, 0, 0, 320, 0, 0, 80],
    ]);
  });

  test('names each subcontractor, and what it has not been given yet', () => {
    expect(linesOf(tableOf(model, 2))).toEqual([
      ['2026年11月分', '320円証紙　赤（中小）', '北浜鉄筋工業株式会社', 170],
      ['2026年11月分', '320円証紙　赤（中小）', '株式会社しおさい型枠', 150],
    ]);
    expect(linesOf(tableOf(model, 3))).toEqual([
      ['北浜鉄筋工業株式会社', 170, 170, 0],
      ['株式会社しおさい型枠', 169, 150, 19],
    ]);
  });

  test('of a contract by points has no stamps and says so', () => {
    expect(tableOf(documentOf('stamp-ledger', asked)).empty).toBe('証紙の受払はありません');
  });
});

describe('共済証紙受払簿 of a company', () => {
  test('shows what came from the 元請 and what was pasted', () => {
    const model = documentOf('stamp-book', { companyId: DEMO_REBAR }, byStamps);
    expect(linesOf(tableOf(model))).toEqual([['2026年11月分', 0, 0, 170, 0, 170, 0, 0]]);
    expect(linesOf(tableOf(model, 1))).toEqual([
      ['2026年11月分', '320円証紙　赤（中小）', 'みなと建設株式会社', 170],
    ]);
  });

  test('of some months begins with what was carried into them', () => {
    const model = documentOf('stamp-book', { companyId: DEMO_PRIME, from: '2026-10' }, byStamps);
    expect(model.subtitle).toBe('2026年10月分 ～ ');
    expect(linesOf(tableOf(model))).toEqual([['2026年11月分', 300, 0, 0, 0, 97, 0, 203]]);
  });
});

describe('掛金充当実績総括表', () => {
  const model = documentOf('completion-summary', asked, byStamps);

  test('sets what was worked against what was allocated and bought', () => {
    expect(factsOf(model)).toMatchObject({
      延べ就業日数: 484,
      掛金充当日数: 436,
      充当していない日数: 48,
      掛金充当額: 139_520,
      '購入額（収納書）': 224_000,
      '購入額－充当額': 84_480,
    });
  });

  test('says of each company why days are not covered', () => {
    expect(linesOf(tableOf(model)).map((line) => line.at(-1))).toEqual([
      '',
      '役員のため対象外 24日',
      '被共済者番号なし 24日',
    ]);
  });

  test('names the evidence of its method', () => {
    expect(model.notes[0]).toContain('工事別共済証紙受払簿、就労状況報告書');
    expect(documentOf('completion-summary', asked).notes[0]).toMatch(/提示: 掛金充当実績総括表。/);
    const oneFirmByStamps = workedMonth(
      pointTables({ exceptions: [{ companyId: DEMO_REBAR, method: 'stamps' }] }),
    );
    expect(documentOf('completion-summary', asked, oneFirmByStamps).notes[0]).toContain(
      '工事別共済証紙受払簿、就労状況報告書',
    );
    expect(factsOf(documentOf('completion-summary', asked, oneFirmByStamps)).納付方式).toContain(
      '北浜鉄筋工業株式会社',
    );
  });
});

test.each([
  ['contract-allocation', { contractId: 'none' }, ['/contractId']],
  ['contract-allocation', { ...asked, companyId: '29999999999999' }, ['/companyId']],
  ['stamp-book', { companyId: '29999999999999' }, ['/companyId']],
])('%s of %o names what is not there', (name, query, places) => {
  const made = orderDocument(name, query);
  expect(made.ok ? [] : made.faults.map(({ place }) => place)).toEqual(places);
});
