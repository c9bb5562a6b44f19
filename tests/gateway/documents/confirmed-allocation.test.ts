/** What runs of 充当 confirmed, beside what is due from work: papers say both, and age takes nothing back. */
import { describe, expect, test } from 'vitest';
import type { AllocatedDay } from '../../../gateway/policies/allocated-day.ts';
import { CompanyId, WorkerId } from '../../../shared/ids.ts';
import { workDate } from '../../../shared/time.ts';
import { documentOf, factsOf, tableOf } from '../../fixtures/documents.ts';
import { DEMO_CONTRACT, DEMO_REBAR, workedMonth } from '../../fixtures/worked-month.ts';

const SATO = '10260000000006';
const asked = { contractId: DEMO_CONTRACT };
const day = (date: string, more: Partial<AllocatedDay> = {}): AllocatedDay => ({
  contractId: DEMO_CONTRACT,
  workerId: WorkerId.parse(SATO),
  companyId: CompanyId.parse(DEMO_REBAR),
  workDate: workDate(date),
  method: 'points',
  colour: 'red',
  dayYen: 320,
  days: 1,
  exemptDays: 0,
  ...more,
});
const withRuns = (days: readonly AllocatedDay[], asOf = '2026-12-05') => ({
  ...workedMonth(),
  asOf: workDate(asOf),
  allocated: () => days,
});

describe('papers of a contract', () => {
  const input = withRuns([
    day('2026-11-02'),
    day('2026-11-03', { exemptDays: 1 }),
    day('2026-11-04', { contractId: 'another' }),
  ]);

  test('掛金充当書 has what is due and what is confirmed, by company and worker', () => {
    const model = documentOf('contract-allocation', asked, input);
    const confirmedOf = (at: number) =>
      tableOf(model, at).rows.map(({ confirmedDays }) => Number(confirmedDays));
    expect(confirmedOf(0)).toEqual([0, 2, 0]);
    expect(confirmedOf(1).filter((days) => days > 0)).toEqual([2]);
    expect(tableOf(model, 1).totals).toMatchObject({ days: 436, confirmedDays: 2 });
    expect(model.notes.join()).toContain('充当確定');
  });

  test('of a month without runs confirms nothing', () => {
    const model = documentOf('contract-allocation', { ...asked, month: '2026-10' }, input);
    expect(tableOf(model, 1).totals).toMatchObject({ confirmedDays: 0 });
  });

  test('総括表 and the evidence at completion say it too, and whose figure is which', () => {
    const model = documentOf('completion-summary', asked, input);
    expect(tableOf(model).totals).toMatchObject({ allocatedDays: 436, confirmedDays: 2 });
    expect(JSON.stringify(model.sections)).toContain('"value":320');
    expect(model.notes.join()).toContain('充当すべき日数');
    expect(factsOf(documentOf('completion-evidence', asked, input))['　うち充当確定']).toBe(2);
  });
});

describe('more than two years later', () => {
  test('a day that a run allocated in its time stays allocated; the others are too late', () => {
    const model = documentOf(
      'completion-summary',
      asked,
      withRuns([day('2026-11-02'), day('2026-11-03')], '2029-03-01'),
    );
    expect(tableOf(model).totals).toMatchObject({ allocatedDays: 2, confirmedDays: 2 });
  });

  test('a worker’s total does not shrink', () => {
    const statement = (asOf: string) =>
      tableOf(
        documentOf(
          'worker-statement',
          { workerId: SATO, from: '2026-11', to: '2026-11', language: 'en' },
          withRuns([], asOf),
        ),
      ).totals;
    expect(statement('2029-03-01')).toEqual(statement('2026-12-05'));
  });
});
