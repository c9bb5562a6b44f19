/** A moment as the terminal noted it (時点): placed anew by the clock of now, for as long as the machine is up. */
import type { ClockReading, UtcMs } from '../shared/time.ts';

/** `uptimeMs` is below 0 where it was before the boot; `bootId` is empty where no boot of this machine saw it. */
export interface Stamp {
  readonly wallMs: UtcMs;
  readonly uptimeMs: number;
  readonly bootId: string;
}

/** When it was, by the wall clock of now: of this boot by uptime, which does not jump. */
export const momentOf = (
  { wallMs, uptimeMs, bootId }: Stamp,
  now: Pick<ClockReading, 'wallMs' | 'bootId'> & { readonly uptimeMs: number },
): UtcMs =>
  (bootId === now.bootId ? Math.max(0, now.wallMs - (now.uptimeMs - uptimeMs)) : wallMs) as UtcMs;
