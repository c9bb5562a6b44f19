/**
 * 掛金収納書の提出期限: one month after the contract for stamps, 40 days for points, which leave time for
 * the bank transfer (senmonshi.com/archive/01/01100NSnCPB5BG8.asp, city.noda.chiba.jp … 1022187.html).
 *
 * Our reading: the day of the contract does not count (民法第140条), and a month ends on the day of the
 * same number, or on the month's last where there is none (民法第143条). An orderer's profile may set days.
 */
import { addDays, monthsAfter, type WorkDate } from '../../shared/time.ts';
import type { Method, RegistryRow } from '../registry/registry-document.ts';

const RECEIPT_DAYS_POINTS = 40;
const RECEIPT_MONTHS_STAMPS = 1;

export const receiptDue = (
  contractDate: WorkDate,
  method: Method,
  days?: RegistryRow<'ordererProfiles'>['receiptDays'],
): WorkDate => {
  const ordered = days?.[method];
  if (ordered !== undefined) return addDays(contractDate, ordered);
  return method === 'points'
    ? addDays(contractDate, RECEIPT_DAYS_POINTS)
    : monthsAfter(contractDate, RECEIPT_MONTHS_STAMPS);
};
