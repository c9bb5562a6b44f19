/** The muster list (点呼用名簿) as a file for a USB stick: who is on site now, by company. */
import { csvOf } from '../../shared/csv.ts';
import { isoInJapan, type UtcMs } from '../../shared/time.ts';
import type { PersonRow } from './lists.ts';

export const musterCsv = (rows: readonly PersonRow[]): string =>
  csvOf(
    ['所属', '氏名', '技能者ID・カード', '入場', '確認'],
    rows.map(({ company, name, id, since }) => [company, name, id, since, '']),
  );

/** `muster-20261124-075803.csv`: ASCII, for every stick and every computer. */
export const musterFileName = (now: UtcMs): string =>
  `muster-${isoInJapan(now).slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}.csv`;
