/**
 * Whether the machine's clock is to be believed (時計の信頼): from the system's own synchronisation on, for the
 * rest of the boot.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { ClockReading, UptimeMs } from './time.ts';

/** systemd-timesyncd creates this file at its first synchronisation of a boot (systemd-timesyncd.service(8)). */
const SYNCHRONIZED_FILE = '/run/systemd/timesync/synchronized';
/** What others keep right has no file of its own, and asking costs a process. */
const ASK_EVERY_MS = 60_000;
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * `system-sync`: as the system says · `always`: the clock is kept right by other means, as by a battery clock.
 */
export const ClockTrust = z.enum(['system-sync', 'always']);
export type ClockTrust = z.infer<typeof ClockTrust>;

/**
 * Whether the kernel's clock is synchronised, by whatever keeps it: chrony, ntpd, PTP. Where there is no systemd
 * to ask, nobody has said so. The source: `NTPSynchronized` of org.freedesktop.timedate1(5), from adjtimex(2).
 */
export const isKernelSynchronized = async (): Promise<boolean> => {
  const question = ['show', '--property=NTPSynchronized', '--value'];
  try {
    const { stdout } = await promisify(execFile)('timedatectl', question, {
      timeout: ANSWER_TIMEOUT_MS,
    });
    return stdout.trim() === 'yes';
  } catch {
    return false;
  }
};

/** Asked once, and waited for: what a command wants to know that is over in a moment. */
export const isClockTrusted = async (trust: ClockTrust): Promise<boolean> =>
  trust === 'always' || existsSync(SYNCHRONIZED_FILE) || (await isKernelSynchronized());

/** Asks the system until it says yes; `uptime` is that of the moment of asking. */
export const createClockTrust = (
  trust: ClockTrust,
  isSynchronized: () => Promise<boolean> = isKernelSynchronized,
): ((uptime: UptimeMs) => ClockReading['trust']) => {
  let isTrusted = trust === 'always';
  let nextAsk = 0;
  const ask = async (): Promise<void> => {
    if (await isSynchronized()) isTrusted = true;
  };
  return (uptime) => {
    isTrusted ||= existsSync(SYNCHRONIZED_FILE);
    if (!isTrusted && uptime >= nextAsk) {
      nextAsk = uptime + ASK_EVERY_MS;
      void ask();
    }
    return isTrusted ? 'trusted' : 'untrusted';
  };
};
