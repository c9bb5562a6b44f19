/** Pages that somebody follows by a cursor (カーソル): narrowed, in order, and waited for where there is nothing yet. */
import { z } from '@hono/zod-openapi';
import type { RowItems } from '../access/report-items.ts';
import type { Narrowed, Sight } from '../access/sight.ts';

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
  readonly query: { readonly after: number; readonly limit: number; readonly wait: number };
  readonly read: (after: number, limit: number) => readonly Item[];
  readonly cursorOf: (item: Item) => number;
  readonly rowOf: (item: Item) => Row;
  /** Resolves when there may be something new, or after that many milliseconds. */
  readonly news: (timeoutMs: number) => Promise<void>;
}

export interface FollowedPage<Row> extends Narrowed<Row> {
  /** The same as asked with where the page is empty. */
  readonly next: string;
}

/** The next page with something in it for this asker; what lies between is passed over. */
export const followedPage = async <Item, Row extends object>({
  sight,
  items,
  query: { after, limit, wait },
  read,
  cursorOf,
  rowOf,
  news,
}: Followed<Item, Row>): Promise<FollowedPage<Row>> => {
  const page = (): FollowedPage<Row> => {
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
  const first = page();
  if (first.rows.length > 0 || first.next !== String(after) || wait === 0) return first;
  await news(wait * 1_000);
  return page();
};
