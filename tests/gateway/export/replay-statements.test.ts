/** Statements recomputed from an export, at the position of the ledger on which each of them rests. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { rowsSha256 } from '../../../gateway/allocation/allocation-figures.ts';
import { type IssueReplay, replayStatements } from '../../../gateway/export/replay-statements.ts';
import type { Registry } from '../../../gateway/registry/registry-document.ts';
import type { Period } from '../../../gateway/statements/period.ts';
import { GENESIS_HASH, nextHash } from '../../../shared/chain.ts';
import { month, workDate } from '../../../shared/time.ts';
import {
  type BodyLine,
  bodyLinesOf,
  encoded,
  forgedIssues,
  onceTaken,
  withReasons,
} from '../../fixtures/exports.ts';
import { SITE } from '../../fixtures/identities.ts';
import { createIssuingGates, type IssuingGates } from '../../fixtures/issuing-gates.ts';
import { aChange, isOfficeChange } from '../../fixtures/random-history.ts';

const folder = mkdtempSync(join(tmpdir(), 'genba-statements-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NOVEMBER = month('2026-11');
const PERIODS: readonly Period[] = [
  NOVEMBER,
  ...['01', '03', '06'].map((day) => workDate(`2026-11-${day}`)),
];

const exportOf = (lines: Iterable<BodyLine>): string => {
  const file = join(folder, 'export.ndjson');
  writeFileSync(file, encoded(lines));
  return file;
};

const replayed = (
  lines: Iterable<BodyLine>,
  asked: Parameters<typeof replayStatements>[1] = {},
): readonly IssueReplay[] => {
  const outcome = replayStatements(exportOf(lines), asked);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.faults));
  return outcome.value.issues;
};

const touch = (world: IssuingGates, day: number, hour: number, direction: 'in' | 'out') =>
  world.write(0, {
    do: 'touch',
    minute: ((day - 1) * 24 + hour) * 60,
    direction,
    card: 0,
    readerId: 'east',
  });

/** A closed month, and after it a late touch, a card that goes to another and a day taken out: all amended. */
const closedAndChanged = (taken = (registry: Registry) => registry): IssuingGates => {
  const world = createIssuingGates();
  world.gateway.importRegistry(taken(world.registry()));
  world.change({ do: 'hold', card: 0, from: 1, days: 20, isOther: false });
  for (const day of [1, 2]) {
    touch(world, day, 8, 'in');
    touch(world, day, 17, 'out');
  }
  world.sendAll();
  world.desk.close({ siteId: SITE, period: NOVEMBER }, 'user:clerk');
  touch(world, 3, 8, 'in');
  touch(world, 2, 19, 'out');
  world.sendAll();
  world.change({ do: 'correct', day: 1, kind: 'void', minute: 0, isAsked: true });
  world.nextDay();
  world.desk.amend({ siteId: SITE, period: NOVEMBER }, 'user:clerk');
  world.change({ do: 'reckon', dayStart: '05:00', maxShiftHours: 18 });
  world.change({ do: 'hold', card: 0, from: 1, days: 6, isOther: true });
  world.nextDay();
  world.desk.amend({ siteId: SITE, period: NOVEMBER }, 'user:clerk');
  touch(world, 4, 8, 'in');
  world.sendAll();
  return world;
};

/** Issued by a program that had no rule for what nobody sees, and by it on a reason and a registry that bear it. */
const linesOnceTaken = (): readonly BodyLine[] => {
  const world = closedAndChanged(onceTaken);
  const lines = withReasons(bodyLinesOf(world.db), '打ち\u200B忘れ');
  world.close();
  return lines;
};

const aStep = fc.record({
  gate: fc.constantFrom<0 | 1>(0, 1),
  changes: fc.array(aChange, { maxLength: 6 }),
  sent: fc.constantFrom('send', 'rescue', 'wait'),
  issued: fc.array(
    fc.record({
      how: fc.constantFrom('close' as const, 'amend' as const, 'work-off' as const),
      period: fc.constantFrom(...PERIODS),
    }),
    { maxLength: 3 },
  ),
  isAllocated: fc.boolean(),
  passes: fc.constantFrom(1, 1, 1, 300, 735),
});

describe('statements recomputed from an export', () => {
  test('are what was issued, whatever happened before, between and after', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.array(aStep, { minLength: 2, maxLength: 8 }), (steps) => {
        const world = createIssuingGates();
        world.purchase();
        world.change({ do: 'hold', card: 0, from: 2, days: 20, isOther: false });
        let expected = 0;
        for (const { gate, changes, sent, issued, isAllocated, passes } of steps) {
          for (const change of changes)
            if (isOfficeChange(change)) world.change(change);
            else world.write(gate, change);
          if (sent === 'send') world.send(gate, 4);
          if (sent === 'rescue') world.rescue(gate, 3);
          for (const { how, period } of issued) {
            const what = { siteId: SITE, period };
            if (how === 'work-off') {
              const done = world.desk.workOff(NOVEMBER, [what], 'gateway');
              expected += done.statements + done.amendments;
            } else if (world.desk[how](what, 'user:clerk').kind === 'issued') expected += 1;
          }
          if (isAllocated) world.allocate(NOVEMBER);
          world.nextDay(passes);
        }
        world.sendAll();
        const issues = replayed(bodyLinesOf(world.db));
        world.close();
        expect(issues.length).toBe(expected);
        expect(issues.filter(({ result }) => result !== 'equal')).toEqual([]);
        compared += expected;
      }),
      { numRuns: 150 },
    );
    expect(compared).toBeGreaterThan(150);
  }, 300_000);

  test('go back to the position of each: touches, decisions, registry and day of judgement', () => {
    const world = closedAndChanged();
    expect(replayed(bodyLinesOf(world.db))).toMatchObject([
      { issueNo: 1, kind: 'statement', siteId: SITE, period: '2026-11', result: 'equal' },
      { issueNo: 2, kind: 'amendment', result: 'equal' },
      { issueNo: 3, kind: 'amendment', result: 'equal' },
    ]);
    world.close();
  });

  test('rest on what was once taken as it was, whatever newer rules say of it', () => {
    expect(replayed(linesOnceTaken()).map(({ result }) => result)).toEqual([
      'equal',
      'equal',
      'equal',
    ]);
  });

  test('judge by the day of issue: what was in time stays so, what came two years later does not', () => {
    const world = createIssuingGates();
    world.change({ do: 'hold', card: 0, from: 1, days: 20, isOther: false });
    touch(world, 1, 8, 'in');
    world.sendAll();
    world.desk.close({ siteId: SITE, period: NOVEMBER }, 'user:clerk');
    for (let day = 0; day < 800; day += 1) world.nextDay();
    touch(world, 4, 8, 'in');
    world.sendAll();
    world.desk.amend({ siteId: SITE, period: NOVEMBER }, 'user:clerk');
    const lines = bodyLinesOf(world.db);
    world.close();
    const contents = lines.flatMap((line) => (line.kind === 'issued' ? line.content : []));
    expect(contents.map((content) => content.split('too-late').length - 1)).toEqual([0, 1]);
    expect(replayed(lines).map(({ result }) => result)).toEqual(['equal', 'equal']);
  });

  test('know the runs of 充当 that had been confirmed: a day paid in its time is not too late', () => {
    const world = createIssuingGates();
    world.purchase();
    world.change({ do: 'hold', card: 0, from: 1, days: 20, isOther: false });
    touch(world, 1, 8, 'in');
    world.sendAll();
    expect(world.allocate(NOVEMBER)).toBe(true);
    touch(world, 2, 8, 'in');
    world.sendAll();
    world.nextDay(800);
    world.desk.close({ siteId: SITE, period: NOVEMBER }, 'user:clerk');
    const lines = bodyLinesOf(world.db);
    world.close();
    const [content = ''] = lines.flatMap((line) => (line.kind === 'issued' ? line.content : []));
    expect(JSON.parse(content).contributions).toMatchObject([
      { workDate: '2026-11-01', days: 1 },
      { workDate: '2026-11-02', days: 0, notPayable: 'too-late' },
    ]);
    expect(replayed(lines)).toMatchObject([{ position: { runNo: 1 }, result: 'equal' }]);
    // Whoever takes another day of the run for paid comes to another figure.
    const forged = lines.map((line) => {
      if (line.kind !== 'run') return line;
      const rows = line.rows.map((row) => ({ ...row, workDate: workDate('2026-11-02') }));
      return { ...line, rows, rowsSha256: rowsSha256(rows) };
    });
    expect(replayed(forged)).toMatchObject([
      { result: 'different', firstDifference: { report: 'contributions', issued: 1 } },
    ]);
  });

  test('of before runs had a say in them are recomputed without', () => {
    const world = createIssuingGates();
    world.purchase();
    world.change({ do: 'hold', card: 0, from: 1, days: 20, isOther: false });
    touch(world, 1, 8, 'in');
    world.sendAll();
    world.nextDay(800);
    // Nothing is paid yet: as an older program would have told it.
    world.desk.close({ siteId: SITE, period: NOVEMBER }, 'user:clerk');
    const lines = bodyLinesOf(world.db);
    const older = lines.map((line) => {
      if (line.kind !== 'issued') return line;
      const text = line.text.replace('"runNo":0,', '');
      expect(text).not.toBe(line.text);
      return { ...line, text, hash: nextHash(GENESIS_HASH, text) };
    });
    world.close();
    expect(replayed(older)).toMatchObject([{ result: 'equal' }]);
  });

  test('are those that are asked for: one with its amendments, an amendment, a site, a month', () => {
    const world = closedAndChanged();
    world.desk.close({ siteId: SITE, period: workDate('2026-11-02') }, 'user:clerk');
    const lines = bodyLinesOf(world.db);
    world.close();
    const asked = (what: Parameters<typeof replayStatements>[1]) =>
      replayed(lines, what).map(({ issueNo }) => issueNo);
    expect(asked({ statement: 1 })).toEqual([1, 2, 3]);
    expect(asked({ statement: 3 })).toEqual([3]);
    expect(asked({ statement: 4 })).toEqual([4]);
    expect(asked({ siteId: SITE, month: NOVEMBER })).toEqual([1, 2, 3, 4]);
    expect(asked({ month: month('2026-12') })).toEqual([]);
    expect(replayStatements(exportOf(lines), { statement: 5 })).toEqual({
      ok: false,
      faults: [{ place: '--statement', message: 'the export holds no issue 5' }],
    });
  });

  /** What the gateway itself put in place of what it had issued, with chain and signature made anew. */
  test.each([
    ['a figure', 1, '"minutes":540', '"minutes":541', 1, 'attendance', 'minutes', 541, 540],
    ['yen', 1, '"yen":320', '"yen":330', 1, 'contributions', 'yen', 330, 320],
    ['an amendment', 2, '"minutes":660', '"minutes":661', 2, 'attendance', 'minutes', 661, 660],
  ] as const)(
    '%s that is not what the journals say is named',
    (_what, issueNo, before, after, found, report, field, issued, recomputed) => {
      const world = closedAndChanged();
      const lines = forgedIssues(bodyLinesOf(world.db), issueNo, (content) => {
        expect(content).toContain(before);
        return content.replace(before, after);
      });
      world.close();
      const different = replayed(lines).find(({ result }) => result === 'different');
      expect(different).toMatchObject({
        issueNo: found,
        firstDifference: { report, field, issued, recomputed },
      });
    },
  );

  test('a row too many and one too few are named by their keys', () => {
    const world = closedAndChanged();
    const lines = bodyLinesOf(world.db);
    world.close();
    const withoutFirst = forgedIssues(lines, 1, (content) => {
      const rows = JSON.parse(content);
      return JSON.stringify({ ...rows, attendance: rows.attendance.slice(1) });
    });
    expect(replayed(withoutFirst)[0]).toMatchObject({
      result: 'different',
      firstDifference: {
        report: 'attendance',
        key: { siteId: SITE, workDate: '2026-11-01' },
        issued: undefined,
      },
    });
    const withMore = forgedIssues(lines, 1, (content) => {
      const rows = JSON.parse(content);
      const [first] = rows.attendance;
      return JSON.stringify({
        ...rows,
        attendance: [...rows.attendance, { ...first, workDate: '2026-11-30' }],
      });
    });
    expect(replayed(withMore)[0]).toMatchObject({
      result: 'different',
      firstDifference: { key: { workDate: '2026-11-30' }, recomputed: undefined },
    });
  });

  test('the sums beside the rows are compared, too', () => {
    const world = closedAndChanged();
    const lines = bodyLinesOf(world.db).map((line) => {
      if (line.kind !== 'issued' || line.issueNo !== 3) return line;
      const text = line.text.replace(/"yen":-?\d+/, '"yen":7');
      const before = bodyLinesOf(world.db).find(
        (each) => each.kind === 'issued' && each.issueNo === 2,
      );
      const hash = nextHash(before?.kind === 'issued' ? before.hash : '', text);
      return { ...line, text, hash };
    });
    world.close();
    expect(replayed(lines)[2]).toMatchObject({
      result: 'different',
      firstDifference: { report: 'figures', field: 'yen', issued: 7 },
    });
  });

  test('nothing of an export that was altered is recomputed', () => {
    const world = closedAndChanged();
    const file = exportOf(
      bodyLinesOf(world.db).map((line) =>
        line.kind === 'issued' && line.issueNo === 2
          ? { ...line, content: line.content.replace('660', '661') }
          : line,
      ),
    );
    world.close();
    expect(replayStatements(file)).toMatchObject({
      ok: false,
      faults: [{ message: expect.stringContaining('issued-altered') }],
    });
  });

  test('by the command, which ends with 1 where a figure is not the one that was issued', () => {
    const program = fileURLToPath(new URL('../../../gateway/replay.ts', import.meta.url));
    const run = (lines: readonly BodyLine[], ...more: readonly string[]) => {
      const line = [program, '--export', exportOf(lines), ...more];
      const { status, stdout, stderr } = spawnSync(process.execPath, line, { encoding: 'utf8' });
      return { status, stderr, document: stdout === '' ? undefined : JSON.parse(stdout) };
    };
    const world = closedAndChanged();
    const lines = bodyLinesOf(world.db);
    world.close();
    expect(run(lines)).toMatchObject({
      status: 0,
      document: {
        equal: 3,
        different: 0,
        notRecomputable: 0,
        statements: [{ issueNo: 1 }, {}, {}],
      },
    });
    const forged = forgedIssues(lines, 1, (content) => content.replace('540', '541'));
    expect(run(forged, '--statement', '1')).toMatchObject({
      status: 1,
      document: { different: 1, statements: [{ firstDifference: { field: 'minutes' } }, {}, {}] },
    });
    expect(run(lines).stderr).toBe('');
    expect(run(linesOnceTaken())).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(
        /newer.*\n {2}correction 1 \/reason: .*U\+200B.*\n {2}import 3 \/workers\/0\/name: /,
      ),
      document: { equal: 3, different: 0, notRecomputable: 0 },
    });
    expect(run(lines, '--statement', '9')).toMatchObject({
      status: 2,
      document: undefined,
      stderr: expect.stringContaining('--statement: the export holds no issue 9'),
    });
    expect(run(lines, '--statement', 'nine', '--why', 'workDate=2026-11-01')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/--statement: must be.*--why: is no use without --report/s),
    });
  });
});
