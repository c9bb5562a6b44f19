/**
 * The terminal's clock: wall time, uptime, which boot this is, and whether the wall time is to be believed.
 *
 * A Pi has no battery clock: after a boot without a network its wall time is a guess. Trust comes from
 * the system's own synchronisation and holds for the rest of the boot.
 */
import { readFileSync } from 'node:fs';
import { type ClockTrust, createClockTrust } from '../shared/clock-trust.ts';
import { type Clock, uptimeMs, utcMs } from '../shared/time.ts';

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';

export const createSystemClock = (clockTrust: ClockTrust): Clock => {
  const bootId = readFileSync(BOOT_ID_FILE, 'utf8').trim();
  const trust = createClockTrust(clockTrust);
  return {
    read: () => {
      // CLOCK_MONOTONIC counts from boot, so it goes on across restarts of this program.
      const uptime = uptimeMs(Number(process.hrtime.bigint() / 1_000_000n));
      return { wallMs: utcMs(Date.now()), uptimeMs: uptime, bootId, trust: trust(uptime) };
    },
  };
};
