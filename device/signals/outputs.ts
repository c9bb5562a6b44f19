/**
 * The seam to the wires: give it somewhere to send events, get back the way to set a wire and to stop.
 *
 * An opened output is good until it fails once; then it has let go of everything, and whoever wants it
 * back opens another. Whatever goes wrong is an event; nothing throws and nothing vanishes.
 */
import type { LineName } from './patterns.ts';

export interface Wire {
  readonly name: LineName;
  /** Offset within the chip. */
  readonly line: number;
  /** The part acts while the wire is low. */
  readonly activeLow: boolean;
}

export type OutputsEvent =
  /** Every wire is ours and at rest; from now on they can be set. */
  | { readonly kind: 'outputs-ready' }
  /** Comes once and last. */
  | { readonly kind: 'outputs-failed'; readonly reason: string };

export interface Outputs {
  /** A name that is not wired is nobody's; before it is ready and after it failed nothing happens. */
  readonly setLine: (name: LineName, on: boolean) => void;
  /** Every wire at rest, then let go of. */
  readonly close: () => Promise<void>;
}

export type OpenOutputs = (emit: (event: OutputsEvent) => void) => Outputs;

/** What stands on the wire: 1 high, 0 low. */
export const levelOf = ({ activeLow }: Wire, on: boolean): 0 | 1 => (on === activeLow ? 0 : 1);

export const reasonOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);
