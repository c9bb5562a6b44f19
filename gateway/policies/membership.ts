/**
 * 加入労働者数: who of the workers under a contract is a member of 建退共, and why the others are not.
 *
 * The 加入労働者数報告書 stands in place of the 辞退届 for works ordered from 2021-04
 * (senmonshi.com … SBG8, kensetsunet-pr.com/2020-7-2-1). Counted are those who are or were on the list of
 * the site under the contract, and those who worked without being on it; each on the last day that is known.
 */
import type { CompanyId, WorkerId } from '../../shared/ids.ts';
import type { WorkDate } from '../../shared/time.ts';
import { contractFor, type RegistryIndex } from '../registry/registry.ts';
import type { Contract } from './contract-use.ts';
import type { Contribution } from './contribution.ts';
import { type NotPayable, oldestPayable, payability } from './not-payable.ts';

export type NotMember = Exclude<NotPayable, 'too-late'>;

export interface Membership {
  readonly companyId: CompanyId;
  readonly workers: number;
  readonly members: number;
  readonly notMembers: Readonly<Record<NotMember, number>>;
}

interface Seen {
  readonly workerId: WorkerId;
  readonly companyId: CompanyId;
  readonly date: WorkDate;
}

const onTheList = (index: RegistryIndex, contract: Contract, asOf: WorkDate): readonly Seen[] =>
  (index.assignmentsBySite.get(contract.siteId) ?? []).flatMap(
    ({ workerId, companyId, from, to }) => {
      const date = to !== undefined && to < asOf ? to : asOf;
      const isBegun = from === undefined || from <= asOf;
      const isOurs =
        contractFor(index, contract.siteId, companyId, date)?.contractId === contract.contractId;
      return isBegun && isOurs ? [{ workerId, companyId, date }] : [];
    },
  );

/** By company. `contributions`: of that contract. */
export const membershipOf = (
  index: RegistryIndex,
  contract: Contract,
  contributions: readonly Contribution[],
  asOf: WorkDate,
): readonly Membership[] => {
  const seen = [
    ...onTheList(index, contract, asOf),
    ...contributions.map(({ workerId, companyId, workDate }) => ({
      workerId,
      companyId,
      date: workDate,
    })),
  ];
  const last = new Map<string, Seen>();
  for (const each of seen) {
    const key = `${each.companyId} ${each.workerId}`;
    const known = last.get(key);
    if (known === undefined || known.date < each.date) last.set(key, each);
  }
  return [...Map.groupBy([...last.values()], ({ companyId }) => companyId)]
    .map(([companyId, people]) => {
      const notMembers = { officer: 0, 'other-scheme': 0, 'sole-contractor': 0, 'no-member-no': 0 };
      for (const { workerId, date } of people) {
        const day = { workerId, companyId, workDate: date };
        const why = payability(index, day, oldestPayable(date)).obstacle;
        if (why !== undefined && why !== 'too-late') notMembers[why] += 1;
      }
      const outside = Object.values(notMembers).reduce((sum, count) => sum + count, 0);
      return { companyId, workers: people.length, members: people.length - outside, notMembers };
    })
    .sort((a, b) => (a.companyId < b.companyId ? -1 : 1));
};
