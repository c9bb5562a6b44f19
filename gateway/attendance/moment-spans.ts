/** Spans of moments (期間): what dates of the registry come to, and what they leave open. Pure. */
import { type Dated, dayAfter, startOfDate, UTC_MS_MAX, utcMs } from '../../shared/time.ts';
import { ALWAYS, type MomentSpan } from '../store/ledger.ts';

/** From the first moment of the first date to the last one of the last; a missing end is open. */
export const spanOf = ({ from, to }: Dated): MomentSpan => {
  const after = dayAfter({ to });
  return {
    from: from === undefined ? ALWAYS.from : startOfDate(from),
    to: after === undefined ? UTC_MS_MAX : utcMs(startOfDate(after) - 1),
  };
};

/** What of `within` none of `rows` covers, in no promised order. */
export const uncovered = (within: MomentSpan, rows: readonly Dated[]): readonly MomentSpan[] => {
  let open: readonly MomentSpan[] = [within];
  for (const { from, to } of rows.map(spanOf)) {
    // The wrong way round, it is valid on no date.
    if (from > to) continue;
    open = open.flatMap((span) => [
      ...(span.from < from ? [{ from: span.from, to: utcMs(Math.min(span.to, from - 1)) }] : []),
      ...(span.to > to ? [{ from: utcMs(Math.max(span.from, to + 1)), to: span.to }] : []),
    ]);
  }
  return open;
};
