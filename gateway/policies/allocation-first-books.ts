/**
 * 掛金助成手帳 in allocation: of the stamps of a first book every fifth day is free, 25 days take 20 stamps
 * (kentaikyo.taisyokukin.go.jp/m/menu6.html, sizkk-net.or.jp/kentaikyo/process).
 *
 * Counted in the order of allocation over the days paid by stamps, as they are pasted: a day that comes
 * late or is taken back moves no free day that was allocated already. How free days are treated under points is
 * not published: points pay every day.
 */
import type { WorkerId } from '../../shared/ids.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import type { AllocatedDay } from './allocated-day.ts';
import { bookletProgress } from './booklet.ts';

type BookDay = Pick<AllocatedDay, 'workerId' | 'workDate' | 'method' | 'days'>;

export interface FirstBooks {
  /** Counts a day in; returns how many of its days are free. */
  readonly allocate: (row: BookDay) => number;
}

interface Count {
  days: number;
  exempt: number;
}

/** `allocated`: what was allocated so far, with what is taken back as rows below 0. */
export const createFirstBooks = (
  bookOf: (workerId: WorkerId) => RegistryRow<'booklets'> | undefined,
  allocated: readonly (BookDay & Pick<AllocatedDay, 'exemptDays'>)[],
): FirstBooks => {
  const countByWorker = new Map<WorkerId, Count>();
  const countOf = ({ workerId, workDate, method }: BookDay): Count | undefined => {
    const book = method === 'stamps' ? bookOf(workerId) : undefined;
    const isInBook =
      book !== undefined &&
      book.issuedOn <= workDate &&
      (book.closedOn === undefined || workDate <= book.closedOn);
    if (!isInBook) return undefined;
    const known = countByWorker.get(workerId);
    if (known !== undefined) return known;
    const days = book.daysBefore ?? 0;
    const count = { days, exempt: bookletProgress(1, days).exemptDays };
    countByWorker.set(workerId, count);
    return count;
  };
  for (const row of allocated) {
    const count = countOf(row);
    if (count === undefined) continue;
    count.days += row.days;
    count.exempt += row.exemptDays;
  }
  return {
    allocate: (row) => {
      const count = countOf(row);
      if (count === undefined) return 0;
      count.days += row.days;
      const due = bookletProgress(1, count.days).exemptDays;
      const exempt = Math.min(row.days, Math.max(0, due - count.exempt));
      count.exempt += exempt;
      return exempt;
    },
  };
};
