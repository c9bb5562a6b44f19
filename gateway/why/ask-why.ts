/**
 * Asks why (なぜこの数字か): finds the explanation of a report's row, and follows links as deep as wanted.
 *
 * Pure over what it is given; the server and the auditor's `replay` ask through the very same functions.
 */
import { SiteId } from '../../shared/ids.ts';
import { monthOf, WorkDate } from '../../shared/time.ts';
import { type AttendanceDay, type ReckonedDay, reckonedDays } from '../attendance/attendance.ts';
import type { Subject, Touch } from '../attendance/shifts.ts';
import { subjectKey } from '../attendance/subject-key.ts';
import { personAtSite } from '../registry/registry.ts';
import { reportNamed } from '../reports/catalogue.ts';
import type { DateSpan, Report, ReportFilter, ReportSource } from '../reports/report.ts';
import type { ToldEntries } from '../told-entry.ts';
import { EXPLANATIONS, LIST_EXPLANATIONS } from './catalogue.ts';
import type { Figure, RowKey, RowLink, Why, WhyNode } from './why.ts';

export interface WhySource extends ReportSource {
  /** Attendance of every site within a span. */
  readonly days: (span: DateSpan) => readonly AttendanceDay[];
  /** Every touch and passage that counts for somebody at a site, whenever it was. */
  readonly touchesOf: (siteId: SiteId, subject: Subject) => readonly Touch[];
  /** Undefined where the id is no entry: a line of a document. */
  readonly told: ToldEntries;
}

export interface WhyAsker {
  /**
   * Undefined where the report has no such row. `filter`: as the report was asked for; `list`: of a row that
   * stands beside the report's own.
   */
  readonly why: (
    report: Report,
    key: RowKey,
    filter?: ReportFilter,
    list?: string,
  ) => Why | undefined;
  /** The same with its links followed, `depth` steps; beyond `LINKS_MAX` links they stay links. */
  readonly deepened: (why: Why, depth: number) => Why;
}

/** Followed in one answer. */
const LINKS_MAX = 2_000;

const remembered = <Value>(work: (key: string) => Value): ((key: string) => Value) => {
  const known = new Map<string, Value>();
  return (key) => {
    const value = known.get(key) ?? work(key);
    known.set(key, value);
    return value;
  };
};

/** A row of a day or month needs no more days than the report of its month. */
const filterFor = (key: RowKey, filter: ReportFilter): ReportFilter => {
  const date = WorkDate.safeParse(key.workDate);
  const of = date.success ? monthOf(date.data) : undefined;
  return filter.month === undefined && of !== undefined ? { ...filter, month: of } : filter;
};

export const createWhyAsker = (source: WhySource): WhyAsker => {
  const reckoned = new Map<string, readonly ReckonedDay[]>();
  const reckonedOf = (siteId: SiteId, subject: Subject): readonly ReckonedDay[] => {
    const key = `${siteId} ${subjectKey(subject)}`;
    const days =
      reckoned.get(key) ??
      reckonedDays(source.touchesOf(siteId, subject), personAtSite(source.index, siteId, subject));
    reckoned.set(key, days);
    return days;
  };
  const daysByName = remembered((name) => {
    const [from, to] = name.split(' ').map((text) => WorkDate.safeParse(text).data);
    return source.days({ from, to });
  });

  const why: WhyAsker['why'] = (report, key, filter = {}, list = undefined) => {
    const narrowed = filterFor(key, filter);
    const { from, to } = report.needs(narrowed);
    const explain =
      list === undefined ? EXPLANATIONS[report.name] : LIST_EXPLANATIONS[report.name]?.[list];
    const figures = explain?.(
      {
        ...source,
        reckonedOf,
        days: daysByName(`${from ?? ''} ${to ?? ''}`),
        filter: narrowed,
      },
      key,
    );
    if (figures === undefined) return undefined;
    const of = list === undefined ? {} : { list };
    return { report: report.name, ...of, titleJa: report.titleJa, key, figures };
  };

  const figureOf = remembered((name): Figure | undefined => {
    const [report = '', column = '', site = '', ...pairs] = JSON.parse(name) as readonly string[];
    const found = reportNamed(report);
    const key = Object.fromEntries(pairs.map((pair) => pair.split('\u0000')));
    const siteId = SiteId.safeParse(site).data;
    return found && why(found, key, { siteId })?.figures.find(({ code }) => code === column);
  });

  const deepened: WhyAsker['deepened'] = (answer, depth) => {
    let left = LINKS_MAX;
    const follow = (node: RowLink, steps: number): RowLink => {
      if (steps === 0 || left === 0) return node;
      left -= 1;
      const pairs = Object.entries(node.key).map((pair) => pair.join('\u0000'));
      const figure = figureOf(
        JSON.stringify([node.report, node.column, node.reportSite ?? '', ...pairs]),
      );
      return figure === undefined ? node : { ...node, figure: walk(figure, steps - 1) };
    };
    const walkNode = (node: WhyNode, steps: number): WhyNode =>
      node.kind === 'row' ? follow(node, steps) : node.kind === 'figure' ? walk(node, steps) : node;
    const walk = (figure: Figure, steps: number): Figure => ({
      ...figure,
      parts: figure.parts.map((node) => walkNode(node, steps)),
      grounds: figure.grounds.map((node) => walkNode(node, steps)),
    });
    return { ...answer, figures: answer.figures.map((figure) => walk(figure, depth)) };
  };
  return { why, deepened };
};

/** The row that an explanation is of, as the report has it. */
export const rowOfWhy = ({ key, figures }: Why): Readonly<Record<string, unknown>> => ({
  ...key,
  ...Object.fromEntries(
    figures.flatMap(({ code, value }) => (value === undefined ? [] : [[code, value]])),
  ),
});
