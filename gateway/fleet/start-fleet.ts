/** Keeps the watch over the fleet going, and its memory on the disk. */
import { statfsSync } from 'node:fs';
import { createFleet, type Fleet, type FleetDeps } from './fleet.ts';

export interface StartFleetDeps extends Omit<FleetDeps, 'diskFreeBytes' | 'random'> {
  /** Folder on the disk that the ledger lies on. */
  readonly dataDir: string;
}

const WATCH_MS = 30_000;
/** Soon after the start: what was due to be sent is sent. */
const FIRST_WATCH_MS = 1_000;

export interface RunningFleet extends Fleet {
  readonly stop: () => void;
}

export const startFleet = ({ dataDir, ...deps }: StartFleetDeps): RunningFleet => {
  const fleet = createFleet({
    ...deps,
    random: Math.random,
    diskFreeBytes: () => {
      const { bavail, bsize } = statfsSync(dataDir);
      return bavail * bsize;
    },
  });
  const watch = (): void => {
    void fleet.watch();
  };
  const first = setTimeout(watch, FIRST_WATCH_MS);
  const watching = setInterval(watch, WATCH_MS);
  return {
    ...fleet,
    stop: () => {
      clearTimeout(first);
      clearInterval(watching);
      deps.store.saveContacts(deps.contactsToStore());
    },
  };
};
