/**
 * A fuzzing run over many targets and a few threads.
 *
 * A thread that throws where nobody caught it, or runs out of memory, has crashed; one that stays at one
 * input has hung. Either is told with its input, and another thread goes on behind it.
 */
import { Worker } from 'node:worker_threads';
import type { Finding, Slice } from './slice.ts';
import type { Target } from './target.ts';
import type { WorkerOrder } from './worker.ts';

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  readonly threads: number;
  /** Module with `TARGETS`, as a URL. */
  readonly catalogue: string;
  /** Nothing moved for so long: a hang. Generous, because the machine may be busy with others. */
  readonly hangMs: number;
  readonly found: (finding: Finding) => void;
}

export interface FuzzResult {
  readonly inputs: number;
  readonly crashes: number;
  readonly hangs: number;
  readonly seed: number;
  readonly inputsByTarget: Readonly<Record<string, number>>;
}

const LOOK_MS = 500;
const HEAP_MB_MAX = 1_024;

/** How many inputs each target gets; at least one, whatever its share. */
export const divide = (targets: readonly Target[], inputs: number): ReadonlyMap<string, number> => {
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  return new Map(
    targets.map(({ name, share }) => [name, Math.max(1, Math.ceil((inputs * share) / shares))]),
  );
};

/** One thread until its slices are done or it breaks; then says what is left to do. */
const runThread = (
  slices: readonly Slice[],
  { catalogue, seed, hangMs, found }: FuzzOptions,
): Promise<readonly Slice[]> =>
  new Promise((done) => {
    const place = new SharedArrayBuffer(8);
    const told = new Int32Array(place);
    const order: WorkerOrder = { catalogue, seed, slices, place };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: order,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    let movedAt = performance.now();
    let lastPlace = '';
    let broken: { readonly kind: Finding['kind']; readonly message: string } | undefined;

    const watching = setInterval(() => {
      const now = `${Atomics.load(told, 0)} ${Atomics.load(told, 1)}`;
      if (now !== lastPlace) movedAt = performance.now();
      lastPlace = now;
      if (performance.now() - movedAt < hangMs) return;
      broken ??= { kind: 'hang', message: `nothing for ${hangMs} ms` };
      void worker.terminate();
    }, LOOK_MS);
    worker.on('message', (finding: Finding) => found(finding));
    worker.on('error', (cause: unknown) => {
      broken ??= {
        kind: 'crash',
        message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
      };
    });
    worker.on('exit', () => {
      clearInterval(watching);
      if (broken === undefined) return done([]);
      const at = Atomics.load(told, 0);
      const slice = slices[at];
      if (slice === undefined) throw new Error('a thread broke outside every slice');
      const input = Atomics.load(told, 1);
      found({ ...broken, target: slice.target, input, bytes: '' });
      return done([{ ...slice, first: input + slice.step }, ...slices.slice(at + 1)]);
    });
  });

/** A thread that breaks this often has told enough. */
const BREAKS_MAX = 10;

export const fuzz = async (options: FuzzOptions): Promise<FuzzResult> => {
  const { inputs, seed, threads, catalogue } = options;
  const { TARGETS } = (await import(catalogue)) as { TARGETS: readonly Target[] };
  const counts = divide(TARGETS, inputs);
  let crashes = 0;
  let hangs = 0;
  const found = (finding: Finding): void => {
    if (finding.kind === 'crash') crashes += 1;
    else hangs += 1;
    options.found(finding);
  };
  const runSlices = async (first: number): Promise<void> => {
    let left: readonly Slice[] = [...counts].map(([target, end]) => ({
      target,
      first,
      step: threads,
      end,
    }));
    for (let breaks = 0; left.length > 0 && breaks < BREAKS_MAX; breaks += 1)
      left = await runThread(left, { ...options, found });
  };
  await Promise.all(Array.from({ length: threads }, (_, first) => runSlices(first)));
  return {
    inputs: [...counts.values()].reduce((sum, count) => sum + count, 0),
    crashes,
    hangs,
    seed,
    inputsByTarget: Object.fromEntries(counts),
  };
};
