/**
 * "Why this figure?" over the whole catalogue: in a random world every figure of every row has an answer that
 * is the row's own figure, adds up from its parts, and ends in touches, rows of the registry or rules.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REPORTS, reportNamed } from '../../../gateway/reports/catalogue.ts';
import { describeReports } from '../../../gateway/reports/describe-report.ts';
import type { Report, ReportFilter } from '../../../gateway/reports/report.ts';
import { rowOfWhy } from '../../../gateway/why/ask-why.ts';
import { EXPLANATIONS, LIST_EXPLANATIONS } from '../../../gateway/why/catalogue.ts';
import { parseRowKey } from '../../../gateway/why/row-key.ts';
import type { Figure, RowKey, RowLink, WhyNode } from '../../../gateway/why/why.ts';
import { SiteId } from '../../../shared/ids.ts';
import { isValidOn, month } from '../../../shared/time.ts';
import {
  RANDOM_AS_OF,
  RANDOM_MONTHS,
  RANDOM_NOW,
  RANDOM_SITES,
  type RandomSite,
  randomSite,
  worldOf,
} from '../../fixtures/random-site.ts';
import { disagreement } from '../../fixtures/re-add.ts';

type Row = Readonly<Record<string, unknown>>;

const documentOf = (
  world: RandomSite,
  report: Report,
  filter: ReportFilter,
): Readonly<Record<string, unknown>> => {
  const span = report.needs(filter);
  return {
    ...report.make({
      registry: world.registry,
      index: world.index,
      days: world.days.filter(({ workDate }) => isValidOn(span, workDate)),
      filter,
      asOf: RANDOM_AS_OF,
      now: RANDOM_NOW,
    }),
  };
};
const rowsOf = (...asked: Parameters<typeof documentOf>): readonly Row[] =>
  documentOf(...asked).rows as readonly Row[];

const keyOf = ({ key }: Pick<Report, 'key'>, row: Row): RowKey =>
  Object.fromEntries(
    key.flatMap((field) => (row[field] === undefined ? [] : [[field, String(row[field])]])),
  );

const filterOf = (site: string | undefined): ReportFilter =>
  site === undefined ? {} : { siteId: SiteId.parse(site) };

const LEAVES = new Set(['touch', 'correction', 'registry', 'rule']);

/** Follows every link; throws with the way to what ends in nothing or says something else. */
const createChecker = (world: RandomSite) => {
  const checked = new Map<string, Figure | undefined>();
  const rowsByReport = new Map<string, ReadonlyMap<string, Row>>();

  const linkedRow = (report: Report, { key, reportSite }: RowLink): Row | undefined => {
    const name = `${report.name} ${reportSite}`;
    const known = rowsByReport.get(name);
    const rows =
      known ??
      new Map(
        rowsOf(world, report, filterOf(reportSite)).map(
          (row) => [JSON.stringify(keyOf(report, row)), row] as const,
        ),
      );
    rowsByReport.set(name, rows);
    const inOrder = report.key.flatMap((field) =>
      key[field] === undefined ? [] : [[field, key[field]]],
    );
    return rows.get(JSON.stringify(Object.fromEntries(inOrder)));
  };

  const checkLink = (node: RowLink, way: string): void => {
    const report = reportNamed(node.report);
    if (report === undefined) throw new Error(`${way}: no report ${node.report}`);
    const row = linkedRow(report, node);
    const at = `${way} → ${node.report} ${JSON.stringify(node.key)}`;
    if (row === undefined) throw new Error(`${at}: there is no such row`);
    expect(node.value, `${at}.${node.column}`).toEqual(row[node.column]);
    const name = JSON.stringify([node.report, node.key, node.column, node.reportSite]);
    if (checked.has(name)) return;
    const figure = world.asker
      .why(report, node.key, filterOf(node.reportSite))
      ?.figures.find(({ code }) => code === node.column);
    checked.set(name, figure);
    if (figure === undefined) throw new Error(`${at}: ${node.column} has no why`);
    check(figure, at);
  };

  const checkNode = (node: WhyNode, way: string): void => {
    if (node.kind === 'figure') check(node, way);
    else if (node.kind === 'row') checkLink(node, way);
    else if (node.kind === 'closed') throw new Error(`${way}: closed without a viewer`);
  };

  const check = (figure: Figure, way: string): void => {
    const at = `${way} › ${figure.code}`;
    const below = [...figure.parts, ...figure.grounds];
    const endsSomewhere = below.some(
      ({ kind }) => LEAVES.has(kind) || kind === 'figure' || kind === 'row',
    );
    if (!endsSomewhere) throw new Error(`${at} rests on nothing`);
    const wrong = disagreement(figure);
    if (wrong !== undefined) throw new Error(`${at}: ${wrong}`);
    for (const node of below) checkNode(node, at);
  };
  return check;
};

/** Every column that is no part of the key has a figure, which is the row's own and adds up. */
const createRowChecker = (
  world: RandomSite,
  report: Report,
  filter: ReportFilter,
  list?: string,
) => {
  const check = createChecker(world);
  return (row: Row, key: readonly string[], columns: readonly string[]): void => {
    const rowKey = keyOf({ key }, row);
    const at = `${report.name} ${list ?? ''} ${JSON.stringify(rowKey)}`;
    const why = world.asker.why(report, rowKey, filter, list);
    if (why === undefined) throw new Error(`${at} has no why`);
    expect(why.figures.map(({ code }) => code).sort(), at).toEqual(
      columns.filter((column) => !key.includes(column)).sort(),
    );
    for (const figure of why.figures) {
      expect(figure.value, `${at} ${figure.code}`).toEqual(row[figure.code]);
      check(figure, at);
    }
  };
};

const columnsOfList = (report: Report, list: string): readonly string[] =>
  describeReports()
    .reports.find(({ name }) => name === report.name)
    ?.beside.find(({ name }) => name === list)
    ?.columns.map(({ column }) => column) ?? [];

const filters: readonly ReportFilter[] = [
  {},
  { month: month(RANDOM_MONTHS[0]) },
  { month: month(RANDOM_MONTHS[1]), siteId: SiteId.parse(RANDOM_SITES[0]) },
];

describe.each(REPORTS.map((report) => [report.name, report] as const))('%s', (name, report) => {
  test('says why of every figure of every row', () => {
    expect(Object.keys(EXPLANATIONS)).toContain(name);
    let rowCount = 0;
    fc.assert(
      fc.property(randomSite, fc.constantFrom(...filters), (site, filter) => {
        const world = worldOf(...site);
        const checkRow = createRowChecker(world, report, filter);
        for (const row of rowsOf(world, report, filter)) {
          rowCount += 1;
          checkRow(row, report.key, Object.keys(report.row.shape));
        }
      }),
      { numRuns: 60 },
    );
    expect(rowCount).toBeGreaterThan(0);
  });

  const lists = Object.entries(report.besideKeys ?? {});
  test.each(lists)('says why of every figure of %s, which stands beside its rows', (list, key) => {
    expect(Object.keys(LIST_EXPLANATIONS[name] ?? {})).toContain(list);
    const columns = columnsOfList(report, list);
    let rowCount = 0;
    fc.assert(
      fc.property(randomSite, fc.constantFrom(...filters), (site, filter) => {
        const world = worldOf(...site);
        const checkRow = createRowChecker(world, report, filter, list);
        const rows = documentOf(world, report, filter)[list] as readonly Row[];
        for (const row of rows) {
          rowCount += 1;
          checkRow(row, key, columns);
        }
        const keys = rows.map((row) => JSON.stringify(keyOf({ key }, row)));
        expect(new Set(keys).size, 'rows that their key tells apart').toBe(keys.length);
      }),
      { numRuns: 60 },
    );
    expect(rowCount).toBeGreaterThan(0);
  });
});

test('a list beside rows that has no key holds words about rules', () => {
  const keyless = REPORTS.flatMap(({ beside = {}, besideKeys = {} }) =>
    Object.keys(beside).filter((list) => !Object.hasOwn(besideKeys, list)),
  );
  expect(new Set(keyless)).toEqual(new Set(['rules', 'attentionTexts']));
});

test('whatever is asked is answered or not found, and never a crash', () => {
  const strange = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('', '2026-10', '2026-10-05', '__proto__', '1', '10000000000001', 'K1', 'red'),
  );
  fc.assert(
    fc.property(
      randomSite,
      fc.constantFrom(...REPORTS),
      fc.infiniteStream(strange),
      (site, report, values) => {
        const { asker } = worldOf(...site);
        for (let tries = 0; tries < 20; tries += 1) {
          const key = parseRowKey(
            report,
            report.key.map((field) => [field, values.next().value]),
          );
          if (!key.ok) continue;
          const why = asker.why(report, key.value);
          if (why !== undefined) expect(rowOfWhy(why)).toMatchObject(key.value);
        }
      },
    ),
    { numRuns: 60 },
  );
});
