/**
 * `derive`: deriving one late touch again in a ledger of ten million touches, against the same in one of ten
 * thousand. Warm on both sides: each day has had a late touch before the one that is measured. Without the
 * disk's sync, which takes the same time on both and would hide what differs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveDirty } from '../../gateway/attendance/derive.ts';
import { parseEntry } from '../../shared/entry.ts';
import { HOUR_MS, MINUTE_MS, utcMs } from '../../shared/time.ts';
import { SITE } from '../fixtures/identities.ts';
import { createLargeLedger, LARGE_JOURNAL, type LargeLedger } from '../fixtures/large-ledger.ts';
import { type Figure, figure, milliseconds, percentile } from './figures.ts';

/** A smaller one for a quick look: `GENBA_BENCH_TOUCHES=1000000 npm run bench -- derive`. */
const TOUCHES = Number(process.env.GENBA_BENCH_TOUCHES ?? 10_000_000);
const WORKERS = 5_000;
const FEW_TOUCHES = 10_000;
const FEW_WORKERS = 20;
const SAMPLES = 1_000;

const daysOf = (touches: number, workers: number): number => Math.ceil(touches / workers / 2);

/** One more exit in the evening of some worker's day; gives the milliseconds that deriving it took. */
const lateTouch = (
  { ledger, index, cardOf, startOfDay, taps }: LargeLedger,
  { worker, day, minute, nth }: Readonly<Record<'worker' | 'day' | 'minute' | 'nth', number>>,
): number => {
  const seq = taps + nth;
  const at = utcMs(startOfDay(day) + 18 * HOUR_MS + minute * MINUTE_MS);
  const text = JSON.stringify({
    ...{ v: 1, ...LARGE_JOURNAL, seq, wallMs: at, uptimeMs: 0, bootId: 'boot', clock: 'trusted' },
    ...{ kind: 'tap', siteId: SITE, readerId: 'out', direction: 'out' },
    ...{ presented: { by: 'card', cardId: cardOf(worker) }, verdict: 'recorded', reasons: [] },
  });
  const parsed = parseEntry(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const hash = '0'.repeat(64);
  const outcome = ledger.commit({
    ...LARGE_JOURNAL,
    entries: [{ seq, text, hash, entry: parsed.value }],
    position: { committedSeq: seq, headHash: hash },
    receivedAt: at,
  });
  if (outcome.kind !== 'committed') throw new Error(outcome.message);
  return milliseconds(() => {
    if (deriveDirty(ledger, index, at) !== 1) throw new Error('one late touch, one mark');
  });
};

interface Measured extends LargeLedger {
  readonly samples: number[];
  readonly workers: number;
  readonly days: number;
}

/** A number that jumps about below `below`, the same ones each time. */
const somewhere = (nth: number, below: number): number => (nth * 2_654_435_761) % below;

const sample = (of: Measured, nth: number): void => {
  const place = { worker: somewhere(nth, of.workers), day: somewhere(nth * 31, of.days) };
  lateTouch(of, { ...place, minute: 5, nth: nth * 2 + 1 });
  of.samples.push(lateTouch(of, { ...place, minute: 10, nth: nth * 2 + 2 }));
};

/** Throws unless the late touches changed their own days and no other. */
const check = ({ ledger, taps, samples, workers, days }: Measured): void => {
  const places = samples.map((_, nth) => `${somewhere(nth, workers)} ${somewhere(nth * 31, days)}`);
  const changed = ledger.changesAfter(taps / 2, samples.length * 2, undefined).length;
  if (changed !== new Set(places).size)
    throw new Error(`${changed} days changed by late touches on ${new Set(places).size}`);
};

export const derive = async (): Promise<readonly Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'genba-bench-'));
  const open = (name: string, touches: number, workers: number): Measured => {
    const days = daysOf(touches, workers);
    const large = createLargeLedger(join(folder, name), { workers, days });
    large.db.pragma('synchronous = off');
    return { ...large, samples: [], workers, days };
  };
  try {
    const few = open('few.db', FEW_TOUCHES, FEW_WORKERS);
    const many = open('many.db', TOUCHES, WORKERS);
    // In turns, so that a noisy neighbour disturbs both alike.
    for (let nth = 0; nth < SAMPLES; nth += 1) for (const each of [few, many]) sample(each, nth);
    for (const each of [few, many]) {
      check(each);
      each.ledger.close();
    }
    return [
      figure(
        `derive p50, one late touch among ${many.taps}`,
        percentile(many.samples, 0.5),
        'ms',
        `the same among ${few.taps}`,
        percentile(few.samples, 0.5),
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
};
