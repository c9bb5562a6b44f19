/** Records of a CSV text that comes in pieces: strictly by RFC 4180, with limits, in turns with everything else. */
import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import type { FaultList } from '../fault-list.ts';

/** A record of the registry is some hundred characters; contracts with many sample dates some thousand. */
const RECORD_BYTES_MAX = 1_000_000;

const WORDS: Partial<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: 'has something between a closing quote and the next comma',
  INVALID_OPENING_QUOTE: 'has a quote inside a cell that does not begin with one',
  CSV_QUOTE_NOT_CLOSED: 'opens a quote that is never closed',
  CSV_MAX_RECORD_SIZE: `is longer than ${RECORD_BYTES_MAX} bytes`,
};

const newlinesIn = (cells: readonly string[]): number =>
  cells.reduce((total, cell) => total + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);

/**
 * Calls `take` with each record and the line on which it begins, from 1; lines with nothing in them are
 * passed over. What breaks the quoting ends the reading: nothing behind it can be trusted. Answers whether
 * it came to the end.
 */
export const readCsvRecords = async (
  pieces: Iterable<string>,
  take: (cells: readonly string[], line: number) => void,
  faults: FaultList,
): Promise<boolean> => {
  let line = 1;
  const parser = parse({
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: RECORD_BYTES_MAX,
    on_record: (cells: readonly string[]) => {
      if (cells.some((cell) => cell !== '')) take(cells, line);
      line += 1 + newlinesIn(cells);
      return null;
    },
  });
  parser.resume();
  const ending = finished(parser).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  for (const piece of pieces) {
    if (!parser.destroyed) parser.write(piece);
    await setImmediate();
  }
  if (!parser.destroyed) parser.end();
  const failure = await ending;
  if (failure === undefined) return true;
  if (!(failure instanceof CsvError)) throw failure;
  faults.add(`line ${line}`, WORDS[failure.code] ?? failure.message);
  return false;
};
