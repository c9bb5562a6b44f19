/** 突き合わせ: what differs between gate, CCUS and 建退共, and the likely cause, a reason in each row. */
import { describe, expect, test } from 'vitest';
import type { AttendanceDay } from '../../../gateway/attendance/attendance.ts';
import { contributionsOf } from '../../../gateway/policies/contributions.ts';
import type { ExportedDay, Way } from '../../../gateway/reconciliation/export-file.ts';
import { type OtherSide, reconcile } from '../../../gateway/reconciliation/reconcile.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { SiteId, WorkerId } from '../../../shared/ids.ts';
import { startOfDate, utcMs, workDate } from '../../../shared/time.ts';
import { registryDocument, registryWith, SITE_ID, WORKER_ID } from '../../fixtures/registry.ts';

const SITE = SiteId.parse(SITE_ID);
const WORKER = WorkerId.parse(WORKER_ID);
const MEMBER_NO = '487654321';

const gateDay = (date: string): AttendanceDay => {
  const inAt = utcMs(startOfDate(workDate(date)) + 8 * 3_600_000);
  const outAt = utcMs(inAt + 9 * 3_600_000);
  return {
    siteId: SITE,
    subject: { kind: 'worker', workerId: WORKER },
    workDate: workDate(date),
    firstTouchAt: inAt,
    firstIn: inAt,
    lastOut: outAt,
    minutes: 540,
    nightMinutes: 0,
    flags: [],
    evidence: [`gate/${date}`],
    shifts: [{ startAt: inAt, intervals: [{ inAt, outAt }] }],
  };
};
/** `2`, `3 r-method`: date in November and way; a number of days behind `*`. */
const exported = (
  text: string,
  person: Partial<ExportedDay> = { workerId: WORKER },
): ExportedDay => {
  const [, day = '', count, way] = /^(\d+)(?:\*(\d+))?(?: (.+))?$/.exec(text) ?? [];
  return {
    siteId: SITE,
    ...person,
    workDate: workDate(`2026-11-${day.padStart(2, '0')}`),
    way: (way ?? 'card') as Way,
    count: Number(count ?? 1),
  };
};
const side = (days: readonly ExportedDay[]): OtherSide => ({ days, sites: new Set([SITE]) });

interface Case {
  readonly gate?: readonly number[];
  readonly ccus?: readonly string[];
  readonly kentaikyo?: readonly string[];
  readonly tables?: Readonly<Record<string, unknown>>;
  readonly asOf?: string;
}
const differences = ({ gate = [], ccus, kentaikyo, tables = {}, asOf = '2026-12-20' }: Case) => {
  const index = indexRegistry(registryWith(tables));
  const days = gate.map((day) => gateDay(`2026-11-${String(day).padStart(2, '0')}`));
  const { contributions } = contributionsOf(days, index, { asOf: workDate(asOf) });
  return reconcile({
    index,
    days,
    contributions,
    ccus: ccus && side(ccus.map((text) => exported(text))),
    kentaikyo: kentaikyo && side(kentaikyo.map((text) => exported(text, { memberNo: MEMBER_NO }))),
    isAsked: () => true,
  });
};
const told = (of: Case): readonly string[] =>
  differences(of).map(({ workDate: date, causes }) => `${Number(date.slice(8))} ${causes.join()}`);

const worker = (fields: object) => ({
  workers: registryDocument.workers.map((row) => ({ ...row, ...fields })),
});
const corrected = (recordedAt: string, kind = 'add') => ({
  corrections: [
    {
      siteId: SITE_ID,
      workerId: WORKER_ID,
      workDate: '2026-11-02',
      kind,
      by: '元請',
      reason: '確認',
      recordedAt,
    },
  ],
});

describe('the likely cause', () => {
  test.each<[string, Case, readonly string[]]>([
    ['all three agree', { gate: [2], ccus: ['2'], kentaikyo: ['2'] }, []],
    ['nobody exported: nothing is compared', { gate: [2] }, []],
    ['touched, and CCUS has not', { gate: [2], ccus: [] }, ['2 not-sent']],
    [
      'CCUS does not know the worker',
      { gate: [2], ccus: [], tables: worker({ ccusRegistered: false }) },
      ['2 worker-unknown-at-ccus'],
    ],
    [
      'outside the 就業履歴蓄積期間',
      {
        gate: [2],
        ccus: [],
        tables: { sites: registryDocument.sites.map((row) => ({ ...row, from: '2026-11-03' })) },
      },
      ['2 outside-period'],
    ],
    [
      'added after the extract on the 10th',
      { gate: [2], ccus: [], tables: corrected('2026-12-10T09:00:00+09:00') },
      ['2 correction-after-extract'],
    ],
    [
      'added before it: it should have come',
      { gate: [2], ccus: [], tables: corrected('2026-12-09T09:00:00+09:00') },
      ['2 not-sent'],
    ],
    [
      'a night shift that CCUS has on the date of its end: both days say so',
      { gate: [2], ccus: ['3'] },
      ['2 night-shift-date-shift', '3 night-shift-date-shift'],
    ],
    ['two days running are no shift of the date', { gate: [2, 3], ccus: ['3'] }, ['2 not-sent']],
    [
      'R方式 and 直接入力 for one day',
      { gate: [2], ccus: ['2 r-method', '2 direct-input'] },
      ['2 double-registration'],
    ],
    ['twice in another way', { gate: [2], ccus: ['2', '2'] }, ['2 double-at-ccus']],
    ['one row that counts two', { gate: [2], ccus: ['2*2'] }, ['2 double-at-ccus']],
    ['at CCUS without a touch', { ccus: ['2'] }, ['2 extra-at-ccus']],
    ['by 直接入力', { ccus: ['2 direct-input'] }, ['2 direct-input-without-touch']],
    ['by R方式', { ccus: ['2 r-method'] }, ['2 r-method-without-touch']],
    [
      'taken back here after the extract',
      { ccus: ['2'], tables: corrected('2026-12-11T09:00:00+09:00', 'void') },
      ['2 correction-after-extract'],
    ],
    ['worked, and not reported', { gate: [2], kentaikyo: [] }, ['2 not-reported']],
    [
      'not reported because CCUS has not got it',
      { gate: [2], ccus: [], kentaikyo: [] },
      ['2 not-sent,not-at-ccus'],
    ],
    [
      'no 被共済者番号: nothing can be paid',
      { gate: [2], kentaikyo: [], tables: worker({ memberNo: undefined }) },
      ['2 no-member-no'],
    ],
    ['more than two years ago', { gate: [2], kentaikyo: [], asOf: '2029-01-01' }, ['2 too-late']],
    ['reported without work', { kentaikyo: ['2'] }, ['2 extra-at-kentaikyo']],
    ['two days reported for one', { gate: [2], kentaikyo: ['2*2'] }, ['2 more-than-worked']],
    [
      'two days, as CCUS had it twice',
      { gate: [2], ccus: ['2 r-method', '2 direct-input'], kentaikyo: ['2*2'] },
      ['2 double-registration'],
    ],
  ])('%s', (_because, of, expected) => {
    expect(told(of)).toEqual(expected);
  });

  test('somebody whom the registry does not know', () => {
    const found = reconcile({
      index: indexRegistry(registryWith()),
      days: [],
      contributions: [],
      ccus: side([exported('2', { workerId: WorkerId.parse('19999999999999') })]),
      kentaikyo: side([exported('2', { memberNo: '999999999' })]),
      isAsked: () => true,
    });
    expect(found.map(({ causes }) => causes)).toEqual([
      ['worker-unknown-here'],
      ['worker-unknown-here'],
    ]);
    expect(found.map(({ memberNo }) => memberNo)).toEqual(['999999999', undefined]);
  });

  test('says the figures of each side, and is the same whatever the order of the rows', () => {
    const of = { gate: [2, 5, 9], ccus: ['2', '2', '7'], kentaikyo: ['5', '9*2'] };
    const found = differences(of);
    expect(found[0]).toMatchObject({ atGate: true, atCcus: 2, owedDays: 1, atKentaikyo: 0 });
    expect(
      differences({
        gate: of.gate.toReversed(),
        ccus: of.ccus.toReversed(),
        kentaikyo: of.kentaikyo.toReversed(),
      }),
    ).toEqual(found);
  });

  test('a site that no file covers is not compared', () => {
    const found = reconcile({
      index: indexRegistry(registryWith()),
      days: [gateDay('2026-11-02')],
      contributions: [],
      ccus: { days: [], sites: new Set([SiteId.parse('30000000000002')]) },
      kentaikyo: undefined,
      isAsked: () => true,
    });
    expect(found).toEqual([]);
  });
});
