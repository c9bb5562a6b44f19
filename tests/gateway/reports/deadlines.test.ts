/** 期限の暦: each deadline on its last day, on the day after, and once it is done; with who and why. */
import { describe, expect, test } from 'vitest';
import { DEADLINE_KINDS, type DeadlineKind } from '../../../gateway/policies/deadline-kinds.ts';
import { deadlines } from '../../../gateway/reports/deadlines-report.ts';
import { CardId, SiteId } from '../../../shared/ids.ts';
import { month, workDate } from '../../../shared/time.ts';
import { firstDays, pointsPurchase, withContract } from '../../fixtures/allocation-bench.ts';
import { attendanceDay } from '../../fixtures/attendance-day.ts';
import {
  FIRST_TIER,
  PRIME,
  registryDocument,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';
import { makeReport } from '../../fixtures/report-of-days.ts';

type Row = Readonly<Record<string, string>>;
type Asked = Parameters<typeof makeReport>[1];

/** K2 is a contract of its own, whose receipt is not looked at here. */
const rowsOf = (
  kind: DeadlineKind,
  asked: Omit<Asked, 'asOf'> & { readonly asOf: string },
): readonly Row[] =>
  (makeReport(deadlines, { ...asked, asOf: workDate(asked.asOf) }).rows as readonly Row[]).filter(
    (row) => row.kind === kind && row.contractId !== 'K2',
  );

const [worker] = registryDocument.workers;
const STRANGER = { kind: 'card', cardId: CardId.parse('FFFFFFFFFFFFFFFF') } as const;
const may = firstDays('2026-05', 2);
const purchases = [pointsPurchase];
const unplaced = {
  employments: [{ workerId: WORKER_ID, companyId: FIRST_TIER, kind: 'employee' }],
  assignments: [],
  organisation: [],
};
const stamps = withContract({ method: 'stamps' });
const book = { workerId: WORKER_ID, number: 1, issuedOn: '2026-05-01' };

interface Case {
  readonly because: string;
  readonly tables?: Readonly<Record<string, unknown>>;
  readonly days?: ReturnType<typeof firstDays>;
  readonly asOf: string;
  readonly extractDay?: number;
  /** due, state, who; empty where there is no such deadline. */
  readonly is: readonly (readonly [string, string, string])[];
}

const CASES: Readonly<Record<DeadlineKind, readonly Case[]>> = {
  receipt: [
    { because: 'points: the 40th day', asOf: '2026-05-11', is: [['2026-05-11', 'due', 'prime']] },
    { because: 'the day after', asOf: '2026-05-12', is: [['2026-05-11', 'overdue', 'prime']] },
    {
      because: 'stamps: a month',
      tables: stamps,
      asOf: '2026-05-02',
      is: [['2026-05-01', 'overdue', 'prime']],
    },
    {
      because: 'bought, hence a receipt',
      tables: { purchases },
      asOf: '2026-05-12',
      is: [['2026-05-11', 'done', 'prime']],
    },
    {
      because: 'the orderer does not ask for it below 5,000,000',
      tables: withContract({ ordererProfileId: 'fujimi', costYen: 4_999_999 }),
      asOf: '2026-05-12',
      is: [],
    },
    {
      because: 'the orderer asks for it within 14 days',
      tables: {
        ...withContract({ ordererProfileId: 'own' }),
        ordererProfiles: [
          { profileId: 'own', name: '試験市', receiptDays: { points: 14 }, source: '試験市要領' },
        ],
      },
      asOf: '2026-04-15',
      is: [['2026-04-15', 'due', 'prime']],
    },
  ],
  report: [
    {
      because: 'May, paid on 25 June: the end of July',
      days: may,
      asOf: '2026-07-31',
      is: [['2026-07-31', 'due', 'employer']],
    },
    {
      because: 'the day after',
      days: may,
      asOf: '2026-08-01',
      is: [['2026-07-31', 'overdue', 'employer']],
    },
    {
      because: 'the 元請 reports to nobody above it',
      tables: { assignments: [{ ...registryDocument.assignments[0], companyId: PRIME }] },
      days: may,
      asOf: '2026-08-01',
      is: [],
    },
  ],
  extract: [
    {
      because: 'another day, as it is set',
      days: may,
      asOf: '2026-06-19',
      extractDay: 20,
      is: [['2026-06-20', 'due', 'prime']],
    },
    {
      because: 'about the 10th of the next month',
      days: may,
      asOf: '2026-06-09',
      is: [['2026-06-10', 'due', 'prime']],
    },
    {
      because: 'on the day itself nobody knows whether it has run',
      days: may,
      asOf: '2026-06-10',
      is: [['2026-06-10', 'done', 'prime']],
    },
  ],
  correction: [
    {
      because: 'complete records: nothing to mend',
      days: may,
      asOf: '2026-07-01',
      is: [['2026-06-30', 'done', 'prime']],
    },
    {
      because: 'a touch of a card that nobody holds',
      days: [...may, attendanceDay('2026-05-20', { subject: STRANGER })],
      asOf: '2026-06-30',
      is: [['2026-06-30', 'due', 'prime']],
    },
    {
      because: 'the last day',
      tables: unplaced,
      days: may,
      asOf: '2026-06-30',
      is: [['2026-06-30', 'due', 'prime']],
    },
    {
      because: 'the day after',
      tables: unplaced,
      days: may,
      asOf: '2026-07-01',
      is: [['2026-06-30', 'overdue', 'prime']],
    },
  ],
  allocation: [
    {
      because: 'with the first report of the month',
      days: may,
      asOf: '2026-07-31',
      is: [['2026-07-31', 'due', 'prime']],
    },
    {
      because: 'the day after',
      days: may,
      asOf: '2026-08-01',
      is: [['2026-07-31', 'overdue', 'prime']],
    },
    {
      because: 'nobody’s days are payable',
      tables: { workers: [{ ...worker, memberNo: undefined }] },
      days: may,
      asOf: '2026-08-01',
      is: [],
    },
    {
      because: 'a month of which a day is over 730 days back is left out',
      days: may,
      asOf: '2028-05-02',
      is: [],
    },
  ],
  // Only where a run was made: below.
  'allocation-addition': [{ because: 'no run', days: may, asOf: '2026-08-01', is: [] }],
  lapse: [
    {
      because: 'until it is overdue, the deadline of the run itself tells of the month',
      days: may,
      asOf: '2026-07-31',
      is: [],
    },
    {
      because: '730 days from the oldest day, told long before',
      days: may,
      asOf: '2026-08-01',
      is: [['2028-04-30', 'due', 'prime']],
    },
    {
      because: 'lapsed, and still there when every day of it is',
      days: may,
      asOf: '2029-05-01',
      is: [['2028-04-30', 'overdue', 'prime']],
    },
  ],
  booklet: [
    {
      because: 'two years after its issue',
      tables: { booklets: [book] },
      asOf: '2028-05-01',
      is: [['2028-05-01', 'due', 'employer']],
    },
    {
      because: 'the day after',
      tables: { booklets: [book] },
      asOf: '2028-05-02',
      is: [['2028-05-01', 'overdue', 'employer']],
    },
    {
      because: 'full after 250 days: the day after the last one',
      tables: { booklets: [{ ...book, daysBefore: 248 }] },
      days: may,
      asOf: '2026-05-03',
      is: [['2026-05-03', 'due', 'employer']],
    },
    {
      because: 'closed',
      tables: { booklets: [{ ...book, closedOn: '2026-06-01' }] },
      asOf: '2028-05-02',
      is: [],
    },
  ],
  'keep-contributions': [
    {
      because: 'works go on',
      tables: withContract({ completionDate: '2026-08-02' }),
      asOf: '2026-08-01',
      is: [],
    },
    {
      because: 'a year after completion',
      tables: withContract({ completionDate: '2026-06-30' }),
      asOf: '2027-06-30',
      is: [['2027-06-30', 'due', 'prime']],
    },
    {
      because: 'it need not be kept any more',
      tables: withContract({ completionDate: '2026-06-30' }),
      asOf: '2027-07-01',
      is: [['2027-06-30', 'done', 'prime']],
    },
  ],
  'keep-attendance': [
    {
      because: 'five years after completion',
      tables: withContract({ completionDate: '2026-06-30' }),
      asOf: '2031-06-30',
      is: [['2031-06-30', 'due', 'prime']],
    },
  ],
};

describe.each(DEADLINE_KINDS)('%s', (kind) => {
  test.each(CASES[kind].map((each) => [each.because, each] as const))('%s', (_because, each) => {
    const rows = rowsOf(kind, each);
    expect(rows.map(({ due, state, who }) => [due, state, who])).toEqual(each.is);
    for (const row of rows) expect(row.whyJa).not.toBe('');
  });
});

describe('the first book', () => {
  test('of 25 days takes 20 stamps and has 5 free', () => {
    const [row] = rowsOf('booklet', {
      tables: { ...stamps, booklets: [book] },
      days: firstDays('2026-05', 25),
      asOf: '2026-05-31',
    });
    expect(row?.whyJa).toBe('1冊目 25/250日、証紙20枚・免除5日（交付から2年）');
  });
});

describe('the report', () => {
  const asked = { days: may, asOf: workDate('2026-06-15') };

  test('of a month has what is due in it', () => {
    const { rows } = makeReport(deadlines, { ...asked, filter: { month: month('2026-06') } });
    expect((rows as readonly Row[]).map(({ kind, due }) => [kind, due])).toEqual([
      ['extract', '2026-06-10'],
      ['correction', '2026-06-30'],
    ]);
  });

  test('of a site has its deadlines and the books of its roster', () => {
    const kinds = (siteId: string): readonly unknown[] =>
      (
        makeReport(deadlines, {
          ...asked,
          tables: { booklets: [book] },
          filter: { siteId: SiteId.parse(siteId) },
        }).rows as readonly Row[]
      ).map(({ kind }) => kind);
    expect(kinds(SITE_ID)).toEqual([
      'receipt',
      'extract',
      'correction',
      'allocation',
      'report',
      'booklet',
    ]);
    expect(kinds('30000000000002')).toEqual(['receipt']);
  });

  test('says what is mended after the extract comes as an addition', () => {
    const [row] = rowsOf('correction', { tables: unplaced, days: may, asOf: '2026-06-15' });
    expect(row?.whyJa).toBe('2026年5月分 足りない記録 2件（追加分）');
  });

  test('tells each rule with its source', () => {
    expect(makeReport(deadlines, asked).rules).toContainEqual({
      kind: 'report',
      ruleJa: '賃金支払期日のある月の翌月末までに就労実績を報告する',
      source: '約款第11条 https://kentaikyo.taisyokukin.go.jp/m/menu5.html',
    });
  });
});
