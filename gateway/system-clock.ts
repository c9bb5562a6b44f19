/** The gateway's clock: a server's, kept by its operating system, which also says whether to believe it. */
import { type ClockTrust, createClockTrust } from '../shared/clock-trust.ts';
import { type Clock, type UtcMs, uptimeMs, utcMs } from '../shared/time.ts';

/** The time alone, for what does not ask whether to believe it. */
export const systemNow = (): UtcMs => utcMs(Date.now());

export const createSystemClock = (clockTrust: ClockTrust): Clock => {
  const trust = createClockTrust(clockTrust);
  return {
    read: () => {
      const uptime = uptimeMs(Number(process.hrtime.bigint() / 1_000_000n));
      return {
        wallMs: systemNow(),
        uptimeMs: uptime,
        bootId: 'gateway',
        trust: trust(uptime),
      };
    },
  };
};
