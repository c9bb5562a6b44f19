/** What every report about contracts begins with: the contracts asked for and what was earned under them. */
import { type Contract, contributionsByContract } from '../policies/contract-use.ts';
import type { Contribution } from '../policies/contribution.ts';
import { type ContributionScope, contributionsOf } from '../policies/contributions.ts';
import { type StampMovement, stampMovements } from '../policies/stamp-movements.ts';
import type { ReportInput } from './report.ts';

export interface ContractFacts {
  readonly contracts: readonly Contract[];
  readonly contributions: readonly Contribution[];
  readonly ofContract: (contractId: string) => readonly Contribution[];
  readonly movementsOf: (contractId: string) => readonly StampMovement[];
}

type Asked = Pick<ReportInput, 'registry' | 'index' | 'days' | 'filter' | 'asOf' | 'settled'> &
  Pick<ContributionScope, 'isSettled'>;

/** Stamps of every contract in order of date: what a company's own book is made of. */
export const stampMovementsOf = ({
  registry,
  index,
  days,
  asOf,
  isSettled,
}: Omit<Asked, 'filter' | 'settled'>): readonly StampMovement[] =>
  stampMovements(
    index,
    registry.contracts,
    contributionsOf(days, index, { asOf, isSettled }).contributions,
    asOf,
  );

/** Over the whole life of the contracts: such a report needs every date. */
export const contractFacts = ({
  registry,
  index,
  days,
  filter,
  asOf,
  settled,
  isSettled = settled?.isAllocated,
}: Asked): ContractFacts => {
  const contracts = registry.contracts
    .filter(({ siteId }) => filter.siteId === undefined || siteId === filter.siteId)
    .toSorted((a, b) => (a.contractId < b.contractId ? -1 : 1));
  const { contributions } = contributionsOf(days, index, { asOf, isSettled });
  const byContract = contributionsByContract(contributions);
  const movements = Map.groupBy(
    stampMovements(index, contracts, contributions, asOf),
    ({ contractId }) => contractId,
  );
  return {
    contracts,
    contributions,
    ofContract: (contractId) => byContract.get(contractId) ?? [],
    movementsOf: (contractId) => movements.get(contractId) ?? [],
  };
};
