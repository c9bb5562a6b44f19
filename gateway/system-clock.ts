/** The gateway's clock: a server's, kept by its operating system, hence trusted. */
import { type Clock, uptimeMs, utcMs } from '../shared/time.ts';

export const createSystemClock = (): Clock => ({
  read: () => ({
    wallMs: utcMs(Date.now()),
    uptimeMs: uptimeMs(Number(process.hrtime.bigint() / 1_000_000n)),
    bootId: 'gateway',
    trust: 'trusted',
  }),
});
