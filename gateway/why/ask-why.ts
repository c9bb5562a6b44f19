/**
 * Asks why (なぜこの数字か): finds the explanation of a report's row, and follows links as deep as wanted.
 *
 * Pure over what it is given; the server and the auditor's `replay` ask through the very same functions.
 */
import { SiteId } from '../../shared/ids.ts';
import { onceEach } from '../../shared/lazily.ts';
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

/** A row of a day or month needs no more days than the report of its month. */
const filterFor = (key: RowKey, filter: ReportFilter): ReportFilter => {
  const date = WorkDate.safeParse(key.workDate);
  const of = date.success ? monthOf(date.data) : undefined;
  return filter.month === undefined && of !== undefined ? { ...filter, month: of } : filter;
};

export const createWhyAsker = (source: WhySource): WhyAsker => {
  const reckonedBySubject = onceEach(
    ({ siteId, subject }: { readonly siteId: SiteId; readonly subject: Subject }) =>
      `${siteId} ${subjectKey(subject)}`,
    ({ siteId, subject }): readonly ReckonedDay[] =>
      reckonedDays(source.touchesOf(siteId, subject), personAtSite(source.index, siteId, subject)),
  );
  const daysOf = onceEach(({ from, to }: DateSpan) => `${from ?? ''} ${to ?? ''}`, source.days);

  const why: WhyAsker['why'] = (report, key, filter = {}, list = undefined) => {
    const narrowed = filterFor(key, filter);
    const explain =
      list === undefined ? EXPLANATIONS[report.name] : LIST_EXPLANATIONS[report.name]?.[list];
    const figures = explain?.(
      {
        ...source,
        reckonedOf: (siteId, subject) => reckonedBySubject({ siteId, subject }),
        days: daysOf(report.needs(narrowed)),
        filter: narrowed,
      },
      key,
    );
    if (figures === undefined) return undefined;
    const of = list === undefined ? {} : { list };
    return { report: report.name, ...of, titleJa: report.titleJa, key, figures };
  };

  const figureOf = onceEach(
    ({ report, column, reportSite, key }: RowLink) =>
      JSON.stringify([report, column, reportSite, Object.entries(key)]),
    ({ report, column, reportSite, key }): Figure | undefined => {
      const found = reportNamed(report);
      const { data: siteId } = SiteId.safeParse(reportSite);
      return found && why(found, key, { siteId })?.figures.find(({ code }) => code === column);
    },
  );

  const deepened: WhyAsker['deepened'] = (answer, depth) => {
    let left = LINKS_MAX;
    const follow = (node: RowLink, steps: number): RowLink => {
      if (steps === 0 || left === 0) return node;
      left -= 1;
      const figure = figureOf(node);
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
