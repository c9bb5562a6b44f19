/**
 * Whether the machine's clock is to be believed (時計の信頼): from the system's own synchronisation on, for the
 * rest of the boot.
 */
import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { ClockReading } from './time.ts';

/** systemd-timesyncd creates this file at its first synchronisation of a boot (systemd-timesyncd.service(8)). */
const SYNCHRONIZED_FILE = '/run/systemd/timesync/synchronized';

/**
 * `system-sync`: as systemd-timesyncd says · `always`: the clock is kept right by other means, as by a battery
 * clock or another time service.
 */
export const ClockTrust = z.enum(['system-sync', 'always']);
export type ClockTrust = z.infer<typeof ClockTrust>;

/** Asks the system until it says yes. */
export const createClockTrust = (trust: ClockTrust): (() => ClockReading['trust']) => {
  let isTrusted = trust === 'always';
  return () => {
    isTrusted ||= existsSync(SYNCHRONIZED_FILE);
    return isTrusted ? 'trusted' : 'untrusted';
  };
};
