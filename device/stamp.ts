/** A moment as the terminal noted it (時点): placed anew by the clock of now, for as long as the machine is up. */
import type { ClockReading, UtcMs } from '../shared/time.ts';

/** `uptimeMs` is below 0 where it was before the boot; `bootId` is empty where no boot of this machine saw it. */
export interface Stamp {
  readonly wallMs: UtcMs;
  readonly uptimeMs: number;
  readonly bootId: string;
}

/**
 * When it was, by the wall clock of now: of this boot by uptime, which does not jump. What seems to come later in
 * this boot is of another one, whose id has come again.
 */
export const momentOf = (
  { wallMs, uptimeMs, bootId }: Stamp,
  now: Pick<ClockReading, 'wallMs' | 'bootId'> & { readonly uptimeMs: number },
): UtcMs => {
  const isOfThisBoot = bootId === now.bootId && uptimeMs <= now.uptimeMs;
  return (isOfThisBoot ? Math.max(0, now.wallMs - (now.uptimeMs - uptimeMs)) : wallMs) as UtcMs;
};
