/** Pages that somebody follows by a cursor (カーソル): narrowed, in order, and waited for where there is nothing yet. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { RowItems } from '../access/report-items.ts';
import type { Narrowed, Sight } from '../access/sight.ts';
import type { WaitEnd, WaitForNews } from '../commit-signal.ts';
import { problem } from './problem.ts';

/** A position in the ledger or in the feed of changes, as `next` gave it out; opaque to the reader. */
const Cursor = z.string().regex(/^\d{0,15}$/, 'must be what an answer gave as next');

export const PageQuery = {
  /** Absent or empty = from the beginning. */
  after: Cursor.default('').transform(Number),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  /** Long poll: seconds to wait for something new when the page would be empty. */
  wait: z.coerce.number().min(0).max(60).default(0),
};

/** Rows read for one narrowed page before it is answered as it is. */
const SCAN_MAX = 50_000;
/** Rows read at once where the first had nothing for the asker: who asks for one row must not cause a read for each. */
const SCAN_STEP = 1_000;

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
  /** Up to here there was nothing for this asker, or it is in the page. */
  readonly passed: number;
}

/**
 * The next page with something in it for this asker; what lies between is passed over. `from`: how far an earlier
 * look of the same request passed.
 */
export const followedPage = <Item, Row extends object>(
  { sight, items, query: { after, limit }, read, cursorOf, rowOf }: Followed<Item, Row>,
  from = after,
): FollowedPage<Row> => {
  let cursor = from;
  for (let scanned = 0, step = limit; ; step = Math.max(limit, SCAN_STEP)) {
    const found = read(cursor, step);
    for (let at = 0; at < found.length; at += limit) {
      const slice = found.slice(at, at + limit);
      const seen = sight.rows(items, slice.map(rowOf));
      const last = slice.at(-1);
      if (last !== undefined) cursor = cursorOf(last);
      if (seen.rows.length > 0) return { ...seen, next: String(cursor), passed: cursor };
    }
    scanned += found.length;
    const isEnd = found.length < step;
    if (isEnd || scanned > SCAN_MAX)
      return { ...sight.rows(items, []), next: String(isEnd ? after : cursor), passed: cursor };
  }
};

export interface Awaited<Item, Row extends object> extends Followed<Item, Row> {
  readonly query: { readonly after: number; readonly limit: number; readonly wait: number };
  readonly news: WaitForNews;
  /** Of the request: it ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * The same, waited for where there is nothing yet, until there is something for this asker: what comes for others
 * ends no wait, so that a site at which nothing happens does not ask on and on. `full`: it would have had to wait,
 * and there is no room for it.
 */
export const awaitedPage = async <Item, Row extends object>(
  followed: Awaited<Item, Row>,
): Promise<FollowedPage<Row> | 'full'> => {
  const { query, news, signal } = followed;
  const waitMs = query.wait * 1_000;
  let page = followedPage(followed);
  const isEmpty = (): boolean => page.rows.length === 0 && page.next === String(query.after);
  if (!isEmpty() || waitMs === 0) return page;
  const over = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  for (let end: WaitEnd = 'news', isFirst = true; end === 'news' && isEmpty(); isFirst = false) {
    end = await news(waitMs, over);
    if (end === 'full' && isFirst) return end;
    if (!signal.aborted) page = followedPage(followed, page.passed);
  }
  return page;
};

const RETRY_AFTER_SECONDS = 10;

/** The answer to who would have had to wait and could not: they may ask again, or without `wait` at once. */
export const noRoomToWait = (context: Context): HTTPException => {
  context.header('retry-after', String(RETRY_AFTER_SECONDS));
  return new HTTPException(503, {
    res: problem(context, 503, [{ place: 'wait', message: 'too many wait already' }]),
  });
};
