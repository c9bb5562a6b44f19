/**
 * Labour cost by level (レベル別の労務費): person-days of each company, trade and level against the pay
 * guideline of those days, with 職長手当; and whether the prime respected the estimate (見積り尊重).
 *
 * Source: 官民施策パッケージ 2020-03 (建設技能者のレベルに応じた賃金支払). The guideline is data of the
 * registry with its source; none is built in, and what has no guideline says so. A day of pay is a year's
 * pay by the days of that year's pay (MLIT counts 234); it is no duty to pay. Yen round down, once.
 */
import type { CompanyId, SiteId } from '../../shared/ids.ts';
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry, RegistryRow } from '../registry/registry-document.ts';
import type { WorkHistoryRecord } from './work-history.ts';
import { floorRatio, type Ratio, sumOfRatios } from './yen.ts';

export type Guideline = RegistryRow<'payGuidelines'>;
type Level = Guideline['level'];

export interface LabourCost {
  readonly siteId: SiteId;
  readonly companyId?: CompanyId;
  readonly trade?: string;
  readonly level?: Level;
  readonly workerDays: number;
  readonly foremanDays: number;
  /** Absent while any of the days has no guideline: half a sum is no sum. */
  readonly guidelineYen?: number;
  readonly daysWithoutGuideline: number;
  readonly sources: readonly string[];
}

/** One person-day, and by which guideline it is priced. */
export interface PricedRecord {
  readonly record: WorkHistoryRecord;
  readonly guideline: Guideline | undefined;
  readonly isForeman: boolean;
}

/** A cost with the person-days that it is the sum of. */
export interface ReasonedLabourCost {
  readonly cost: LabourCost;
  readonly records: readonly PricedRecord[];
}

/** The row of the trade, else that for every trade. */
export const guidelineOn = (
  guidelines: readonly Guideline[],
  trade: string | undefined,
  level: Level,
  date: WorkDate,
): Guideline | undefined => {
  const valid = guidelines.filter((row) => row.level === level && isValidOn(row, date));
  return (
    valid.find((row) => row.trade !== undefined && row.trade === trade) ??
    valid.find((row) => row.trade === undefined)
  );
};

/** Yen of one day by a guideline, exact; with 職長手当 for a day as 職長. */
export const dayPayOf = (
  { yenPerYear, daysPerYear, foremanYenPerDay = 0 }: Guideline,
  isForeman: boolean,
): Ratio => {
  const days = BigInt(daysPerYear);
  const allowance = isForeman ? BigInt(foremanYenPerDay) : 0n;
  return { numerator: BigInt(yenPerYear) + allowance * days, denominator: days };
};

/** Yen of days, exact until the very end. */
const costOf = (
  rows: readonly { readonly guideline: Guideline; readonly isForeman: boolean }[],
): number => {
  const { numerator, denominator } = sumOfRatios(
    rows.map(({ guideline, isForeman }) => dayPayOf(guideline, isForeman)),
  );
  return Number(floorRatio(numerator, denominator));
};

export const reasonedLabourCosts = (
  records: readonly WorkHistoryRecord[],
  registry: RegistryIndex,
  guidelines: Registry['payGuidelines'],
): readonly ReasonedLabourCost[] => {
  const levelOf = ({ workerId }: WorkHistoryRecord) => registry.workerById.get(workerId)?.level;
  const groups = Map.groupBy(records, (record) =>
    [record.siteId, record.companyId, record.trade, levelOf(record)].join(' '),
  );
  return [...groups.values()].flatMap((of) => {
    const [first] = of;
    if (first === undefined) return [];
    const { siteId, companyId, trade } = first;
    const level = levelOf(first);
    const asked = of.map((record) => ({
      record,
      guideline:
        level === undefined
          ? undefined
          : guidelineOn(guidelines, record.trade, level, record.workDate),
      isForeman: record.role === 'foreman',
    }));
    const priced = asked.flatMap(({ guideline, isForeman }) =>
      guideline === undefined ? [] : [{ guideline, isForeman }],
    );
    const cost = {
      siteId,
      ...(companyId === undefined ? {} : { companyId }),
      ...(trade === undefined ? {} : { trade }),
      ...(level === undefined ? {} : { level }),
      workerDays: of.length,
      foremanDays: asked.filter(({ isForeman }) => isForeman).length,
      ...(priced.length === of.length ? { guidelineYen: costOf(priced) } : {}),
      daysWithoutGuideline: of.length - priced.length,
      sources: [...new Set(priced.map(({ guideline }) => guideline.source))].sort(),
    };
    return [{ cost, records: asked }];
  });
};

/** The costs alone. */
export const labourCosts = (
  records: readonly WorkHistoryRecord[],
  registry: RegistryIndex,
  guidelines: Registry['payGuidelines'],
): readonly LabourCost[] =>
  reasonedLabourCosts(records, registry, guidelines).map(({ cost }) => cost);

/** `respected`: the prime agreed to what was estimated, or more. */
export type QuoteVerdict = 'respected' | 'reduced' | 'not-agreed';

export const judgeQuote = ({
  estimateYen,
  contractedYen,
}: Pick<RegistryRow<'labourQuotes'>, 'estimateYen' | 'contractedYen'>): QuoteVerdict => {
  if (contractedYen === undefined) return 'not-agreed';
  return contractedYen >= estimateYen ? 'respected' : 'reduced';
};
