/** The gateway's clock: a server's, kept by its operating system, which also says whether to believe it. */
import { type ClockTrust, createClockTrust } from '../shared/clock-trust.ts';
import { type Clock, uptimeMs, utcMs } from '../shared/time.ts';

/** `clockTrust` matters to whoever asks for the clock's trust, not for its time alone. */
export const createSystemClock = (clockTrust: ClockTrust = 'system-sync'): Clock => {
  const trust = createClockTrust(clockTrust);
  return {
    read: () => {
      const uptime = uptimeMs(Number(process.hrtime.bigint() / 1_000_000n));
      return {
        wallMs: utcMs(Date.now()),
        uptimeMs: uptime,
        bootId: 'gateway',
        trust: trust(uptime),
      };
    },
  };
};
