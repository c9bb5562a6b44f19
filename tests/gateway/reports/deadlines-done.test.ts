/** 期限の暦 after something was done: runs of 充当 and mails make a deadline done, and say so to whoever asks why. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settledWork } from '../../../gateway/allocation/settled-work.ts';
import { purposeOf } from '../../../gateway/mail/submissions.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { deadlines } from '../../../gateway/reports/deadlines-report.ts';
import { openSqliteOutbox } from '../../../gateway/store/sqlite-outbox.ts';
import { explainDeadline } from '../../../gateway/why/deadlines-why.ts';
import { CompanyId, SiteId } from '../../../shared/ids.ts';
import { month, startOfDate, workDate } from '../../../shared/time.ts';
import {
  type AllocationBench,
  confirmed,
  firstDays,
  openAllocationBench,
  pointsPurchase,
} from '../../fixtures/allocation-bench.ts';
import { attendanceDay } from '../../fixtures/attendance-day.ts';
import { FIRST_TIER, registryWith, SITE_ID } from '../../fixtures/registry.ts';
import { makeReport } from '../../fixtures/report-of-days.ts';

type Row = Readonly<Record<string, string>>;

const may = firstDays('2026-05', 2);
const purchases = [pointsPurchase];

describe('what was done', () => {
  let bench: AllocationBench;
  beforeEach(() => {
    bench = openAllocationBench();
  });
  afterEach(() => bench.close());

  const told = (kinds: readonly string[]): readonly unknown[] => {
    const outbox = openSqliteOutbox(bench.db, {
      now: () => startOfDate(workDate('2026-06-15')),
      random: () => 0,
    });
    const input = {
      tables: { purchases },
      days: bench.ledger.attendance({}),
      asOf: workDate('2026-08-15'),
      settled: settledWork(bench.store, outbox),
    };
    return (makeReport(deadlines, input).rows as readonly Row[])
      .filter(({ kind = '' }) => kinds.includes(kind))
      .map(({ kind, due, state, whyJa }) => [kind, due, state, whyJa]);
  };

  test('an allocated month is done, and so is the report behind it', () => {
    bench.addDays(may);
    confirmed(bench, '2026-05');
    expect(told(['allocation', 'report'])).toEqual([
      ['allocation', '2026-07-31', 'done', '2026年5月の就労 2日（充当済み 2日、残り 0日）'],
      ['report', '2026-07-31', 'done', '2026年5月の就労 延べ2人日'],
    ]);
  });

  test('why it is done ends in the runs that did it', () => {
    bench.addDays(may);
    const first = confirmed(bench, '2026-05').run;
    bench.addDays([attendanceDay('2026-05-20')]);
    const { run: second } = confirmed(bench, '2026-05');
    const registry = registryWith({ purchases });
    const figures = explainDeadline(
      {
        registry,
        index: indexRegistry(registry),
        days: bench.ledger.attendance({}),
        filter: {},
        asOf: workDate('2026-08-15'),
        now: startOfDate(workDate('2026-08-15')),
        settled: settledWork(bench.store, undefined),
        reckonedOf: () => [],
        told: () => undefined,
      },
      {
        due: '2026-07-31',
        kind: 'allocation',
        siteId: SITE_ID,
        contractId: 'K1',
        month: '2026-05',
      },
    );
    const state = figures?.find(({ code }) => code === 'state');
    const allocated = state?.parts.flatMap((part) =>
      part.kind === 'figure' && part.code === 'allocated' ? [part] : [],
    )[0];
    expect(allocated?.value).toBe(3);
    const left = state?.parts.find((part) => part.kind === 'figure' && part.code === 'left');
    expect(left).toMatchObject({ how: 'sum', parts: [{ code: 'days' }, { code: 'allocated' }] });
    const tables = state?.grounds.flatMap((node) => (node.kind === 'registry' ? node.table : []));
    expect(tables).toEqual(expect.arrayContaining(['contracts', 'purchases']));
    expect(
      allocated?.parts.flatMap((part) => (part.kind === 'figure' ? part.grounds : [])),
    ).toEqual([
      { kind: 'done', by: 'allocation-run', id: first.runId, at: expect.anything(), days: 2 },
      { kind: 'done', by: 'allocation-run', id: second.runId, at: expect.anything(), days: 1 },
    ]);
  });

  test('a day that came or went after the run makes an addition', () => {
    bench.addDays(may);
    confirmed(bench, '2026-05');
    bench.addDays([attendanceDay('2026-05-20')]);
    expect(told(['allocation', 'allocation-addition'])).toEqual([
      [
        'allocation-addition',
        '2026-07-31',
        'overdue',
        '2026年5月の就労 3日（充当済み 2日、残り 1日）',
      ],
    ]);
    for (const day of [...may, attendanceDay('2026-05-20')].slice(1)) bench.dropDay(day);
    expect(told(['allocation-addition'])).toEqual([
      [
        'allocation-addition',
        '2026-07-31',
        'overdue',
        '2026年5月の就労 1日（充当済み 2日、取消 1日）',
      ],
    ]);
  });

  test('a report that was mailed is done', () => {
    bench.addDays(may);
    const outbox = openSqliteOutbox(bench.db, {
      now: () => startOfDate(workDate('2026-06-15')),
      random: () => 0,
    });
    const key = {
      siteId: SiteId.parse(SITE_ID),
      companyId: CompanyId.parse(FIRST_TIER),
      month: month('2026-05'),
    };
    outbox.add({
      mailId: 'm1',
      purpose: purposeOf(key),
      sender: 'gate@example.jp',
      recipient: 'office@example.jp',
      subject: '就労状況報告書',
      messageId: '<m1@example.jp>',
      bytes: new Uint8Array([1]),
      queuedBy: 'token:test',
    });
    expect(told(['report'])).toEqual([['report', '2026-07-31', 'overdue', expect.anything()]]);
    outbox.step('m1', { kind: 'started' });
    outbox.step('m1', { kind: 'accepted', response: '250 ok' });
    expect(told(['report'])).toEqual([['report', '2026-07-31', 'done', expect.anything()]]);
    outbox.step('m1', { kind: 'bounced', reason: 'no such mailbox' });
    expect(told(['report'])).toEqual([['report', '2026-07-31', 'overdue', expect.anything()]]);
  });
});
