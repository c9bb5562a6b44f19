/** Pages that somebody follows by a cursor (カーソル): narrowed, in order, and waited for where there is nothing yet. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { RowItems } from '../access/report-items.ts';
import type { Narrowed, Sight } from '../access/sight.ts';
import type { WaitForNews } from '../commit-signal.ts';
import { problem } from './problem.ts';

/** A position in the ledger or in the feed of changes; opaque to the reader. */
const Cursor = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const PageQuery = {
  after: Cursor.default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  /** Long poll: seconds to wait for something new when the page would be empty. */
  wait: z.coerce.number().min(0).max(60).default(0),
};

/** Rows read for one narrowed page before it is answered as it is. */
const SCAN_MAX = 50_000;

export interface Followed<Item, Row extends object> {
  readonly sight: Sight;
  readonly items: RowItems;
  readonly query: { readonly after: number; readonly limit: number };
  readonly read: (after: number, limit: number) => readonly Item[];
  readonly cursorOf: (item: Item) => number;
  readonly rowOf: (item: Item) => Row;
}

export interface FollowedPage<Row> extends Narrowed<Row> {
  /** The same as asked with where the page is empty. */
  readonly next: string;
}

/** The next page with something in it for this asker; what lies between is passed over. */
export const followedPage = <Item, Row extends object>({
  sight,
  items,
  query: { after, limit },
  read,
  cursorOf,
  rowOf,
}: Followed<Item, Row>): FollowedPage<Row> => {
  let cursor = after;
  for (let scanned = 0; ; scanned += limit) {
    const found = read(cursor, limit);
    const seen = sight.rows(items, found.map(rowOf));
    const last = found.at(-1);
    if (last !== undefined) cursor = cursorOf(last);
    const isEnd = found.length < limit;
    if (seen.rows.length > 0 || isEnd || scanned > SCAN_MAX)
      return { ...seen, next: String(isEnd && seen.rows.length === 0 ? after : cursor) };
  }
};

export interface Awaited<Item, Row extends object> extends Followed<Item, Row> {
  readonly query: { readonly after: number; readonly limit: number; readonly wait: number };
  readonly news: WaitForNews;
  /** Of the request: it ends the waiting. */
  readonly signal: AbortSignal;
}

/** The same, waited for where there is nothing yet. `full`: it would have had to wait, and there is no room for it. */
export const awaitedPage = async <Item, Row extends object>(
  followed: Awaited<Item, Row>,
): Promise<FollowedPage<Row> | 'full'> => {
  const { query, news, signal } = followed;
  const first = followedPage(followed);
  if (first.rows.length > 0 || first.next !== String(query.after) || query.wait === 0) return first;
  const end = await news(query.wait * 1_000, signal);
  if (end === 'full') return end;
  return end === 'gone' ? first : followedPage(followed);
};

const RETRY_AFTER_SECONDS = 10;

/** The answer to who would have had to wait and could not: they may ask again, or without `wait` at once. */
export const noRoomToWait = (context: Context): HTTPException => {
  context.header('retry-after', String(RETRY_AFTER_SECONDS));
  return new HTTPException(503, {
    res: problem(context, 503, [{ place: 'wait', message: 'too many wait already' }]),
  });
};
