/**
 * `rebuild`: everybody's attendance derived anew from a million touches, in memory; against one plain pass of
 * SQL over the same rows, in the order in which derivation wants them. Per second of the processor: both do
 * nothing else, and a neighbour on the machine is no slowness of theirs.
 */
import { rederive } from '../../gateway/attendance/derive.ts';
import { subjectsOfCard } from '../../gateway/registry/registry.ts';
import { ALWAYS } from '../../gateway/store/ledger.ts';
import { createLargeLedger, type LargeLedger } from '../fixtures/large-ledger.ts';
import { type Figure, figure, percentile } from './figures.ts';

const SIZE = { workers: 500, days: 1_000 };
const ROUNDS = 5;

const processorMs = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

const deriveAll = ({ ledger, index }: LargeLedger): number => {
  let days = 0;
  for (const { siteId, bearer } of ledger.bearers()) {
    const subjects = bearer.kind === 'worker' ? [bearer] : subjectsOfCard(index, bearer.cardId);
    for (const subject of subjects)
      days += rederive(ledger, index, { siteId, subject, ...ALWAYS }).days.length;
  }
  return days;
};

export const rebuild = async (): Promise<readonly Figure[]> => {
  const large = createLargeLedger(':memory:', SIZE, { isDerived: false, textBytes: 0 });
  const select = large.db.prepare(
    `select bearer_no, site_id, at_ms, direction, reader_id, journal_no, seq from tap
     order by bearer_no, site_id, at_ms`,
  );
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(
      processorMs(() => {
        const days = deriveAll(large);
        if (days !== large.taps / 2) throw new Error(`${days} days of ${large.taps} touches`);
      }),
    );
    theirs.push(
      processorMs(() => {
        let rows = 0;
        for (const _ of select.iterate()) rows += 1;
        if (rows !== large.taps) throw new Error(`${rows} rows of ${large.taps}`);
      }),
    );
  }
  large.ledger.close();
  const perSecond = (samples: readonly number[]): number =>
    (large.taps / percentile(samples, 0.5)) * 1_000;
  return [
    figure(
      `rebuild, ${large.taps} touches in memory`,
      perSecond(ours),
      'touches/s of processor',
      'one plain SQL pass over the same rows',
      perSecond(theirs),
    ),
  ];
};
