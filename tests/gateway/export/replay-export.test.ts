/** Every report, recomputed from an export, is what the gateway issues from its ledger. */
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { rowsSha256 } from '../../../gateway/allocation/allocation-figures.ts';
import { settledWork } from '../../../gateway/allocation/settled-work.ts';
import { reportSource } from '../../../gateway/api/report-source.ts';
import { basisOfExport } from '../../../gateway/export/replay-export.ts';
import { purposeOf } from '../../../gateway/mail/submissions.ts';
import type { AllocationRow } from '../../../gateway/policies/allocation-run.ts';
import type { ReportBasis } from '../../../gateway/report-basis.ts';
import { REPORTS } from '../../../gateway/reports/catalogue.ts';
import type { ReportSource } from '../../../gateway/reports/report.ts';
import { openSqliteAllocations } from '../../../gateway/store/sqlite-allocations.ts';
import { openSqliteOutbox } from '../../../gateway/store/sqlite-outbox.ts';
import { CompanyId } from '../../../shared/ids.ts';
import {
  DAY_MS,
  dateInJapan,
  isValidOn,
  Month,
  type UtcMs,
  utcMs,
  workDate,
} from '../../../shared/time.ts';
import {
  type BodyLine,
  bodyLinesOf,
  encoded,
  onceTaken,
  withReasons,
} from '../../fixtures/exports.ts';
import { createGatewayOfGates, type GatewayOfGates } from '../../fixtures/gateway-of-gates.ts';
import { SITE, WORKER } from '../../fixtures/identities.ts';
import { createIssuingGates } from '../../fixtures/issuing-gates.ts';
import { aChange, HISTORY_END, isOfficeChange } from '../../fixtures/random-history.ts';

const folder = mkdtempSync(join(tmpdir(), 'genba-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FILTERS = [
  {},
  { month: Month.parse('2026-11') },
  { siteId: SITE, month: Month.parse('2026-11') },
] as const;

/** Late enough for a touch of a clock that was never right to wait for a person. */
const ASKED_AT = utcMs(HISTORY_END + 2 * DAY_MS);
const EXTRACT_DAY = 15;

type DaysOf = (span: Parameters<GatewayOfGates['ledger']['attendance']>[0]) => ReportBasis['days'];

const reports = (source: ReportSource, daysOf: DaysOf) =>
  REPORTS.flatMap((report) =>
    FILTERS.map((filter) => report.make({ ...source, days: daysOf(report.needs(filter)), filter })),
  );

/** As the API does. */
const issued = ({ gateway, ledger, db }: GatewayOfGates, askedAt: UtcMs = ASKED_AT) =>
  reports(
    reportSource({
      ...gateway,
      now: () => askedAt,
      settled: () => settledWork(openSqliteAllocations(db), outboxOf(db)),
      extractDay: EXTRACT_DAY,
    }),
    ledger.attendance,
  );

const outboxOf = (db: GatewayOfGates['db']) =>
  openSqliteOutbox(db, { now: () => HISTORY_END, random: () => 0 });

const basisOf = (lines: Iterable<BodyLine>) => {
  const file = join(folder, 'export.ndjson');
  writeFileSync(file, encoded(lines));
  return basisOfExport(file);
};

const recomputed = ({ db }: GatewayOfGates, askedAt: UtcMs = ASKED_AT) => {
  const basis = basisOf(bodyLinesOf(db, EXTRACT_DAY));
  if (!basis.ok) throw new Error(JSON.stringify(basis.faults));
  const { days, touches: _touches, told: _told, ...source } = basis.value;
  return reports({ ...source, asOf: dateInJapan(askedAt), now: askedAt }, (span) =>
    days.filter(({ workDate }) => isValidOn(span, workDate)),
  );
};

const COMPANY = CompanyId.parse('20000000000002');
const MAIL = {
  sender: 'gateway@example.jp',
  recipient: 'prime@example.jp',
  subject: '就労状況報告書',
  bytes: new Uint8Array(),
  queuedBy: 'gateway',
};
const SENDING = [
  { kind: 'started' },
  { kind: 'last-bytes-leave' },
  { kind: 'accepted', response: '250' },
] as const;
const NO_FIGURES = {
  workers: 1,
  regularDays: 1,
  additionDays: 0,
  reversalDays: 0,
  days: 1,
  exemptDays: 0,
  yen: 320,
  companies: [],
  balances: [],
  held: [],
  notPayable: {},
  jointVenture: [],
  forecasts: [],
  findings: [],
};

/** What happens, at which gate, and how much of it is sent or rescued afterwards. */
const aStep = fc.record({
  gate: fc.constantFrom<0 | 1>(0, 1),
  changes: fc.array(aChange, { maxLength: 6 }),
  sent: fc.constantFrom('send', 'send-again', 'rescue', 'wait'),
});

describe('replay of an export', () => {
  test('gives what the gateway issues, for every report and whatever happened', () => {
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 8 }), (steps) => {
        const world = createGatewayOfGates();
        for (const { gate, changes, sent } of steps) {
          for (const change of changes)
            if (isOfficeChange(change)) world.change(change);
            else world.write(gate, change);
          if (sent === 'send') world.send(gate, 4);
          if (sent === 'send-again') world.send(gate, 4, 2);
          if (sent === 'rescue') world.rescue(gate, 3);
          world.derive();
        }
        world.sendAll();
        world.derive();
        const both = [recomputed(world), issued(world)];
        world.close();
        expect(both[0]).toEqual(both[1]);
      }),
      { numRuns: 150 },
    );
  }, 300_000);

  test('gives what the gateway issues of days that runs paid or did not pay, also when all are old', () => {
    let [paid, late] = [0, 0];
    const aRunStep = fc.record({
      changes: fc.array(aChange, { minLength: 1, maxLength: 8 }),
      isAllocated: fc.boolean(),
      passes: fc.constantFrom(0, 1, 400),
    });
    fc.assert(
      fc.property(
        fc.array(aRunStep, { minLength: 2, maxLength: 5 }),
        fc.constantFrom(1, 735, 1_200),
        (steps, after) => {
          const world = createIssuingGates();
          world.purchase();
          world.change({ do: 'hold', card: 0, from: 1, days: 20, isOther: false });
          for (const { changes, isAllocated, passes } of steps) {
            for (const change of changes)
              if (isOfficeChange(change)) world.change(change);
              else world.write(0, change);
            world.sendAll();
            world.derive();
            if (isAllocated && world.allocate(Month.parse('2026-11'))) paid += 1;
            world.nextDay(passes);
          }
          world.nextDay(after);
          const both = [recomputed(world, world.now()), issued(world, world.now())];
          world.close();
          expect(both[0]).toEqual(both[1]);
          if (JSON.stringify(both[0]).includes('too-late')) late += 1;
        },
      ),
      { numRuns: 80 },
    );
    expect(Math.min(paid, late)).toBeGreaterThan(10);
  }, 300_000);

  test('counts a touch that was dated later, off a card that was bound later', () => {
    const world = createGatewayOfGates();
    world.write(0, { do: 'boot' });
    world.write(0, { do: 'touch', minute: 480, direction: 'in', card: 0, readerId: 'east' });
    world.write(0, { do: 'touch', minute: 1_020, direction: 'out', card: 0, readerId: 'east' });
    world.write(0, { do: 'trust', minute: 1_030 });
    world.write(1, { do: 'bind', card: 0, isOther: false });
    world.rescue(0, 2);
    world.sendAll();
    const rows = recomputed(world).find(({ report }) => report === 'attendance')?.rows;
    expect(rows).toMatchObject([{ workerId: WORKER, workDate: '2026-11-01', minutes: 540 }]);
    world.close();
  });

  test('names the touches that wait for a person, as the gateway does', () => {
    const world = createGatewayOfGates();
    world.write(0, {
      do: 'touch',
      minute: 60 * 24 * 60,
      direction: 'in',
      card: 0,
      readerId: 'east',
    });
    world.write(1, { do: 'boot' });
    world.write(1, { do: 'touch', minute: 480, direction: 'in', card: 0, readerId: 'east' });
    world.sendAll();
    const unresolved = recomputed(world).flatMap((document) =>
      'unresolved' in document ? document.unresolved : [],
    );
    expect(unresolved).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ reason: 'future-dated' }),
        expect.objectContaining({ reason: 'undated' }),
      ]),
    );
    expect(recomputed(world)).toEqual(issued(world));
    world.close();
  });

  test('knows what was done: months that were allocated, reports that went out by mail', () => {
    const world = createGatewayOfGates();
    const month = Month.parse('2026-11');
    const rows: readonly AllocationRow[] = [
      {
        kind: 'regular',
        workerId: WORKER,
        companyId: COMPANY,
        siteId: SITE,
        workDate: workDate('2026-11-04'),
        method: 'points',
        colour: 'blue',
        dayYen: 320,
        days: 1,
        exemptDays: 0,
      },
    ];
    openSqliteAllocations(world.db).append(
      {
        runId: 'run-1',
        contractId: 'K-1',
        siteId: SITE,
        month,
        ledgerNo: 0,
        importNo: 1,
        rowsSha256: rowsSha256(rows),
        confirmedAt: HISTORY_END,
        confirmedBy: 'user:prime',
        figures: NO_FIGURES,
      },
      rows,
    );
    const purpose = purposeOf({ siteId: SITE, companyId: COMPANY, month });
    const outbox = outboxOf(world.db);
    for (const [mailId, of] of [
      ['sent', purpose],
      ['other', 'alert'],
      ['waiting', purpose.replace('11', '12')],
    ] as const)
      outbox.add({ mailId, purpose: of, ...MAIL, messageId: mailId });
    for (const mailId of ['sent', 'other']) for (const event of SENDING) outbox.step(mailId, event);
    const file = join(folder, 'settled.ndjson');
    writeFileSync(file, encoded(bodyLinesOf(world.db)));
    const basis = basisOfExport(file);
    const settled = basis.ok ? basis.value.settled : undefined;
    expect(settled?.allocatedBy('K-1', month)).toEqual([
      { runId: 'run-1', confirmedAt: HISTORY_END, days: 1 },
    ]);
    expect(settled?.allocatedBy('K-2', month)).toEqual([]);
    const day = { workerId: WORKER, companyId: COMPANY };
    expect(
      ['2026-11-04', '2026-11-05'].map((date) =>
        settled?.isAllocated({ ...day, workDate: workDate(date) }),
      ),
    ).toEqual([true, false]);
    expect(settled?.reportedBy(SITE, COMPANY, month)).toMatchObject({ mailId: 'sent' });
    expect(settled?.reportedBy(SITE, COMPANY, Month.parse('2026-12'))).toBe(undefined);
    world.close();
  });

  test('reads an older export, which says of runs the months that they changed and no days', () => {
    const world = createGatewayOfGates();
    const [header, ...rest] = bodyLinesOf(world.db);
    world.close();
    if (header === undefined) throw new Error('no lines');
    const month = Month.parse('2026-11');
    const run = { contractId: 'K-1', month, runId: 'run-1', confirmedAtMs: HISTORY_END, days: 3 };
    const at = rest.findLastIndex(({ kind }) => kind === 'registry') + 1;
    const file = join(folder, 'older.ndjson');
    writeFileSync(file, encoded([header, ...rest.toSpliced(at, 0, { kind: 'allocated', ...run })]));
    const basis = basisOfExport(file);
    const settled = basis.ok ? basis.value.settled : undefined;
    expect(settled?.allocatedBy('K-1', month)).toEqual([
      { runId: 'run-1', confirmedAt: HISTORY_END, days: 3 },
    ]);
    const day = { workerId: WORKER, companyId: COMPANY, workDate: workDate('2026-11-04') };
    expect(settled?.isAllocated(day)).toBe(false);
  });

  test('goes on as the gateway does with what an older program took, and says what is wrong with it', () => {
    const world = createGatewayOfGates();
    world.gateway.importRegistry(onceTaken(world.registry()));
    world.change({ do: 'correct', day: 2, kind: 'add', minute: 480, isAsked: true });
    world.derive();
    expect(recomputed(world)).toEqual(issued(world));
    const basis = basisOf(withReasons(bodyLinesOf(world.db), '打ち\u200B忘れ'));
    expect(basis).toMatchObject({
      ok: true,
      value: {
        storedFaults: [
          { place: 'correction 1 /reason', message: expect.stringContaining('U+200B') },
          { place: 'import 2 /workers/0/name', message: expect.stringContaining('U+200B') },
          { place: 'import 2 /workers/1/name' },
        ],
      },
    });
    world.close();
  });

  test.each(['[]', 'nothing'])('of a registry that is none (%s) is refused', (text) => {
    const world = createGatewayOfGates();
    const lines = bodyLinesOf(world.db).map((line) =>
      line.kind === 'registry' ? { ...line, text, sha256: hash('sha256', text) } : line,
    );
    world.close();
    expect(basisOf(lines).ok).toBe(false);
  });

  test('of a gateway that has nothing yet', () => {
    const world = createGatewayOfGates();
    expect(recomputed(world)).toEqual(issued(world));
    world.close();
  });
});
