/** One parser under fuzzing: where its inputs come from, and what must hold whatever comes. */
import type { Random } from '../simulation/random.ts';

export interface OpenTarget {
  /** Sound inputs that mutation starts from. */
  readonly samples: readonly Buffer[];
  /** Words of the grammar, to be put in anywhere. */
  readonly words: readonly string[];
  /** What comes after mutation and makes it pass the outer checks: a checksum, a chain, a signature. */
  readonly seal?: (input: Buffer, random: Random) => Buffer;
  /** Throws when something came out that must not; `random` chooses what beside the bytes is free. */
  readonly run: (input: Buffer, random: Random) => void | Promise<void>;
  readonly close?: () => void | Promise<void>;
}

export interface Target {
  readonly name: string;
  /** Part of all inputs, relative to the other targets. */
  readonly share: number;
  /** Inputs under way at once; more than one only where each waits for a socket. */
  readonly atOnce?: number;
  /** `seed` is for what fast-check draws. */
  readonly open: (seed: number) => OpenTarget | Promise<OpenTarget>;
}

/** An oracle: says what was expected and what came. */
export const must = (holds: boolean, what: string, came?: unknown): void => {
  if (!holds) throw new Error(`${what}${came === undefined ? '' : `: ${JSON.stringify(came)}`}`);
};

/** A parser's answer is a value or at least one fault, and nothing between. */
export const mustBeResult = (
  result: { readonly ok: boolean } & ({ readonly faults?: readonly unknown[] } | object),
): void => {
  const faults = 'faults' in result && Array.isArray(result.faults) ? result.faults.length : 0;
  must(result.ok ? faults === 0 : faults > 0, 'a result that is neither', result);
};
