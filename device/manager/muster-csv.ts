/** The muster list (点呼用名簿) as a file for a USB stick: who is on site now, by company. */
import { csvOf } from '../../shared/csv.ts';
import { isoInJapan, type UtcMs } from '../../shared/time.ts';
import { coverageJa, hasOtherGates, type OtherGates } from '../other-gates.ts';
import type { PersonRow } from './lists.ts';

/** Where other gates are known of, with the gate of entry; what the list cannot know stands on its first line. */
export const musterCsv = (rows: readonly PersonRow[], others: OtherGates, now: UtcMs): string => {
  const atGate = (gate: string): readonly string[] => (hasOtherGates(others) ? [gate] : []);
  const header = ['所属', '氏名', '技能者ID・カード', '入場', ...atGate('ゲート'), '確認'];
  const people = rows.map(({ company, name, id, since, gate }) => [
    company,
    name,
    id,
    since,
    ...atGate(gate),
    '',
  ]);
  const note = [coverageJa(others, now), ...header.slice(1).map(() => '')];
  return csvOf(header, others.kind === 'none' ? people : [note, ...people]);
};

/** `muster-20261124-075803.csv`: ASCII, for every stick and every computer. */
export const musterFileName = (now: UtcMs): string =>
  `muster-${isoInJapan(now).slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}.csv`;
