/**
 * 購入額の目安 (掛金納付の考え方): what a contract should buy beforehand.
 *
 * The planned days of those who are members come first; only where nobody can plan them, the table of ‰
 * of the total cost. The table assumes that 70 % of the planned days are members' days, so it is scaled
 * by the joining rate over 70. Below 1,000千円 its first column holds. Rounded down, as printed:
 * 50,000千円, 舗装, 50 % → 103,571円.
 *
 * Sources: https://www.tori-ken.or.jp/1025.htm, http://hirokenkyou.jp/ken/kenjigyo04.html (the latter
 * for 土木, first four columns). Whether the table was made anew for 320円 is not known.
 */
import { type WorkDate, workDate } from '../../shared/time.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import { DAILY_PREMIUM_YEN } from './daily-premium.ts';
import { type EffectiveRow, type EffectiveTable, rowOn } from './effective-table.ts';
import { exactRatio, floorRatio, wholeYen } from './yen.ts';

export type WorkType = RegistryRow<'contracts'>['workType'];

/** Upper ends of the columns, yen, exclusive; the last column is open. */
const COLUMN_ENDS_YEN = [10_000_000, 50_000_000, 100_000_000, 500_000_000] as const;
type Columns = readonly [number, number, number, number, number];

/** Ten-thousandths of the total cost: 41 is 4.1 ‰. */
const PURCHASE_RATES: EffectiveTable<Readonly<Record<WorkType, Columns>>> = [
  {
    from: undefined,
    value: {
      pavement: [35, 33, 29, 23, 17],
      bridge: [35, 32, 28, 21, 16],
      tunnel: [45, 36, 28, 21, 19],
      dam: [41, 38, 31, 25, 18],
      dredging: [37, 28, 27, 19, 17],
      'civil-other': [41, 36, 31, 23, 18],
      housing: [48, 29, 27, 22, 20],
      'non-housing': [32, 30, 25, 21, 18],
      'outdoor-electrical': [29, 21, 18, 14, 11],
      machinery: [22, 17, 14, 11, 11],
    },
    source: 'https://www.tori-ken.or.jp/1025.htm, http://hirokenkyou.jp/ken/kenjigyo04.html',
  },
];

/** What the table's rate is divided by: ten-thousandths, and the 70 % that it assumes. */
export const TEN_THOUSAND = 10_000n;
export const ASSUMED_JOINING_PERCENT = 70n;

type Priced = Pick<
  RegistryRow<'contracts'>,
  'costYen' | 'workType' | 'joiningRatePercent' | 'contractDate' | 'plannedWorkerDays'
>;

/** The row of the ‰ table in force at the contract, and its rate there, in ten-thousandths: 41 is 4.1 ‰. */
export const purchaseRate = ({
  costYen,
  workType,
  contractDate,
}: Pick<Priced, 'costYen' | 'workType' | 'contractDate'>): {
  readonly row: EffectiveRow<unknown>;
  readonly rate: number;
} => {
  const ended = COLUMN_ENDS_YEN.findIndex((end) => costYen < end);
  const column = ended === -1 ? COLUMN_ENDS_YEN.length : ended;
  const row = rowOn(PURCHASE_RATES, contractDate);
  return { row, rate: row.value[workType][column] ?? 0 };
};

/** The rate alone. */
export const tableRate = (
  contract: Pick<Priced, 'costYen' | 'workType' | 'contractDate'>,
): number => purchaseRate(contract).rate;

/** The ‰ table's figure, whole yen, rounded down. */
export const estimateYen = (contract: Priced): number => {
  const { costYen } = contract;
  const rate = tableRate(contract);
  const joining = exactRatio(contract.joiningRatePercent);
  return wholeYen(
    floorRatio(
      BigInt(costYen) * BigInt(rate) * joining.numerator,
      TEN_THOUSAND * ASSUMED_JOINING_PERCENT * joining.denominator,
    ),
  );
};

export interface ExpectedPurchase {
  readonly expectedYen: number;
  readonly estimateYen: number;
  /** 購入の考え方: which of the two the expectation rests on. */
  readonly basis: 'planned-days' | 'table';
  /** Whole days that the sum buys, rounded up: a part of a stamp cannot be bought. */
  readonly expectedDays: number;
  readonly dayYen: number;
  readonly source: string;
}

/** Planned days × the rate on the contract's date, else the ‰ table. */
export const expectedPurchase = (contract: Priced): ExpectedPurchase => {
  const premium = rowOn(DAILY_PREMIUM_YEN, contract.contractDate);
  const table = estimateYen(contract);
  const planned = contract.plannedWorkerDays;
  const expectedYen = planned === undefined ? table : planned * premium.value;
  return {
    expectedYen,
    estimateYen: table,
    basis: planned === undefined ? 'table' : 'planned-days',
    expectedDays: Math.floor((expectedYen + premium.value - 1) / premium.value),
    dayYen: premium.value,
    source:
      planned === undefined ? rowOn(PURCHASE_RATES, contract.contractDate).source : premium.source,
  };
};

/** From 310円 to 320円: the two values that a stamp has had. */
const STAMP_VALUES_YEN = DAILY_PREMIUM_YEN.map(({ value }) => value);

/** Since that date a stamp bought is a 320円 stamp. */
export const stampValueOn = (date: WorkDate): number => rowOn(DAILY_PREMIUM_YEN, date).value;

/** The last day on which banks exchanged 310円 stamps; since then headquarters only. */
const BANKS_EXCHANGED_TO = workDate('2021-12-31');

export interface StampExchange {
  readonly newStamps: number;
  /** Yen that the holder adds so that the last, broken stamp becomes whole; 0 at headquarters. */
  readonly differenceYen: number;
}

/** Stamps by their value: those given, below 0, and those that come for them. */
export const exchangedStamps = (
  oldStamps: number,
  date: WorkDate,
): readonly { readonly valueYen: number; readonly days: number }[] => {
  const [oldYen = 0, newYen = 0] = STAMP_VALUES_YEN;
  return [
    { valueYen: oldYen, days: -oldStamps },
    { valueYen: newYen, days: exchangeStamps(oldStamps, date).newStamps },
  ];
};

/**
 * 310円 stamps into 320円 stamps of the same colour and kind: 32 for 31. What is left over buys one more
 * against the difference at a bank (2021-10-01 to 12-31); at headquarters the fraction is dropped.
 * Source: https://token.or.jp/magazine/e202109-10.html, kentaikyo.taisyokukin.go.jp/tetsuzuki/tetsuzuki08.html
 */
export const exchangeStamps = (oldStamps: number, date: WorkDate): StampExchange => {
  const [oldYen = 0, newYen = 1] = STAMP_VALUES_YEN;
  const worthYen = oldStamps * oldYen;
  const newStamps = Math.floor(worthYen / newYen);
  const restYen = worthYen - newStamps * newYen;
  return restYen > 0 && date <= BANKS_EXCHANGED_TO
    ? { newStamps: newStamps + 1, differenceYen: newYen - restYen }
    : { newStamps, differenceYen: 0 };
};
