/**
 * `pull`: a million touches out of the running gateway's API by following its cursor, over HTTP; against the
 * same rows by one SQL select and JSON.stringify, with no server between.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createLargeLedger } from '../fixtures/large-ledger.ts';
import { createSite } from '../fixtures/site.ts';
import { type Figure, figure, milliseconds, percentile } from './figures.ts';

const SIZE = { workers: 500, days: 1_000 };
const LIMIT = 10_000;
const ROUNDS = 3;

export const pull = async (): Promise<readonly Figure[]> => {
  const site = await createSite();
  mkdirSync(dirname(site.ledgerFile));
  const large = createLargeLedger(site.ledgerFile, SIZE);
  large.ledger.saveRegistryText(JSON.stringify(large.registry), large.startOfDay(0));
  const select = large.db.prepare<[number, number], { ledger_no: number }>(
    `select tap.*, bearer.bearer, entry.received_at_ms
     from tap join bearer using (bearer_no) join entry using (ledger_no)
     where tap.ledger_no > ? order by tap.ledger_no limit ?`,
  );
  const gateway = await site.startGateway();

  const pullAll = async (): Promise<number> => {
    const start = performance.now();
    let count = 0;
    for (let cursor = '0'; ; ) {
      const response = await site.api(`/v1/taps?after=${cursor}&limit=${LIMIT}`);
      const { taps, next } = (await response.json()) as { taps: object[]; next: string };
      count += taps.length;
      if (next === cursor) break;
      cursor = next;
    }
    if (count !== large.taps) throw new Error(`${count} of ${large.taps} touches`);
    return performance.now() - start;
  };
  const selectAll = (): number =>
    milliseconds(() => {
      let count = 0;
      for (let cursor = 0; ; ) {
        const rows = select.all(cursor, LIMIT);
        count += JSON.parse(JSON.stringify(rows)).length;
        const last = rows.at(-1);
        if (last === undefined) break;
        cursor = last.ledger_no;
      }
      if (count !== large.taps) throw new Error(`${count} of ${large.taps} rows`);
    });

  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) ours.push(await pullAll());
  await gateway.kill('SIGTERM');
  for (let round = 0; round < ROUNDS; round += 1) theirs.push(selectAll());
  large.ledger.close();
  site.remove();
  const perSecond = (samples: readonly number[]): number =>
    (large.taps / percentile(samples, 0.5)) * 1_000;
  return [
    figure(
      `pull, ${large.taps} touches by pages of ${LIMIT}`,
      perSecond(ours),
      'touches/s',
      'the same rows by SQL, through JSON and back',
      perSecond(theirs),
    ),
  ];
};
