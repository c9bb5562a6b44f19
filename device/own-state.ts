/** What this terminal tells the gateway of itself (端末の状態の報告). Pure: facts in, document out. */
import { type FaultPart, shortReason, type TerminalState } from '../shared/terminal-state.ts';
import { MINUTE_MS, type UtcMs } from '../shared/time.ts';
import type { NamesFault } from './sealed-file.ts';
import type { TerminalStatus } from './terminal-status.ts';

export interface OwnFacts {
  readonly status: TerminalStatus;
  /** Wall time of the oldest touch that the gateway has not receipted. */
  readonly oldestUnsent: UtcMs | undefined;
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined;
  readonly certificateEnds: UtcMs | undefined;
  /** Why it could not be renewed. */
  readonly certificateFault: string | undefined;
  readonly namesFault: NamesFault | undefined;
  /** Folders of broken journals that nobody has taken away yet. */
  readonly setAside: readonly string[];
  readonly version: string;
  /** Drawn at this start of the program; for the gateway alone. */
  readonly start?: string;
  readonly linkDrops: number;
  /** For the gateway alone, as `start`. */
  readonly linkTries?: number;
}

const READERS_MAX = 32;
const CAMERAS_MAX = 16;

const faultsOf = ({
  status,
  certificateFault,
  namesFault,
  setAside,
}: OwnFacts): TerminalState['faults'] => {
  const { storageFault, readersFault, signalsFault, syncFault, rosterFault } = status;
  const byPart: readonly (readonly [FaultPart, string | undefined])[] = [
    ['storage', storageFault],
    ['readers', readersFault],
    ['signals', signalsFault],
    ['sync', syncFault],
    ['roster', rosterFault],
    ['certificate', certificateFault],
    ['names', namesFault],
    ['set-aside', setAside.length === 0 ? undefined : setAside.join('、')],
  ];
  return byPart.flatMap(([part, reason]) =>
    reason === undefined ? [] : [{ part, reason: shortReason(reason) }],
  );
};

export const ownState = (facts: OwnFacts): TerminalState => {
  const { status, oldestUnsent, disk, certificateEnds, version, start, linkDrops, linkTries } =
    facts;
  const { clock, rosterIndex } = status;
  return {
    v: 1,
    ...(start === undefined ? {} : { start }),
    atMs: clock.wallMs,
    uptimeMs: clock.uptimeMs,
    version,
    clock: clock.trust,
    queue: {
      unsentTaps: status.unsentTaps,
      ...(oldestUnsent === undefined ? {} : { oldestMs: oldestUnsent }),
    },
    linkDrops,
    ...(linkTries === undefined ? {} : { linkTries }),
    readers: status.readers.slice(0, READERS_MAX).map(({ place, attached, isCardLeft, fault }) => ({
      readerId: place.readerId,
      direction: place.direction,
      isAttached: attached,
      isCardLeft,
      ...(fault === undefined ? {} : { fault: shortReason(fault) }),
    })),
    cameras: status.cameras
      .slice(0, CAMERAS_MAX)
      .map(({ camera, attached }) => ({ camera, isAttached: attached })),
    ...(disk === undefined ? {} : { disk }),
    ...(rosterIndex === undefined
      ? {}
      : {
          roster: {
            version: rosterIndex.roster.version,
            issuedAtMs: rosterIndex.roster.issuedAtMs,
            workers: rosterIndex.roster.workers.length,
          },
        }),
    ...(status.presenceHeld === undefined ? {} : { presence: status.presenceHeld }),
    ...(certificateEnds === undefined ? {} : { certificateEndsMs: certificateEnds }),
    faults: faultsOf(facts),
  };
};

/** The document is told anew at least so often. */
export const TELL_EVERY_MS = MINUTE_MS;
/** A reader with a loose plug must not make a stream of it. */
export const TELL_GAP_MS = 6_000;

/** What somebody would want to hear of at once; counters and ages wait for the next turn. */
const newsOf = ({ clock, readers, cameras, roster, presence, faults }: TerminalState): string =>
  // A statement that is missing is asked for; each that came need not be told at once.
  JSON.stringify([clock, readers, cameras, roster?.version, presence?.no === 0, faults]);

export interface Told {
  readonly state: TerminalState;
  /** Uptime. */
  readonly atMs: number;
}

/** Whether `next` should go up now; `last` is what went up on this connection, undefined at its start. */
export const isTimeToTell = (last: Told | undefined, next: TerminalState): boolean => {
  if (last === undefined) return true;
  const waitedMs = next.uptimeMs - last.atMs;
  return (
    waitedMs >= TELL_EVERY_MS || (waitedMs >= TELL_GAP_MS && newsOf(next) !== newsOf(last.state))
  );
};
