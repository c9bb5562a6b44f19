/**
 * What one asker may see of a "why" (閲覧範囲の適用): the row as the report shows it, and below it every link,
 * touch and row of the registry by what it is and of whom. What is closed says so and nothing else.
 */

import type { RegistryTable } from '../registry/registry-document.ts';
import { rowOfWhy } from '../why/ask-why.ts';
import type { Figure, RegistryLeaf, Why, WhyNode } from '../why/why.ts';
import { REPORT_ITEMS, type RowItems } from './report-items.ts';
import type { Item } from './viewing-scope.ts';

type Row = Readonly<Record<string, unknown>>;

/** What a sight tells of single rows. */
export interface RowSight {
  /** The row with the fields that are shown; undefined where it is closed. */
  readonly shown: (items: RowItems, row: Row) => Row | undefined;
  /** Whether data of that kind about whom and what the row names is open. */
  readonly sees: (row: Row, item: Item) => boolean;
}

/** Tables that need more than the row that they explain. */
const TABLE_ITEMS: Readonly<Partial<Record<RegistryTable, Item>>> = {
  cards: 'card',
  insurance: 'insurance',
  insuranceReasons: 'insurance',
  qualifications: 'qualifications',
  consents: 'own-page',
  careerDays: 'own-page',
  approvals: 'contributions',
  surcharges: 'contributions',
  booklets: 'contributions',
  leave: 'history',
  corrections: 'history',
  purchases: 'works',
  stampIssues: 'works',
  stampExchanges: 'works',
  labourQuotes: 'site-state',
};

/** Fields that need more than their row. */
const FIELD_ITEMS: Readonly<Record<string, Item>> = {
  birthDate: 'birth-date',
  level: 'level',
  memberNo: 'contributions',
  costYen: 'works',
  exceptions: 'works',
  jointVenture: 'works',
  plannedWorkerDays: 'works',
};

/** A contract is its parties', whoever's day it explains. */
const aboutWhat = (about: Row, item: Item): Row =>
  item === 'works' ? { siteId: about.siteId, contractId: about.contractId } : about;

const ABOUT = ['workerId', 'companyId', 'siteId', 'contractId'] as const;

const narrowRegistry = (sight: RowSight, leaf: RegistryLeaf, row: Row): WhyNode => {
  const told = Object.fromEntries(leaf.fields.map(({ field, value }) => [field, value]));
  const about = {
    ...row,
    ...Object.fromEntries(
      ABOUT.flatMap((field) => (typeof told[field] === 'string' ? [[field, told[field]]] : [])),
    ),
  };
  const opens = (item: Item): boolean => sight.sees(aboutWhat(about, item), item);
  const isOther = told.workerId !== undefined && told.workerId !== row.workerId;
  const item = TABLE_ITEMS[leaf.table] ?? (isOther ? 'roster' : undefined);
  if (item !== undefined && !opens(item)) return { kind: 'closed' };
  return {
    ...leaf,
    fields: leaf.fields.filter(({ field }) => {
      const needed = Object.hasOwn(FIELD_ITEMS, field) ? FIELD_ITEMS[field] : undefined;
      // A level in a table of rules is no one's.
      return (
        needed === undefined || (field === 'level' && leaf.table !== 'workers') || opens(needed)
      );
    }),
  };
};

const narrowNode = (sight: RowSight, node: WhyNode, row: Row): WhyNode => {
  switch (node.kind) {
    case 'figure':
      return narrowFigure(sight, node, row);
    case 'row': {
      const linked = { ...node.key, [node.column]: node.value ?? null };
      const items = Object.hasOwn(REPORT_ITEMS, node.report)
        ? REPORT_ITEMS[node.report]
        : undefined;
      const shown = items && sight.shown(items, linked);
      if (shown === undefined || !Object.keys(linked).every((field) => Object.hasOwn(shown, field)))
        return { kind: 'closed' };
      return node.figure === undefined
        ? node
        : { ...node, figure: narrowFigure(sight, node.figure, linked) };
    }
    case 'touch':
    case 'correction':
      return sight.sees(row, 'history') ? node : { kind: 'closed' };
    case 'registry':
      return narrowRegistry(sight, node, row);
    case 'rule':
    // The row itself tells already that it was done.
    case 'done':
    case 'closed':
      return node;
  }
};

const narrowFigure = (sight: RowSight, figure: Figure, row: Row): Figure => {
  const parts = figure.parts.map((node) => narrowNode(sight, node, row));
  return {
    ...figure,
    ...(figure.unit === 'worker' && Array.isArray(figure.value)
      ? { value: figure.value.filter((workerId) => namesWorker(parts, workerId)) }
      : {}),
    parts,
    grounds: figure.grounds.map((node) => narrowNode(sight, node, row)),
  };
};

/** A list of people names whom its open parts name, and nobody else. */
const namesWorker = (parts: readonly WhyNode[], workerId: unknown): boolean =>
  parts.some((node) => node.kind === 'row' && node.key.workerId === workerId);

/** Undefined where the row itself, or a field that names it, is closed to the asker. */
export const narrowWhy = (sight: RowSight, why: Why): Why | undefined => {
  const ofReport = Object.hasOwn(REPORT_ITEMS, why.report) ? REPORT_ITEMS[why.report] : undefined;
  const items = why.list === undefined ? ofReport : ofReport?.beside?.[why.list];
  const row = {
    ...Object.fromEntries(why.figures.map(({ code }) => [code, null])),
    ...rowOfWhy(why),
  };
  const shown = items && sight.shown(items, row);
  if (shown === undefined || !Object.keys(why.key).every((field) => Object.hasOwn(shown, field)))
    return undefined;
  return {
    ...why,
    figures: why.figures
      .filter(({ code }) => Object.hasOwn(shown, code))
      .map((figure) => narrowFigure(sight, figure, row)),
  };
};
