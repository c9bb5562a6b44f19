/** A clock that stands still until it is told otherwise. */
import { type Clock, type ClockReading, uptimeMs, utcMs } from '../../shared/time.ts';

export interface FakeClock extends Clock {
  readonly advance: (ms: number) => void;
  /** Moves the wall clock alone, as a time server does. */
  readonly stepWall: (ms: number) => void;
  readonly setTrust: (trust: ClockReading['trust']) => void;
  readonly reboot: (bootId: string) => void;
}

export const createFakeClock = (startIso: string): FakeClock => {
  let wall = Date.parse(startIso);
  let uptime = 60_000;
  let bootId = 'boot-1';
  let trust: ClockReading['trust'] = 'trusted';
  return {
    read: () => ({ wallMs: utcMs(wall), uptimeMs: uptimeMs(uptime), bootId, trust }),
    advance: (ms) => {
      wall += ms;
      uptime += ms;
    },
    stepWall: (ms) => {
      wall += ms;
    },
    setTrust: (next) => {
      trust = next;
    },
    reboot: (next) => {
      bootId = next;
      uptime = 0;
    },
  };
};
