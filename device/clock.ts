/**
 * The terminal's clock: wall time, uptime, which boot this is, and whether the wall time is to be believed.
 *
 * A Pi has no battery clock: after a boot without a network its wall time is a guess. Trust comes from
 * the system's own synchronisation and holds for the rest of the boot.
 */
import { existsSync, readFileSync } from 'node:fs';
import { type Clock, uptimeMs, utcMs } from '../shared/time.ts';
import type { TerminalConfig } from './config.ts';

/** systemd-timesyncd creates this file at its first synchronisation of a boot (systemd-timesyncd.service(8)). */
const SYNCHRONIZED_FILE = '/run/systemd/timesync/synchronized';
const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';

export const createSystemClock = (trust: TerminalConfig['clockTrust']): Clock => {
  const bootId = readFileSync(BOOT_ID_FILE, 'utf8').trim();
  let isTrusted = trust === 'always';
  return {
    read: () => {
      isTrusted ||= existsSync(SYNCHRONIZED_FILE);
      return {
        wallMs: utcMs(Date.now()),
        // CLOCK_MONOTONIC counts from boot, so it goes on across restarts of this program.
        uptimeMs: uptimeMs(Number(process.hrtime.bigint() / 1_000_000n)),
        bootId,
        trust: isTrusted ? 'trusted' : 'untrusted',
      };
    },
  };
};
