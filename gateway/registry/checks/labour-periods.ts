/** Periods of the labour tables (台帳の労務の表) that end before they begin, and breaks of no length. */
import type { FaultList } from '../../fault-list.ts';
import type { DraftRegistry } from '../draft-registry.ts';

export const reversedPeriods = ({ rows }: DraftRegistry, faults: FaultList): void => {
  for (const [index, { daysOff }] of rows.contracts.entries()) {
    if (daysOff === undefined) continue;
    for (const [at, { from, to }] of [daysOff, ...(daysOff.excluded ?? [])].entries()) {
      const of = `/contracts/${index}/daysOff${at === 0 ? '' : `/excluded/${at - 1}`}`;
      if (from > to) faults.add(`${of}/to`, `${to} is before from ${from}`);
    }
  }
};

export const breaksOfNoLength = ({ rows }: DraftRegistry, faults: FaultList): void => {
  for (const [index, { breaks = [] }] of rows.sites.entries()) {
    for (const [at, { from, to }] of breaks.entries()) {
      if (from === to) faults.add(`/sites/${index}/breaks/${at}/to`, `${to} is no later than from`);
    }
  }
};
