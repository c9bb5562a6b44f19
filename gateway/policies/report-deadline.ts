/**
 * 就労実績報告の期限: the end of the month after the month in which the wages of the work month are paid
 * (約款第11条; https://kentaikyo.taisyokukin.go.jp/m/menu5.html).
 */
import { addMonths, lastDateOf, monthOf, type WorkDate, workDate } from '../../shared/time.ts';

/** 賃金支払日: wages of work month M are paid on `payDay` of M + `payMonthOffset`. */
export interface PayRule {
  readonly payDay?: number | 'end' | undefined;
  readonly payMonthOffset?: 0 | 1 | 2 | undefined;
}

/** Where a company says nothing: paid at the end of the following month. A default of this product. */
const DEFAULT_PAY_DAY = 'end';
const DEFAULT_PAY_MONTH_OFFSET = 1;

/** A pay day that the month does not have (31 in June) is its last day. */
export const wagePaymentDate = (worked: WorkDate, rule: PayRule): WorkDate => {
  const payMonth = addMonths(monthOf(worked), rule.payMonthOffset ?? DEFAULT_PAY_MONTH_OFFSET);
  const last = lastDateOf(payMonth);
  const payDay = rule.payDay ?? DEFAULT_PAY_DAY;
  return payDay === 'end' || payDay >= Number(last.slice(8))
    ? last
    : workDate(`${payMonth}-${String(payDay).padStart(2, '0')}`);
};

export const reportDue = (worked: WorkDate, rule: PayRule): WorkDate =>
  lastDateOf(addMonths(monthOf(wagePaymentDate(worked, rule)), 1));

/** `reportDue` that works out each month and pay rule once: a month has a few answers for a million days. */
export const reportDueMemo = (): typeof reportDue => {
  const dueByQuestion = new Map<string, WorkDate>();
  return (worked, rule) => {
    const key = `${worked.slice(0, 7)} ${rule.payDay} ${rule.payMonthOffset}`;
    const known = dueByQuestion.get(key);
    if (known !== undefined) return known;
    const due = reportDue(worked, rule);
    dueByQuestion.set(key, due);
    return due;
  };
};
