/** Why a change of the roster (名簿の変更) is one: the worker's assignments at the site, one after another. */
import { roster } from '../../reports/roster-report.ts';
import { registryRow } from '../registry-leaf.ts';
import { houseRule } from '../rule-leaf.ts';
import { decided } from '../why.ts';
import { explainListed } from './list-row.ts';

interface ChangeRow {
  readonly siteId: string;
  readonly workerId: string;
  readonly kind: string;
}

export const explainRosterChange = explainListed<ChangeRow>(
  roster,
  'changes',
  ({ registry }, { siteId, workerId, kind }) => [
    decided(
      'kind',
      '名簿の始まりは入場、終わりは退場、続けば変更',
      kind,
      [
        houseRule('roster-contents'),
        ...registry.assignments
          .filter((row) => row.siteId === siteId && row.workerId === workerId)
          .map((row) => registryRow('assignments', row, 'trade', 'role')),
      ],
      { unit: 'codes' },
    ),
  ],
);
