/**
 * Touches that make no day by themselves (日時を直すタッチ): dated later than their own arrival, or of a boot whose
 * clock was never right. Pure. A correction that names the touch settles it, whichever day it corrects.
 */
import type { SiteId, TerminalId } from '../../shared/ids.ts';
import type { UtcMs } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Subject } from './shifts.ts';

/** A touch, or a passage entered by hand, that makes no day until a person says which. */
export interface WaitingTouch {
  /** `future-dated`: later than its own arrival · `undated`: of a boot whose clock was never right. */
  readonly reason: 'future-dated' | 'undated';
  readonly id: string;
  readonly terminalId: TerminalId;
  readonly siteId: SiteId;
  readonly bearer: Subject;
  /** As the terminal noted it: what is not to be believed. */
  readonly claimedAt: UtcMs;
  readonly receivedAt: UtcMs;
}

/** Those that no correction names. */
export const stillWaiting = (
  touches: readonly WaitingTouch[],
  { correctionsByWorker }: Pick<RegistryIndex, 'correctionsByWorker'>,
): readonly WaitingTouch[] => {
  if (touches.length === 0) return touches;
  const settled = new Set(
    [...correctionsByWorker.values()].flatMap((rows) => rows.map(({ corrects }) => corrects)),
  );
  return touches.filter(({ id }) => !settled.has(id));
};
