/** Checks of a contract at its beginning, during works and at its end: every attention is shown to be told. */
import { describe, expect, test } from 'vitest';
import type { AttendanceDay } from '../../../gateway/attendance/attendance.ts';
import {
  CONTRACT_ATTENTIONS,
  type ContractAttention,
} from '../../../gateway/policies/contract-attention.ts';
import { contractCheckReport } from '../../../gateway/reports/contract-check-report.ts';
import { workDate } from '../../../shared/time.ts';
import { attendanceDay } from '../../fixtures/attendance-day.ts';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  PRIME,
  registryDocument,
  WORKER_ID,
} from '../../fixtures/registry.ts';
import { makeReport } from '../../fixtures/report-of-days.ts';

const [base] = registryDocument.contracts;
const [worker] = registryDocument.workers;
/** 10 planned days: 3,200円. */
const contract = { ...base, plannedWorkerDays: 10 };
const purchase = {
  contractId: 'K1',
  method: 'points',
  date: '2026-04-10',
  yen: 3_200,
  colour: 'blue',
};
const days = (count: number, month = '2026-05'): readonly AttendanceDay[] =>
  Array.from({ length: count }, (_each, day) =>
    attendanceDay(`${month}-${String(day + 1).padStart(2, '0')}`),
  );

interface Case {
  readonly contract?: object;
  readonly purchases?: readonly object[];
  readonly tables?: object;
  readonly days?: readonly AttendanceDay[];
  readonly asOf?: string;
}

const check = ({ contract: fields = {}, purchases = [purchase], tables = {}, ...rest }: Case) => {
  const [row] = makeReport(contractCheckReport, {
    tables: { contracts: [{ ...contract, ...fields }], purchases, ...tables },
    days: rest.days ?? [],
    asOf: workDate(rest.asOf ?? '2026-06-30'),
  }).rows as [Record<string, unknown> & { readonly attention: readonly ContractAttention[] }];
  return row;
};

describe('contract-check', () => {
  test('a sound contract, figure by figure', () => {
    expect(check({ days: days(3) })).toMatchObject({
      contractId: 'K1',
      method: 'points',
      expectedYen: 3_200,
      // 100,000千円, その他の土木: 2.3 ‰ at the assumed 70 %.
      estimateYen: 230_000,
      purchasedYen: 3_200,
      receiptDue: '2026-05-11',
      workerDays: 3,
      allocatedDays: 3,
      allocatedYen: 960,
      difference: 0,
      balanceYen: 2_240,
      verdict: 'adequate',
      attention: [],
      balances: [{ method: 'points', balanceYen: 2_240, monthlyYen: 960, runsOutIn: '2026-08' }],
    });
  });

  test.each([
    [[], 'missing', 'nothing was bought'],
    [[{ ...purchase, yen: 0 }], 'missing', 'a purchase of nothing is none'],
    [[{ ...purchase, yen: 3_199 }], 'short', 'a yen short'],
    [[purchase], 'adequate', 'exactly what is expected'],
    [[purchase, purchase], 'adequate', 'twice as much is not yet too much'],
    [[purchase, { ...purchase, yen: 3_201 }], 'over', 'a yen above twice'],
    [[{ ...purchase, date: '2026-07-01' }], 'missing', 'bought after the day that is asked about'],
  ])('%j is %s: %s', (purchases, verdict) => {
    expect(check({ purchases }).verdict).toBe(verdict);
  });

  test('without planned days the table is what is expected', () => {
    expect(check({ contract: { plannedWorkerDays: undefined } })).toMatchObject({
      expectedYen: 230_000,
      basis: 'table',
      verdict: 'short',
    });
  });

  const stamps = { ...purchase, method: 'stamps' };
  const TOLD: Readonly<Record<ContractAttention, Case>> = {
    'receipt-overdue': { purchases: [], asOf: '2026-05-12' },
    'receipt-late': { purchases: [{ ...purchase, date: '2026-05-12' }] },
    'purchase-before-contract': { purchases: [{ ...purchase, date: '2026-03-31' }] },
    'purchase-other-method': { purchases: [stamps] },
    'purchase-not-whole-days': {
      contract: { method: 'stamps' },
      purchases: [{ ...stamps, yen: 3_210 }],
    },
    'exception-outside-organisation': {
      contract: { exceptions: [{ companyId: OTHER_COMPANY, method: 'stamps' }] },
    },
    'joint-venture-shares': {
      contract: { jointVenture: [{ companyId: PRIME, sharePercent: 60 }] },
    },
    'joint-venture-member-short': {
      contract: {
        jointVenture: [
          { companyId: PRIME, sharePercent: 60 },
          { companyId: OTHER_COMPANY, sharePercent: 40 },
        ],
      },
    },
    'balance-negative': { days: days(11) },
    'runs-out-soon': { days: days(6) },
    'use-behind-progress': {
      contract: { progress: [{ date: '2026-06-01', percent: 70 }] },
      days: days(3),
    },
    'stamps-outstanding': {
      contract: { method: 'stamps' },
      purchases: [stamps],
      tables: {
        stampIssues: [{ contractId: 'K1', toCompanyId: FIRST_TIER, date: '2026-05-31', days: 2 }],
      },
      days: days(3),
    },
    'days-awaiting-approval': {
      days: [attendanceDay('2026-05-01', { from: '21:00', hours: 12 })],
    },
    'days-without-member-no': {
      tables: { workers: [{ ...worker, memberNo: undefined }] },
      days: days(1),
    },
    'days-too-late': { days: days(1), asOf: '2028-06-30' },
    'allocation-incomplete': {
      contract: { completionDate: '2026-06-15' },
      tables: { workers: [{ ...worker, otherScheme: 'chutaikyo' }] },
      days: days(1),
    },
    'evidence-required': {
      contract: { method: 'stamps', completionDate: '2026-06-15' },
      purchases: [stamps],
    },
  };

  test.each(CONTRACT_ATTENTIONS)('tells: %s', (attention) => {
    expect(check(TOLD[attention]).attention).toContain(attention);
  });

  test.each<[ContractAttention, Case, string]>([
    ['receipt-overdue', { purchases: [], asOf: '2026-05-11' }, 'the last day is in time'],
    [
      'receipt-overdue',
      {
        purchases: [],
        asOf: '2026-05-12',
        contract: { ordererProfileId: 'fujimi', costYen: 4_999_999 },
      },
      'the orderer does not ask for it below 5,000,000',
    ],
    [
      'receipt-late',
      {
        purchases: [{ ...purchase, date: '2026-05-12' }],
        contract: { receiptLateReason: '口座振替の手続に時間を要した' },
      },
      'the reason is there',
    ],
    [
      'purchase-other-method',
      {
        purchases: [purchase, { ...purchase, method: 'stamps' }],
        contract: { exceptions: [{ companyId: FIRST_TIER, method: 'stamps' }] },
      },
      'an exception pays that way',
    ],
    [
      'days-awaiting-approval',
      {
        days: [attendanceDay('2026-05-01', { from: '21:00', hours: 12 })],
        tables: {
          approvals: [
            {
              workerId: WORKER_ID,
              workDate: '2026-05-01',
              days: 1,
              by: '現場代理人',
              at: '2026-05-02T08:00:00+09:00',
            },
          ],
        },
      },
      'somebody said one',
    ],
    [
      'joint-venture-member-short',
      {
        contract: {
          jointVenture: [
            { companyId: PRIME, sharePercent: 60 },
            { companyId: OTHER_COMPANY, sharePercent: 40 },
          ],
        },
        purchases: [
          { ...purchase, yen: 1_920, companyId: PRIME },
          { ...purchase, yen: 1_280, companyId: OTHER_COMPANY },
        ],
      },
      'each bought its share',
    ],
  ])('does not tell %s when %j: %s', (attention, each) => {
    expect(check(each).attention).not.toContain(attention);
  });
});
