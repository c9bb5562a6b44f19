/** Bodies that may have millions of rows: written in pieces, with turns for others in between. */
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Context } from 'hono';
import { csvContentType, encodeCsv } from '../csv/encode-csv.ts';
import { createFaultList } from '../fault-list.ts';
import { tableCsv } from '../registry/csv/table-csv.ts';
import type { Registry, RegistryTable } from '../registry/registry-document.ts';
import { problem } from './problem.ts';
import type { TableRendering } from './registry-openapi.ts';

const ROWS_PER_PIECE = 500;

const streamed = (pieces: Iterable<Uint8Array>): ReadableStream<Uint8Array> => {
  async function* inTurns() {
    for (const piece of pieces) {
      yield piece;
      await setImmediate();
    }
  }
  return Readable.toWeb(Readable.from(inTurns())) as ReadableStream<Uint8Array>;
};

const encoder = new TextEncoder();

function* jsonPieces(tables: Readonly<Record<string, readonly unknown[]>>): Generator<Uint8Array> {
  let before = '{';
  for (const [table, rows] of Object.entries(tables)) {
    yield encoder.encode(`${before}${JSON.stringify(table)}:[`);
    before = '],';
    for (let at = 0; at < rows.length; at += ROWS_PER_PIECE) {
      const texts = rows.slice(at, at + ROWS_PER_PIECE).map((row) => JSON.stringify(row));
      yield encoder.encode(`${at === 0 ? '' : ','}${texts.join(',')}`);
    }
  }
  yield encoder.encode(before === '{' ? '{}' : ']}');
}

/** An object with a list of rows per table. */
export const jsonBody = (
  context: Context,
  tables: Readonly<Record<string, readonly unknown[]>>,
): Response =>
  context.body(streamed(jsonPieces(tables)), 200, { 'content-type': 'application/json' });

/** Characters that the encoding lacks are told before anything is sent. */
export const csvBody = async (
  context: Context,
  registry: Registry,
  table: RegistryTable,
  { encoding, header }: TableRendering,
): Promise<Response> => {
  const faults = createFaultList();
  const pieces: Uint8Array[] = [];
  let line = 0;
  for (const piece of tableCsv(registry, table, header)) {
    const encoded = encodeCsv(piece, encoding);
    if (encoded.ok) pieces.push(encoded.value);
    else
      for (const { place, message } of encoded.faults)
        faults.add(`line ${line + Number(place.replace('line ', ''))}`, message);
    line += piece.split('\r\n').length - 1;
    await setImmediate();
  }
  if (faults.count() > 0) return problem(context, 422, faults.faults());
  return context.body(streamed(pieces), 200, {
    'content-disposition': `attachment; filename="${table}.csv"`,
    'content-type': csvContentType(encoding),
  });
};
