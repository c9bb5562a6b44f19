/**
 * What 建退共 and those who copy its rules have printed, as touches and registry in and a report's figures
 * out: each vector of the collected facts that this product answers. `printed` stands in the source itself,
 * `derived` follows from it by arithmetic.
 */
import { describe, expect, test } from 'vitest';
import { certificateWorksheet } from '../../gateway/policies/fulfilment-certificate.ts';
import { parseRegistryDocument } from '../../gateway/registry/parse-registry.ts';
import { workDate } from '../../shared/time.ts';
import {
  approved,
  dates,
  days,
  leave,
  rows,
  shift,
  statement,
  yen,
} from '../fixtures/kentaikyo-worked.ts';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  registryDocument,
  SECOND_SITE,
  WORKER_ID,
} from '../fixtures/registry.ts';
import { reportOf } from '../fixtures/report.ts';

const [contract, second] = registryDocument.contracts;
const priced = (fields: object) =>
  reportOf('contract-check', {
    tables: { contracts: [{ ...contract, ...fields }, second] },
  }).rows.find(({ contractId }: { contractId: string }) => contractId === 'K1');
const estimate = (costYen: number, workType: string, joiningRatePercent: number): number =>
  priced({ costYen, workType, joiningRatePercent }).estimateYen;
const receiptDue = (method: string): string =>
  priced({ contractDate: '2026-04-10', method }).receiptDue;
const nothing = {
  ownPointsYen: 0,
  primePointsYen: 0,
  stampsBoughtYen: 0,
  stampsCarriedOverYen: 0,
  stampsReceivedYen: 0,
  stampsIssuedYen: 0,
  yearEnd: workDate('2026-03-31'),
};
const certificate = (workedDays: number, stampsBoughtYen: number): boolean =>
  certificateWorksheet({ ...nothing, workedDays, stampsBoughtYen }).passes;
const isContractorNo = (contractorNo: string): boolean => {
  const [, firm] = registryDocument.companies;
  return parseRegistryDocument({
    ...registryDocument,
    companies: registryDocument.companies.map((each) =>
      each === firm ? { ...firm, contractorNo } : each,
    ),
  }).ok;
};
const candidates = (from: string, to: string): unknown =>
  rows({ touches: shift(from, to) })[0]?.candidateDays;

/** Number in the collected facts, what, expected, answered, and whether it is printed. */
const VECTORS: readonly (readonly [
  number,
  string,
  unknown,
  () => unknown,
  'printed' | 'derived',
])[] = [
  [
    1,
    '21:00–09:00 is 2 days, 640円 once approved',
    [640],
    () => yen({ touches: shift('2026-11-24T21:00', '2026-11-25T09:00'), tables: approved(2) }),
    'printed',
  ],
  [2, '3 hours are a day', 1, () => candidates('2026-11-24T08:00', '2026-11-24T11:00'), 'printed'],
  [3, '50,000千円 舗装 50 %', 103_571, () => estimate(50_000_000, 'pavement', 50), 'printed'],
  [4, '49,999千円 舗装 50 %', 117_854, () => estimate(49_999_000, 'pavement', 50), 'derived'],
  [5, '30,000千円 その他の土木', 108_000, () => estimate(30_000_000, 'civil-other', 70), 'derived'],
  [
    6,
    '300,000千円 非住宅 35 %',
    315_000,
    () => estimate(300_000_000, 'non-housing', 35),
    'derived',
  ],
  [7, '800千円 住宅: 12 days', 12 * 320, () => estimate(800_000, 'housing', 70), 'derived'],
  [8, '500,000千円 隧道 100 %', 1_357_142, () => estimate(500_000_000, 'tunnel', 100), 'derived'],
  [
    9,
    'certificate of 252 days: 67,200円',
    [true, false],
    () => [certificate(252, 67_200), certificate(252, 67_199)],
    'printed',
  ],
  [
    10,
    'certificate of 250 days: above 66,666.67円',
    [true, false],
    () => [certificate(250, 66_667), certificate(250, 66_666)],
    'derived',
  ],
  [
    11,
    '32 stamps of 310円 are 31 of 320円',
    [
      [310, -32],
      [320, 31],
    ],
    () =>
      reportOf('stamp-ledger', {
        tables: {
          contracts: [{ ...contract, method: 'stamps' }, second],
          stampExchanges: [{ contractId: 'K1', date: '2021-10-15', days: 32, colour: 'red' }],
        },
      }).rows.map(({ valueYen, exchangedDays }: Record<string, number>) => [
        valueYen,
        exchangedDays,
      ]),
    'printed',
  ],
  [
    12,
    '25 days of a first book: 20 stamps and 5 free',
    { days: 25, stamps: 20, exemptDays: 5, daysLeft: 225 },
    () => {
      const {
        days: inBook,
        stamps,
        exemptDays,
        daysLeft,
      } = statement({
        touches: days(dates('2026-10', 25)),
        tables: {
          contracts: [{ ...contract, method: 'stamps' }, second],
          booklets: [{ workerId: WORKER_ID, number: 1, issuedOn: '2026-10-01' }],
        },
      }).booklet;
      return { days: inBook, stamps, exemptDays, daysLeft };
    },
    'printed',
  ],
  [
    13,
    '21 days are 6,720円',
    6_720,
    () => statement({ touches: days(dates('2026-10', 21)) }).yen,
    'printed',
  ],
  [
    14,
    '2021-09-30 costs 310円, 2021-10-01 costs 320円',
    [310, 320],
    () =>
      yen({
        touches: days(['2021-09-30', '2021-10-01']),
        asOf: '2021-10-31T12:00',
      }),
    'printed',
  ],
  [
    15,
    'paid leave, paid closure, absence: 1, 1, 0',
    [1, 1, 0],
    () =>
      [leave('paid-leave'), leave('employer-closure'), {}].map((tables) => rows({ tables }).length),
    'printed',
  ],
  [
    16,
    'two employers on one date pay a day each',
    [
      [FIRST_TIER, 1],
      [OTHER_COMPANY, 1],
    ],
    () =>
      rows({
        touches: [
          ...shift('2026-11-24T08:00', '2026-11-24T12:00'),
          ...shift('2026-11-24T13:00', '2026-11-24T17:00').map(
            (touch) => `${touch} s${SECOND_SITE}`,
          ),
        ],
        tables: {
          assignments: [
            ...registryDocument.assignments,
            {
              ...registryDocument.assignments[0],
              siteId: SECOND_SITE,
              companyId: OTHER_COMPANY,
            },
          ],
        },
      }).map(({ companyId, days: paid }) => [companyId, paid]),
    'printed',
  ],
  [
    17,
    'five touches at one site on one day are one record',
    1,
    () =>
      reportOf('work-history', {
        touches: [
          ...shift('2026-11-24T08:00', '2026-11-24T10:00'),
          ...shift('2026-11-24T10:30', '2026-11-24T12:00'),
          '2026-11-24T13:00 in',
        ],
      }).rows.length,
    'printed',
  ],
  [18, '18:00–06:00', 2, () => candidates('2026-11-24T18:00', '2026-11-25T06:00'), 'derived'],
  [19, '18:00–05:00', 1, () => candidates('2026-11-24T18:00', '2026-11-25T05:00'), 'derived'],
  [20, '08:00–20:00', 1, () => candidates('2026-11-24T08:00', '2026-11-24T20:00'), 'derived'],
  [21, '08:00–24:00', 2, () => candidates('2026-11-24T08:00', '2026-11-25T00:00'), 'derived'],
  [
    22,
    'contract of 2026-04-10: receipt by 2026-05-10 (証紙) or 2026-05-20 (電子)',
    ['2026-05-10', '2026-05-20'],
    () => [receiptDue('stamps'), receiptDue('points')],
    'derived',
  ],
  [
    23,
    'wages of April paid on 2026-05-25: report by 2026-06-30',
    ['2026-06-30'],
    () => rows({ touches: days(['2026-04-15']) }).map((row) => row.reportDue),
    'derived',
  ],
  [
    24,
    '共済契約者番号 51 to 97, or 100-',
    [true, true, true, false, false, true],
    () =>
      ['60-12345', '51-00000', '97-99999', '50-12345', '98-12345', '100-12345'].map(isContractorNo),
    'printed',
  ],
  [
    25,
    '日給13,000円 + 2,000円 a day, 2 h of overtime',
    [4_688],
    () =>
      reportOf('overtime', {
        touches: shift('2026-11-24T08:00', '2026-11-24T18:00'),
        tables: {
          assignments: [{ ...registryDocument.assignments[0], role: 'foreman' }],
          payGuidelines: [
            {
              level: 2,
              yenPerYear: 13_000 * 234,
              daysPerYear: 234,
              foremanYenPerDay: 2_000,
              source: '公共事業労務費調査 記入例',
            },
          ],
        },
      }).rows.map(({ premiumYen }: { premiumYen: number }) => premiumYen),
    'printed',
  ],
];

describe('vectors of the collected facts', () => {
  test.each(VECTORS)('%i: %s', (_no, _what, expected, answer) => {
    expect(answer()).toEqual(expected);
  });

  test('stand here without a gap', () => {
    expect(VECTORS.map(([no]) => no)).toEqual(Array.from({ length: 25 }, (_each, at) => at + 1));
  });
});
