/** What a person should look at before a run: every finding is shown to be told, with its place. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  ALLOCATION_FINDINGS,
  type AllocationFindingId,
} from '../../../gateway/policies/allocation-findings.ts';
import {
  type AllocationBench,
  approval,
  confirmed,
  firstDays,
  night,
  openAllocationBench,
  planned,
  pointsPurchase,
  withContract,
} from '../../fixtures/allocation-bench.ts';
import { attendanceDay } from '../../fixtures/attendance-day.ts';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  PRIME,
  registryDocument,
  SECOND_SITE,
} from '../../fixtures/registry.ts';

let bench: AllocationBench;
beforeEach(() => {
  bench = openAllocationBench();
});
afterEach(() => bench.close());

const purchases = [pointsPurchase];

const [worker] = registryDocument.workers;
interface Case {
  readonly tables?: Readonly<Record<string, unknown>>;
  readonly today?: string;
  readonly place: string;
  readonly days?: Parameters<AllocationBench['addDays']>[0];
}
const TOLD: Readonly<Record<AllocationFindingId, Case>> = {
  'month-not-over': { today: '2026-05-31', place: '' },
  short: { tables: { purchases: [] }, place: '' },
  lapsed: { today: '2028-05-01', place: '2026-05-01/2026-05-01' },
  'balance-negative': { place: '' },
  'allocated-elsewhere': { place: '/contracts/1' },
  'purchase-before-contract': {
    tables: { purchases: [{ ...pointsPurchase, date: '2026-03-31' }] },
    place: '/purchases/0/date',
  },
  'purchase-other-method': {
    tables: { purchases: [pointsPurchase, { ...pointsPurchase, method: 'stamps' }] },
    place: '/purchases/1/method',
  },
  'purchase-not-whole-days': {
    tables: {
      ...withContract({ method: 'stamps' }),
      purchases: [{ ...pointsPurchase, method: 'stamps', yen: 3_210 }],
    },
    place: '/purchases/0/yen',
  },
  'stamps-handed-under-points': {
    tables: {
      purchases,
      stampIssues: [{ contractId: 'K1', toCompanyId: FIRST_TIER, date: '2026-05-31', days: 2 }],
    },
    place: '/stampIssues/0',
  },
  'joint-venture-shares': {
    tables: {
      ...withContract({ jointVenture: [{ companyId: PRIME, sharePercent: 60 }] }),
      purchases,
    },
    place: '/contracts/0/jointVenture',
  },
  'approval-without-work': {
    tables: { purchases, approvals: [{ ...approval, workDate: '2026-05-20' }] },
    place: '/approvals/0',
  },
  'approval-beyond-shift': {
    tables: { purchases, approvals: [approval] },
    place: '/approvals/0',
  },
  'awaiting-approval': { days: [night], place: '/approvals' },
  'member-no-shared': {
    tables: { purchases, workers: [worker, { ...worker, workerId: '10000000000002' }] },
    place: '/workers/0/memberNo',
  },
  'no-member-no': {
    tables: { purchases, workers: [{ ...worker, memberNo: undefined }] },
    place: '/workers/0/memberNo',
  },
  'no-contractor-no': {
    tables: {
      purchases,
      assignments: [{ ...registryDocument.assignments[0], companyId: OTHER_COMPANY }],
    },
    place: '/companies/2/contractorNo',
  },
};

test.each(ALLOCATION_FINDINGS)('%s', (id) => {
  const { tables, today, place, days } = TOLD[id];
  if (id === 'balance-negative') {
    bench.addDays(firstDays('2026-05', 2));
    confirmed(bench, '2026-05');
    bench.setRegistry({ purchases: [] });
  }
  if (id === 'allocated-elsewhere') {
    const stamps = { ...pointsPurchase, contractId: 'K2', method: 'stamps' };
    bench.setRegistry({ purchases: [pointsPurchase, stamps] });
    bench.addDays([attendanceDay('2026-05-01', { site: SECOND_SITE, from: '10:00' })]);
    confirmed(bench, '2026-05', 'K2');
  }
  if (tables !== undefined) bench.setRegistry(tables);
  if (today !== undefined) bench.setToday(today);
  bench.addDays(days ?? firstDays('2026-05', 1));
  expect(planned(bench, '2026-05').figures.findings).toContainEqual(
    expect.objectContaining({ id, place, textJa: expect.stringMatching(/./) }),
  );
});

test('a sound month has none', () => {
  bench.addDays(firstDays('2026-05', 5));
  expect(planned(bench, '2026-05').figures.findings).toEqual([]);
});

test('days with a shared member number stay out until it is settled', () => {
  bench.setRegistry({ purchases, workers: [worker, { ...worker, workerId: '10000000000002' }] });
  bench.addDays(firstDays('2026-05', 1));
  expect(planned(bench, '2026-05')).toMatchObject({
    rows: [],
    held: [{ reason: 'member-no-shared', workDate: '2026-05-01' }],
  });
});
