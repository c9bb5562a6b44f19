/** 掛金日額: what one contributed day costs, by work date and never by the day of reporting. */
import type { CompanyId, WorkerId } from '../../shared/ids.ts';
import { isValidOn, type WorkDate, workDate } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Method, RegistryRow } from '../registry/registry-document.ts';
import { type EffectiveRow, type EffectiveTable, rowOn } from './effective-table.ts';

/**
 * Yen per day. 310 held long before, so its row is open at its beginning; what lies more than 730 days
 * back cannot be paid any more anyway.
 */
export const DAILY_PREMIUM_YEN: EffectiveTable<number> = [
  {
    from: undefined,
    value: 310,
    source: 'https://kentaikyo.taisyokukin.go.jp/denshi/denshi1.html (就労日 2021-09-30 まで)',
  },
  {
    from: workDate('2021-10-01'),
    value: 320,
    source: 'https://kentaikyo.taisyokukin.go.jp/denshi/denshi1.html (就労日 2021-10-01 から)',
  },
];

export interface DailyPremium {
  /** Base and surcharge together: what a day costs. */
  readonly yen: number;
  /** 上乗せ, a multiple of 10; absent = none. */
  readonly surchargeYen?: number;
  readonly source: string;
}

const BASE: readonly DailyPremium[] = DAILY_PREMIUM_YEN.map(({ value, source }) => ({
  yen: value,
  source,
}));

export interface PremiumQuestion {
  readonly workerId: WorkerId;
  readonly companyId: CompanyId;
  readonly workDate: WorkDate;
  readonly method: Method | undefined;
}

export interface PremiumGrounds {
  readonly premium: DailyPremium;
  /** The row of the table in force. */
  readonly base: EffectiveRow<number>;
  readonly surcharge: RegistryRow<'surcharges'> | undefined;
}

/**
 * What a day of that worker costs, who says so, and the rows that it rests on.
 *
 * A surcharge (複数掛金) was reported in 2025-09 as planned, for 電子ポイント方式 only, and was not found in
 * force: none is built in. Where a registry row names one with its source, it is added to days paid by
 * points, and stamps, which know one value, stay at the base.
 */
export const premiumGrounds = (
  registry: Pick<RegistryIndex, 'surchargesByWorker'>,
  { workerId, companyId, workDate: date, method }: PremiumQuestion,
): PremiumGrounds => {
  const row = rowOn(DAILY_PREMIUM_YEN, date);
  const base = BASE[DAILY_PREMIUM_YEN.indexOf(row)] ?? { yen: row.value, source: row.source };
  const surcharge =
    method === 'points'
      ? registry.surchargesByWorker
          .get(workerId)
          ?.find(
            (each) =>
              (each.companyId === undefined || each.companyId === companyId) &&
              isValidOn(each, date),
          )
      : undefined;
  const premium =
    surcharge === undefined || surcharge.yen === 0
      ? base
      : {
          yen: base.yen + surcharge.yen,
          surchargeYen: surcharge.yen,
          source: `${base.source}; 上乗せ: ${surcharge.source}`,
        };
  return { premium, base: row, surcharge };
};
