/**
 * What a contract's days are paid out of (充当の口座): one balance of points, and one of stamps for each
 * value and colour, because 310円 and 320円, red and blue stamps are kept in books of their own
 * (http://kumaken.or.jp/publics/index/142/). Points are one balance: 1 point is 1円, and whether red and
 * blue points may stand in for each other is not published.
 */
import type { Method, RegistryRow } from '../registry/registry-document.ts';
import type { Purchase } from './contract-use.ts';
import type { StampColour } from './contribution.ts';
import { exchangedStamps, stampValueOn } from './purchase-estimate.ts';
import { valueOfPurchase } from './stamp-movements.ts';

export interface Account {
  readonly method: Method;
  /** Of stamps: which book. */
  readonly valueYen?: number;
  readonly colour?: StampColour;
}

/** What a day is paid by. */
export interface DayPayment {
  readonly method: Method;
  readonly colour: StampColour;
  /** What one day costs. */
  readonly dayYen: number;
}

export const accountOf = ({ method, colour, dayYen }: DayPayment): Account =>
  method === 'points' ? { method } : { method, valueYen: dayYen, colour };

export const accountKey = ({ method, valueYen, colour }: Account): string =>
  method === 'points' ? method : `${method} ${valueYen} ${colour}`;

export interface Funds {
  readonly account: Account;
  readonly yen: number;
}

/** Stamps count as whole ones: a sum that buys no whole stamp buys the stamps below it. */
export const fundsOf = ({ method, colour, date, days, yen }: Purchase): Funds => {
  if (method === 'points') return { account: { method }, yen };
  const valueYen = valueOfPurchase(yen, days, date);
  return {
    account: { method, valueYen, colour },
    yen: (days ?? Math.floor(yen / valueYen)) * valueYen,
  };
};

/** What an exchange takes out of the one book and puts into the other. */
export const fundsOfExchange = ({
  colour,
  date,
  days,
}: RegistryRow<'stampExchanges'>): readonly Funds[] =>
  exchangedStamps(days, date).map((each) => ({
    account: { method: 'stamps', valueYen: each.valueYen, colour },
    yen: each.days * each.valueYen,
  }));

/** Whether a purchase of stamps says one thing by its days and another by its yen. */
export const isBrokenPurchase = ({ date, days, yen }: Purchase): boolean =>
  yen % stampValueOn(date) !== 0 && (days === undefined || days * stampValueOn(date) !== yen);
