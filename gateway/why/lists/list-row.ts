/** A row that stands beside a report's own (帳票の横の表), found by its key, as the report itself makes it. */
import type { Report } from '../../reports/report.ts';
import { type Explain, isOfKey, type WhyInput } from '../explain.ts';
import type { Figure } from '../why.ts';

/** The figures of one such row: every column that is no part of its key. */
type ExplainRow<Row> = (input: WhyInput, row: Row) => readonly Figure[];

/** `Row`: what the report's own `make` puts into that list. */
export const explainListed =
  <Row extends object>(report: Report, list: string, explain: ExplainRow<Row>): Explain =>
  (input, key) => {
    const rows: unknown = Reflect.get(report.make(input), list);
    const fields = report.besideKeys?.[list];
    if (fields === undefined || !Array.isArray(rows)) return undefined;
    const row = (rows as readonly Row[]).find((each) =>
      isOfKey(key, Object.fromEntries(fields.map((field) => [field, Reflect.get(each, field)]))),
    );
    return row && explain(input, row);
  };
