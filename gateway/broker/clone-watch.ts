/**
 * Notices one identity that is used in two places (証明書の複製), and keeps the second place out: pure.
 *
 * A terminal draws a number at each start of its program. It may start anew at any time, so a new number
 * is nothing; but a number that was left behind never comes back, unless two are alive at once. Two who
 * both hide the number push each other off the broker, again and again.
 */
import { MINUTE_MS, type UtcMs } from '../../shared/time.ts';

export interface Session {
  /** Number of the program's start; undefined where the client tells none. */
  readonly start: string | undefined;
  readonly address: string;
  readonly at: UtcMs;
  /** The one before had not hung up. */
  readonly tookOver: boolean;
}

export interface CloneFinding {
  readonly why: 'two-starts-alive' | 'more-connections-than-tried' | 'pushing-each-other-off';
  readonly addresses: readonly string[];
}

/**
 * May who comes take the place of who is connected? The same start may: its connection broke, and the broker
 * has not noticed yet. Another one waits until the place is empty: after a power cut that is one and a half
 * times the keepalive, and a clone waits as long as the terminal lives.
 */
export const mayTakeOver = (
  connected: Pick<Session, 'start'>,
  coming: Pick<Session, 'start'>,
): boolean => connected.start === coming.start;

/** Newest last. */
export type Sessions = readonly Session[];

const SESSIONS_KEPT = 20;
const TAKE_OVERS = 5;
const WITHIN_MS = 10 * MINUTE_MS;

export const noteSession = (
  sessions: Sessions,
  session: Session,
): { readonly sessions: Sessions; readonly finding: CloneFinding | undefined } => {
  const all = [...sessions, session].slice(-SESSIONS_KEPT);
  const found = (why: CloneFinding['why']) => ({
    // Begins anew, so that the same finding is told again only when it shows again.
    sessions: [session],
    finding: { why, addresses: [...new Set(all.map(({ address }) => address))] },
  });
  const { start } = session;
  const before = all.slice(0, -1);
  const lastOfStart = before.findLastIndex((each) => each.start === start);
  const hasOtherBetween =
    lastOfStart >= 0 && before.slice(lastOfStart + 1).some((each) => each.start !== start);
  if (start !== undefined && hasOtherBetween) return found('two-starts-alive');
  // Who tells the same number again only lost its connection.
  const takeOvers = all.filter(
    (each) => each.tookOver && each.start === undefined && session.at - each.at < WITHIN_MS,
  );
  return takeOvers.length >= TAKE_OVERS
    ? found('pushing-each-other-off')
    : { sessions: all, finding: undefined };
};

/** What one terminal told of its starts: each number once, newest last. */
export type ToldStarts = readonly string[];

/**
 * A terminal tells its start after the broker answered it. So a number that is told again behind another one
 * was alive before that one and after it: two programs hold one certificate for certain, whatever the network
 * did. Who connected may be a mere reconnect; this is none, and may have consequences.
 */
export const noteToldStart = (
  told: ToldStarts,
  start: string,
): { readonly told: ToldStarts; readonly areTwoAlive: boolean } => {
  if (told.at(-1) === start) return { told, areTwoAlive: false };
  // Begins anew, so that it is told again only when it shows again.
  if (told.includes(start)) return { told: [start], areTwoAlive: true };
  return { told: [...told, start].slice(-SESSIONS_KEPT), areTwoAlive: false };
};

/** Connections of one start of a terminal: those that it says it tried, and those that the broker saw. */
export interface ConnectionCount {
  readonly start: string;
  /** As it was first told here. */
  readonly triedBefore: number;
  readonly tried: number;
  /** Seen by the broker since then. */
  readonly seen: number;
}

/** The broker's line may be here before the terminal's own word of that connection. */
const SEEN_AHEAD = 2;

/**
 * A terminal counts the connections that it tries. Where the broker lets more in under its name than it tried, or
 * where the count of one start goes back, another program holds the certificate for certain, though it may hide its
 * number or tell the terminal's own. What this gateway did not hear of, because it or the broker was away, counts as
 * not seen, and accuses nobody.
 */
export const noteTries = (
  count: ConnectionCount | undefined,
  start: string,
  tried: number,
): { readonly count: ConnectionCount; readonly areTwoAlive: boolean } => {
  const anew = { start, triedBefore: tried, tried, seen: 0 };
  if (count?.start !== start) return { count: anew, areTwoAlive: false };
  const areTwoAlive = tried < count.tried || count.seen > tried - count.triedBefore + SEEN_AHEAD;
  return { count: areTwoAlive ? anew : { ...count, tried }, areTwoAlive };
};

/** The broker let somebody in under the terminal's name. */
export const noteSeen = (count: ConnectionCount): ConnectionCount => ({
  ...count,
  seen: count.seen + 1,
});
