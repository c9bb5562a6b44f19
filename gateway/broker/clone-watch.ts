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
  readonly why: 'two-starts-alive' | 'pushing-each-other-off';
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
