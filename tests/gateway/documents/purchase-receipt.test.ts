/** 掛金収納書の台紙: the basis of the purchase, the deadline, and what is asked for when something is wrong. */
import { describe, expect, test } from 'vitest';
import { documentOf, factsOf, linesOf, tableOf } from '../../fixtures/documents.ts';
import {
  DEMO_CONTRACT,
  pointTables,
  stampTables,
  workedMonth,
} from '../../fixtures/worked-month.ts';

const asked = { contractId: DEMO_CONTRACT };
const receiptOf = (contract: object, purchases: readonly object[]) =>
  documentOf('purchase-receipt', asked, workedMonth(pointTables(contract, purchases)));
const boxesOf = (model: ReturnType<typeof receiptOf>) =>
  model.sections.flatMap((section) =>
    section.kind === 'boxes' ? section.boxes.map(({ label }) => label) : [],
  );

const LATE = '期限より遅れた理由';
const SHORT = '掛金収納書の貼付がないか、購入額が不足した理由';
const SLIP = '掛金収納書　貼付欄';

test('says what was bought, on which basis, and how the site is set up for CCUS', () => {
  const model = receiptOf({}, [{ date: '2026-09-01', yen: 522_060 }]);
  expect(factsOf(model)).toMatchObject({
    // 248,600千円, 橋梁: the column from 100 to 500 million.
    考え方: '総工事費 248,600,000円 × 2.1‰（土木 橋梁等）× 加入率 70% ÷ 70%',
    必要な額: 522_060,
    購入額: 522_060,
    // 40 days from the contract on 2026-08-03, whose own day does not count.
    提出期限: '2026-09-12',
    '提出・購入した日': '2026-09-01',
    期限との関係: '期限内',
    現場ID: '30260000000001',
    カードリーダー: '端末1台、カードリーダー1台（うち接続中1台）',
    最初の就労の記録: '2026-11-02',
  });
  expect(linesOf(tableOf(model))).toEqual([
    ['2026-09-01', 'みなと建設株式会社', 'ポイント', '青（大手）', undefined, 522_060],
  ]);
});

test('rests on planned days where somebody planned them', () => {
  const model = receiptOf({ plannedWorkerDays: 1_500 }, []);
  expect(factsOf(model)).toMatchObject({
    考え方: '対象労働者の就労予定 延べ1,500日 × 320円',
    必要な額: 480_000,
    '参考額（率の表）': 522_060,
  });
});

test('by stamps has a month’s time', () => {
  const model = documentOf('purchase-receipt', asked, workedMonth(stampTables()));
  expect(factsOf(model)).toMatchObject({ 提出期限: '2026-09-03' });
});

test('without a terminal says so', () => {
  const model = documentOf('purchase-receipt', asked, { ...workedMonth(), terminals: [] });
  expect(factsOf(model).カードリーダー).toBe('端末はまだ登録されていません');
});

describe('asks for a reason by hand only where none is stored', () => {
  const inTime = [{ date: '2026-09-12', yen: 522_060 }];
  const late = [{ date: '2026-09-13', yen: 522_060 }];
  test.each<[object, readonly object[], readonly string[], string]>([
    [{}, inTime, [SLIP], 'bought on the last day'],
    [{}, late, [LATE, SLIP], 'a day late'],
    [
      { receiptLateReason: '口座振替に時間を要した' },
      late,
      [SLIP],
      'late, and the reason is stored',
    ],
    [{ receiptSubmittedOn: '2026-09-13' }, inTime, [LATE, SLIP], 'bought in time, handed in late'],
    [{}, [], [LATE, SHORT, SLIP], 'nothing was bought, and the day has passed'],
    [{}, [{ date: '2026-09-01', yen: 522_059 }], [SHORT, SLIP], 'a yen short'],
    [
      { purchaseShortReason: '前の工事の残りを使用' },
      [{ date: '2026-09-01', yen: 100_000 }],
      [SLIP],
      'short, and the reason is stored',
    ],
  ])('%j, %j: %j (%s)', (contract, purchases, boxes) => {
    const model = receiptOf(contract, purchases);
    expect(boxesOf(model)).toEqual(boxes);
    expect(model.notes.some((note) => note.includes('空欄の理由'))).toBe(boxes.length > 1);
  });

  test('and prints the stored ones', () => {
    const reasons = { receiptLateReason: '振替の手続', purchaseShortReason: '残りを使用' };
    expect(factsOf(receiptOf(reasons, []))).toMatchObject({
      遅れた理由: '振替の手続',
      不足の理由: '残りを使用',
    });
  });
});

describe('an orderer with conditions of its own', () => {
  test.each<[string, string, string | undefined, string]>([
    ['tokorozawa', '5,000,000円以上（この工事は対象）', '2026-09-12', '所沢市'],
    ['noda', '', '2026-09-12', '野田市'],
  ])('%s', (ordererProfileId, threshold, due, name) => {
    const found = factsOf(receiptOf({ ordererProfileId }, []));
    expect(found.提出を求める額 ?? '').toBe(threshold);
    expect(found.提出期限).toBe(due);
    expect(found.発注者の条件).toBe(name);
    expect(found.求められる書類).toMatch(/収納書|報告書/);
  });

  test('that the registry adds is used with its threshold, days and forms', () => {
    const model = documentOf(
      'purchase-receipt',
      asked,
      workedMonth({
        ...pointTables({ ordererProfileId: 'ours', costYen: 9_999_999 }),
        ordererProfiles: [
          {
            profileId: 'ours',
            name: 'みなと県',
            thresholdYen: 10_000_000,
            receiptDays: { points: 20 },
            forms: ['県様式第5号'],
            completionForms: ['県様式第6号'],
            source: '県の通知',
          },
        ],
      }),
    );
    expect(factsOf(model)).toMatchObject({
      期限の定め: '契約から20日以内',
      提出期限: '2026-08-23',
      提出を求める額: '10,000,000円以上（この工事は対象外）',
      求められる書類: '県様式第5号',
    });
    expect(model.sources).toContain('発注者の条件: 県の通知');
  });
});
