/**
 * Tiers of a site (施工体制) that go round in a circle on some date: a company that is above itself.
 *
 * Under different contracts of one site two companies may each stand above the other; under one they
 * cannot. Sites without a circle on any date, nearly all, cost one pass over their rows.
 */
import type { CompanyId } from '../../../shared/ids.ts';
import { type Dated, isValidOn, workDate } from '../../../shared/time.ts';
import type { FaultList } from '../../fault-list.ts';
import { type DraftRegistry, soundRows } from '../draft-registry.ts';

/** More rows of one site in circles over the years than any site has; not worked through date by date. */
const TANGLED_ROWS_MAX = 200;
const NAMED_MAX = 6;

interface Tier extends Dated {
  readonly index: number;
  readonly companyId: CompanyId;
  readonly upperId: CompanyId;
  readonly contractId: string | undefined;
}

type End = (tier: Tier) => CompanyId;
const lower: End = ({ companyId }) => companyId;
const upper: End = ({ upperId }) => upperId;

/** Takes away the rows at companies that no row leads on from, again and again. */
const peeled = (tiers: readonly Tier[], from: End, to: End): readonly Tier[] => {
  const leavingLeft = new Map<CompanyId, number>();
  for (const tier of tiers) leavingLeft.set(from(tier), (leavingLeft.get(from(tier)) ?? 0) + 1);
  const arriving = Map.groupBy(tiers, to);
  const ends = [...arriving.keys()].filter((companyId) => !leavingLeft.has(companyId));
  const gone = new Set<Tier>();
  for (let company = ends.pop(); company !== undefined; company = ends.pop()) {
    for (const tier of arriving.get(company) ?? []) {
      gone.add(tier);
      const left = (leavingLeft.get(from(tier)) ?? 0) - 1;
      leavingLeft.set(from(tier), left);
      if (left === 0) ends.push(from(tier));
    }
  }
  return tiers.filter((tier) => !gone.has(tier));
};

/** Rows in circles, and between two circles: from every one of them it goes round above and below. */
const circling = (tiers: readonly Tier[]): readonly Tier[] =>
  peeled(peeled(tiers, lower, upper), upper, lower);

/** Follows the tiers upwards until a company comes again. */
const circleIn = (tiers: readonly Tier[]): readonly Tier[] => {
  const upward = new Map(tiers.map((tier) => [tier.companyId, tier]));
  const path: Tier[] = [];
  const at = new Map<CompanyId, number>();
  for (let tier = tiers[0]; tier !== undefined; tier = upward.get(tier.upperId)) {
    const seenAt = at.get(tier.companyId);
    if (seenAt !== undefined) return path.slice(seenAt);
    at.set(tier.companyId, path.length);
    path.push(tier);
  }
  throw new Error('tiers that circle have no circle');
};

/** Every circle on a date begins on the first day of one of its rows. */
const beginnings = (tiers: readonly Tier[]) => [
  ...new Set(tiers.map(({ from }) => from ?? workDate('0001-01-01'))),
];

const circleOf = (tiers: readonly Tier[]): readonly Tier[] | undefined => {
  for (const contractId of new Set(tiers.map((tier) => tier.contractId))) {
    const ofContract = tiers.filter(
      (tier) => tier.contractId === undefined || tier.contractId === contractId,
    );
    for (const date of beginnings(ofContract)) {
      const left = circling(ofContract.filter((tier) => isValidOn(tier, date)));
      if (left.length > 0) return circleIn(left);
    }
  }
  return undefined;
};

const bySite = (draft: DraftRegistry): Iterable<readonly Tier[]> => {
  const tiers = [...soundRows(draft, 'organisation')].flatMap(
    ([index, { siteId, companyId, upperId, contractId, from, to }]) =>
      upperId === undefined ? [] : [{ siteId, index, companyId, upperId, contractId, from, to }],
  );
  return Map.groupBy(tiers, ({ siteId }) => siteId).values();
};

/** One fault a site: the first circle found, with who is in it. */
export const circlesInTiers = (draft: DraftRegistry, faults: FaultList): void => {
  for (const site of bySite(draft)) {
    const suspects = circling(site);
    const [first] = suspects;
    if (first === undefined) continue;
    if (suspects.length > TANGLED_ROWS_MAX) {
      faults.add(
        `/organisation/${first.index}/upperId`,
        `is one of ${suspects.length} rows of its site that go in circles over the years`,
      );
      continue;
    }
    const circle = circleOf(suspects);
    const [begin] = circle ?? [];
    if (circle === undefined || begin === undefined) continue;
    const names = circle.slice(0, NAMED_MAX).map(({ companyId }) => companyId);
    const round = circle.length > NAMED_MAX ? [...names, '…'] : [...names, begin.companyId];
    faults.add(`/organisation/${begin.index}/upperId`, `goes in a circle: ${round.join(' → ')}`);
  }
};
