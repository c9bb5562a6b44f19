/** What of dated rows changed when (変更の日), as lists that go to an orderer or 元請 again tell it (入契法第15条). */
import { type Dated, dayAfter, type WorkDate } from '../../shared/time.ts';

export interface DatedChange<Row> {
  readonly date: WorkDate;
  readonly kind: 'joined' | 'left' | 'changed';
  readonly row: Row;
}

/**
 * Beginnings and ends of rows. One that follows on another of the same key is a change and no leaving; it leaves
 * on the day after its last.
 */
export const datedChanges = <Row extends Dated>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): readonly DatedChange<Row>[] => {
  const at = (row: Row, date: WorkDate | undefined): string | undefined =>
    date && `${keyOf(row)} ${date}`;
  const ends = new Set(rows.map((row) => at(row, dayAfter(row))));
  const begins = new Set(rows.map((row) => at(row, row.from)));
  return rows.flatMap((row): readonly DatedChange<Row>[] => {
    const { from } = row;
    const left = dayAfter(row);
    return [
      ...(from === undefined
        ? []
        : [{ date: from, kind: ends.has(at(row, from)) ? 'changed' : 'joined', row } as const]),
      ...(left === undefined || begins.has(at(row, left))
        ? []
        : [{ date: left, kind: 'left', row } as const]),
    ];
  });
};
