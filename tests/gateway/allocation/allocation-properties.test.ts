/**
 * What must always hold of 充当, whatever comes when: random days come late, go and change, the method, the
 * approvals and the purchases too, and runs are made of any contract and month in between.
 *
 * Method: a history of steps is played on a real ledger; after each run the standing rows are held against
 * what is owed and what was bought, by sums of their own.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttendanceDay } from '../../../gateway/attendance/attendance.ts';
import { apportion } from '../../../gateway/policies/apportion.ts';
import { month } from '../../../shared/time.ts';
import { type AllocationBench, openAllocationBench } from '../../fixtures/allocation-bench.ts';
import { attendanceDay, workerSubject } from '../../fixtures/attendance-day.ts';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  registryDocument,
  SECOND_SITE,
  SITE_ID,
} from '../../fixtures/registry.ts';

const WORKERS = ['10000000000001', '10000000000002', '10000000000003'];
const DATES = ['2026-04-28', '2026-04-30', '2026-05-01', '2026-05-02', '2026-05-31', '2026-06-01'];
const SITES = [SITE_ID, SECOND_SITE];

type Step =
  | {
      readonly kind: 'come' | 'go';
      readonly who: number;
      readonly date: number;
      site: number;
      long: boolean;
    }
  | { readonly kind: 'method'; readonly isException: boolean }
  | { readonly kind: 'approve'; readonly who: number; readonly date: number; readonly days: number }
  | {
      readonly kind: 'buy';
      readonly contract: number;
      readonly method: 'points' | 'stamps';
      days: number;
    }
  | { readonly kind: 'run'; readonly contract: number; readonly month: number };

const who = fc.nat(WORKERS.length - 1);
const date = fc.nat(DATES.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('come', 'come', 'go'),
      who,
      date,
      site: fc.nat(1),
      long: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('method'), isException: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('approve'), who, date, days: fc.nat(2) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('buy'),
      contract: fc.nat(1),
      method: fc.constantFrom('points', 'stamps'),
      days: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('run'), contract: fc.nat(1), month: fc.nat(2) }),
  },
) as fc.Arbitrary<Step>;

const [contract, second] = registryDocument.contracts;

/** Plays the history and calls `look` after each run. */
const play = (
  steps: readonly Step[],
  look: (bench: AllocationBench, boughtYen: (contractId: string) => number) => void,
): void => {
  const bench = openAllocationBench({});
  const approvals = new Map<string, object>();
  const purchases: { readonly contractId: string; readonly yen: number }[] = [];
  let isException = false;
  const setRegistry = (): void =>
    bench.setRegistry({
      workers: WORKERS.map((workerId, at) => ({
        ...registryDocument.workers[0],
        workerId,
        memberNo: String(487_654_321 + at),
      })),
      employments: WORKERS.map((workerId) => ({
        workerId,
        companyId: FIRST_TIER,
        kind: 'employee',
      })),
      // The third works for another company at the second site: two employers on one date.
      assignments: [
        ...WORKERS.map((workerId) => ({ ...registryDocument.assignments[0], workerId })),
        {
          ...registryDocument.assignments[0],
          workerId: WORKERS[2],
          siteId: SECOND_SITE,
          companyId: OTHER_COMPANY,
        },
      ],
      booklets: [{ workerId: WORKERS[0], number: 1, issuedOn: '2026-04-29' }],
      contracts: [
        {
          ...contract,
          ...(isException ? { exceptions: [{ companyId: FIRST_TIER, method: 'stamps' }] } : {}),
        },
        second,
      ],
      approvals: [...approvals.values()],
      purchases,
    });
  setRegistry();
  const dayOf = (
    each: Extract<Step, { who: number }> & { site: number; long: boolean },
  ): AttendanceDay =>
    attendanceDay(DATES[each.date] ?? '', {
      site: SITES[each.site] ?? '',
      from: each.site === 0 ? '06:00' : '08:00',
      hours: each.long ? 16 : 4,
      subject: workerSubject(WORKERS[each.who] ?? ''),
    });
  try {
    for (const each of steps) {
      switch (each.kind) {
        case 'come':
          bench.addDays([dayOf(each)]);
          break;
        case 'go':
          bench.dropDay(dayOf(each));
          break;
        case 'method':
          isException = each.isException;
          setRegistry();
          break;
        case 'approve':
          approvals.set(`${each.who} ${each.date}`, {
            workerId: WORKERS[each.who],
            workDate: DATES[each.date],
            days: each.days,
            by: '現場代理人',
            at: '2026-07-01T08:00:00+09:00',
          });
          setRegistry();
          break;
        case 'buy':
          purchases.push({
            contractId: ['K1', 'K2'][each.contract] ?? '',
            method: each.method,
            date: '2026-04-10',
            days: each.days,
            yen: each.days * 320,
            colour: 'red',
          } as (typeof purchases)[number]);
          setRegistry();
          break;
        case 'run': {
          bench.desk.confirm(
            {
              contractId: ['K1', 'K2'][each.contract] ?? '',
              month: month(['2026-04', '2026-05', '2026-06'][each.month] ?? ''),
            },
            { seen: undefined, by: 'token:test' },
          );
          look(bench, (contractId) =>
            purchases.reduce(
              (sum, row) => (row.contractId === contractId ? sum + row.yen : sum),
              0,
            ),
          );
        }
      }
    }
  } finally {
    bench.close();
  }
};

const steps = fc.array(step, { minLength: 5, maxLength: 40 });
const RUNS = { numRuns: 60 };

describe('always', () => {
  test('a day of a worker at an employer stands allocated once, by one contract and method', () => {
    fc.assert(
      fc.property(steps, (history) => {
        play(history, ({ store }) => {
          const standing = store.allocated('K1', WORKERS as never);
          const keys = standing.map((row) => `${row.workerId} ${row.companyId} ${row.workDate}`);
          expect(new Set(keys).size).toBe(keys.length);
          for (const row of standing) {
            expect(row.days).toBeGreaterThan(0);
            expect(row.exemptDays).toBeGreaterThanOrEqual(0);
            expect(row.exemptDays).toBeLessThanOrEqual(row.days);
          }
        });
      }),
      RUNS,
    );
  });

  test('what is allocated and what is left is what was bought, and never less than nothing is left', () => {
    fc.assert(
      fc.property(steps, (history) => {
        play(history, ({ db, store }, boughtYen) => {
          for (const contractId of ['K1', 'K2']) {
            // Rows of all runs, added up beside the desk.
            const used = db
              .prepare<[string], number>(
                `select coalesce(sum((days - exempt_days) * day_yen), 0) from allocation_row
                 where contract_id = ?`,
              )
              .pluck()
              .get(contractId);
            const last = store.runs({ contractId })[0];
            expect(used).toBeLessThanOrEqual(boughtYen(contractId));
            if (last === undefined) continue;
            for (const { purchasedYen, usedYen, allocatedYen, afterYen } of last.figures.balances) {
              expect(usedYen + allocatedYen + afterYen).toBe(purchasedYen);
              expect(afterYen).toBeGreaterThanOrEqual(0);
            }
          }
        });
      }),
      RUNS,
    );
  });

  test('once all runs are made and enough was bought, what stands is what is owed', () => {
    const enough: readonly Step[] = [0, 1].flatMap((at) =>
      (['points', 'stamps'] as const).map(
        (method) => ({ kind: 'buy', contract: at, method, days: 200 }) as const,
      ),
    );
    // Twice: the first of the two contracts may have to wait until the second has taken a day back.
    const runs: readonly Step[] = [0, 1, 0, 1].map(
      (at) => ({ kind: 'run', contract: at, month: 2 }) as const,
    );
    fc.assert(
      fc.property(steps, (history) => {
        let owed: readonly number[] = [];
        play([...history, ...enough, ...runs], ({ desk }) => {
          const plans = ['K1', 'K2'].map((contractId) =>
            desk.plan({ contractId, month: month('2026-06') }),
          );
          owed = plans.map((plan) =>
            plan.ok ? plan.value.rows.length + plan.value.held.length : -1,
          );
        });
        expect(owed).toEqual([0, 0]);
      }),
      RUNS,
    );
  });

  test('parts of a whole add up to it, and none is a whole one off its share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 20 }),
        (total, weights) => {
          const parts = apportion(total, weights);
          const sum = weights.reduce((all, weight) => all + weight, 0);
          expect(parts.reduce((all, part) => all + part, 0)).toBe(total);
          for (const [at, part] of parts.entries())
            expect(Math.abs(part * sum - total * (weights[at] ?? 0))).toBeLessThan(sum);
        },
      ),
    );
  });
});
