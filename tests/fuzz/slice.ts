/** One thread's part of a run: its share of each target's inputs, each made from seed, target and number alone. */
import { createRandom } from '../simulation/random.ts';
import { mutate } from './mutate.ts';
import type { OpenTarget, Target } from './target.ts';

export interface Finding {
  readonly kind: 'crash' | 'hang';
  readonly target: string;
  /** Number of the input within its target. */
  readonly input: number;
  readonly message: string;
  /** The bytes, hex, as far as they were known and short. */
  readonly bytes: string;
}

export interface Slice {
  readonly target: string;
  /** Inputs first, first + step, … below end. */
  readonly first: number;
  readonly step: number;
  readonly end: number;
}

export interface SliceEvents {
  /** Before each input, so that a thread that never comes back can be asked where it was. */
  readonly at: (slice: Slice, input: number) => void;
  readonly found: (finding: Finding) => void;
}

/** Of the thread's own processor time; a parser that needs it for one input would hold up a gate. */
const INPUT_CPU_MS_MAX = 1_000;
const BYTES_TOLD = 2_048;
/** One fault floods otherwise. */
const FINDINGS_A_TARGET = 10;

const seedOf = (seed: number, target: string, input: number): number => {
  let hash = seed | 0;
  for (const character of `${target}/${input}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash;
};

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

const runOne = async (
  opened: OpenTarget,
  target: string,
  seed: number,
  input: number,
  isAlone: boolean,
): Promise<Finding | undefined> => {
  const random = createRandom(seedOf(seed, target, input));
  let bytes: Buffer = Buffer.alloc(0);
  const finding = (kind: Finding['kind'], message: string): Finding => ({
    kind,
    target,
    input,
    message,
    bytes: bytes.subarray(0, BYTES_TOLD).toString('hex'),
  });
  const began = cpuMs();
  try {
    bytes = mutate(opened, random);
    if (opened.seal !== undefined) bytes = opened.seal(bytes, random);
    const outcome = opened.run(bytes, random);
    if (outcome !== undefined) await outcome;
  } catch (cause) {
    return finding(
      'crash',
      cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
    );
  }
  const spent = cpuMs() - began;
  return isAlone && spent > INPUT_CPU_MS_MAX
    ? finding('hang', `${Math.round(spent)} ms of processor time`)
    : undefined;
};

export const runSlice = async (
  target: Target,
  slice: Slice,
  seed: number,
  { at, found }: SliceEvents,
): Promise<void> => {
  if (slice.first >= slice.end) return;
  const opened = await target.open(seed);
  const { atOnce = 1 } = target;
  let next = slice.first;
  let findings = 0;
  const work = async (): Promise<void> => {
    while (next < slice.end && findings < FINDINGS_A_TARGET) {
      const input = next;
      next += slice.step;
      at(slice, input);
      const finding = await runOne(opened, target.name, seed, input, atOnce === 1);
      if (finding === undefined) continue;
      findings += 1;
      found(finding);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await opened.close?.();
};
