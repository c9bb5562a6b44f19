/** 掛金日額: what one contributed day costs, by work date and never by the day of reporting. */
import { workDate } from '../../shared/time.ts';
import type { EffectiveTable } from './effective-table.ts';

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
