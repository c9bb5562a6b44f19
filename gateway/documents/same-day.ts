/**
 * 同じ日の別の就労: what a report has to say of a date that stands in another report too, so that nobody hunts for it.
 *
 * A day at two sites of one employer is credited at the first (rule `two-sites`); with two employers each pays
 * its own. Another site is named, or another employer hinted at, only to a 元請 who has both sites.
 */
import type { SiteId } from '../../shared/ids.ts';
import type { WorkDate } from '../../shared/time.ts';
import type { Contribution } from '../policies/contribution.ts';
import type { DayAtSecondSite } from '../policies/contributions.ts';
import { primeOf, type RegistryIndex } from '../registry/registry.ts';
import { siteName } from './names.ts';
import { NOT_PAYABLE_JA } from './words-ja.ts';

const datesJa = (dates: readonly WorkDate[]): string =>
  dates
    .toSorted()
    .map((date) => `${Number(date.slice(8))}日`)
    .join('、');

/** `7日は同じ日に先に働いた現場（…）で計上`: of one worker's days at a site that another site is credited with. */
export const creditedElsewhereJa = (
  index: RegistryIndex,
  days: readonly DayAtSecondSite[],
): readonly string[] => {
  const where = ({ siteId, credited }: DayAtSecondSite): string => {
    if (credited.notPayable !== undefined) return NOT_PAYABLE_JA[credited.notPayable];
    const isOurs = primeOf(index, siteId) === primeOf(index, credited.siteId);
    return isOurs && credited.siteId !== undefined
      ? `同じ日に先に働いた現場（${siteName(index, credited.siteId)}）で計上`
      : '同じ日に先に働いた他の現場で計上';
  };
  return [...Map.groupBy(days, where)].map(
    ([what, of]) => `${datesJa(of.map(({ credited }) => credited.workDate))}は${what}`,
  );
};

/** Dates on which others pay for the same worker too, by worker; as far as the 元請 of the site has their site. */
export const paidByOthersToo = (
  index: RegistryIndex,
  siteId: SiteId,
  own: readonly Contribution[],
  all: readonly Contribution[],
): ReadonlyMap<string, readonly WorkDate[]> => {
  const dayOf = ({ workerId, workDate }: Contribution): string => `${workerId} ${workDate}`;
  const ours = new Set(own.map(dayOf));
  const companyId = own[0]?.companyId;
  const shared = all.filter(
    (row) =>
      row.companyId !== companyId &&
      ours.has(dayOf(row)) &&
      primeOf(index, row.siteId) === primeOf(index, siteId),
  );
  return new Map(
    [...Map.groupBy(shared, ({ workerId }) => workerId)].map(([workerId, rows]) => [
      workerId,
      [...new Set(rows.map(({ workDate }) => workDate))],
    ]),
  );
};

/** `7日は他の事業者でも就労（それぞれが納付）`; nothing where there is no such date. */
export const paidByOthersJa = (dates: readonly WorkDate[] = []): readonly string[] =>
  dates.length === 0 ? [] : [`${datesJa(dates)}は他の事業者でも就労（それぞれが納付）`];
