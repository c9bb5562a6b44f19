/** What every document of one contract begins with (工事ごとの帳票): the contract, its days and its stamps. */
import { z } from 'zod';
import type { CompanyId } from '../../shared/ids.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { AllocatedDay } from '../policies/allocated-day.ts';
import { yenOfRow } from '../policies/allocation-run.ts';
import { type Contract, knowsMethod } from '../policies/contract-use.ts';
import type { Contribution } from '../policies/contribution.ts';
import { type WorkedDay, workedDayKey } from '../policies/not-payable.ts';
import type { StampMovement } from '../policies/stamp-movements.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Method } from '../registry/registry-document.ts';
import { contractFacts } from '../reports/contract-facts.ts';
import type { DocumentModel, Fact } from './document.ts';
import {
  type DocumentInput,
  type DocumentKind,
  documentKind,
  notThere,
  refused,
} from './document-kind.ts';
import { companyName, issuerLines } from './names.ts';
import { METHOD_JA } from './words-ja.ts';

export const ContractQuery = z.object({ contractId: z.string().min(1).max(100) });

export interface ContractCase extends DocumentInput {
  readonly contract: Contract;
  readonly primeId: CompanyId;
  /** Of the contract, by confirmed runs of 充当. */
  readonly confirmed: readonly AllocatedDay[];
  /** Over the whole life of the contract; a day that stands allocated is never too late. */
  readonly contributions: readonly Contribution[];
  readonly movements: readonly StampMovement[];
}

/** The contract that is asked for with all that was earned and moved under it. */
const contractCase = (input: DocumentInput, contractId: string): Result<ContractCase> => {
  const contract = input.index.contractById.get(contractId);
  const site = contract && input.index.siteById.get(contract.siteId);
  if (contract === undefined || site === undefined)
    return refused(notThere('contractId', contractId, 'contracts'));
  const confirmed = input.allocated(contractId, []).filter((day) => day.contractId === contractId);
  const settled = new Set(confirmed.map(workedDayKey));
  const facts = contractFacts({
    ...input,
    filter: { siteId: contract.siteId },
    isSettled: (day) => settled.has(workedDayKey(day)),
  });
  return ok({
    ...input,
    contract,
    primeId: site.primeId,
    confirmed,
    contributions: facts.ofContract(contractId),
    movements: facts.movementsOf(contractId),
  });
};

/** What runs allocated by one method, under any contract. */
export const allocatedBy = (
  method: Method,
  { registry, allocated }: Pick<DocumentInput, 'registry' | 'allocated'>,
): readonly AllocatedDay[] =>
  registry.contracts
    .filter((contract) => knowsMethod(contract, method))
    .flatMap(({ contractId }) => allocated(contractId, []))
    .filter((day) => day.method === method);

/** Whether a run allocated stamps to a day, under any contract: what a company's own book rests on. */
export const settledByStamps = (
  input: Pick<DocumentInput, 'registry' | 'allocated'>,
): ((day: WorkedDay) => boolean) => {
  const settled = new Set(allocatedBy('stamps', input).map(workedDayKey));
  return (day) => settled.has(workedDayKey(day));
};

/** Days and yen that confirmed runs of 充当 allocated; exempt days of a first book cost nothing. */
export const confirmedSum = (
  days: readonly AllocatedDay[],
): { readonly confirmedDays: number; readonly confirmedYen: number } => ({
  confirmedDays: days.reduce((sum, day) => sum + day.days, 0),
  confirmedYen: days.reduce((sum, day) => sum + yenOfRow(day), 0),
});

/** Which of the two figures is what. */
export const CONFIRMED_NOTE =
  '掛金充当日数・充当額は、就労の記録から計算した、充当すべき日数と掛金です。「充当確定」は、そのうち、このシステムの「充当」で確定した分です（取り消した分を除く）。建退共への手続そのものではありません。';

/** Contracts look at every date: their first day may be years ago. */
export const wholeLife = () => ({});

/** The contract's method, and who pays otherwise. */
const methodsJa = (index: RegistryIndex, { method, exceptions = [] }: Contract): string => {
  const others = exceptions.filter((each) => each.method !== method);
  const names = others.map(({ companyId }) => companyName(index, companyId)).join('、');
  return others.length === 0
    ? METHOD_JA[method]
    : `${METHOD_JA[method]}（${names}は${METHOD_JA[method === 'points' ? 'stamps' : 'points']}）`;
};

/** 工事の表示, in the order in which forms have it. */
export const contractFactsJa = (
  index: RegistryIndex,
  { contract, primeId }: Pick<ContractCase, 'contract' | 'primeId'>,
): readonly Fact[] => [
  { label: '工事名', kind: 'text', value: contract.name },
  { label: '契約番号', kind: 'id', value: contract.contractId },
  { label: '発注者', kind: 'text', value: contract.ordererName },
  { label: '元請', kind: 'text', value: companyName(index, primeId) },
  { label: '契約年月日', kind: 'date', value: contract.contractDate },
  { label: '完成（予定）年月日', kind: 'date', value: contract.completionDate },
  { label: '請負代金額等', kind: 'yen', value: contract.costYen },
  { label: '納付方式', kind: 'text', value: methodsJa(index, contract) },
];

interface ContractDefinition<Query extends typeof ContractQuery> {
  readonly name: string;
  readonly titleJa: string;
  readonly query: Query;
  readonly orientation?: DocumentModel['orientation'];
  /** What differs from document to document; the frame is the same. */
  readonly content: (
    found: ContractCase,
    query: z.infer<Query>,
  ) => Result<
    Pick<DocumentModel, 'sections' | 'notes' | 'sources'> &
      Partial<Pick<DocumentModel, 'subtitle' | 'addressee' | 'issuer'>>
  >;
}

/** A document of one contract, from the 元請 unless its content says otherwise. */
export const contractDocument = <Query extends typeof ContractQuery>({
  name,
  titleJa,
  query,
  orientation = 'portrait',
  content,
}: ContractDefinition<Query>): DocumentKind =>
  documentKind({
    name,
    titleJa,
    query,
    needs: wholeLife,
    make: (input, asked): Result<DocumentModel> => {
      const found = contractCase(input, asked.contractId);
      if (!found.ok) return found;
      const made = content(found.value, asked);
      if (!made.ok) return made;
      return ok({
        name,
        language: 'ja',
        orientation,
        title: titleJa,
        madeOn: input.asOf,
        issuer: issuerLines(input.index, found.value.primeId),
        ...made.value,
      });
    },
  });
