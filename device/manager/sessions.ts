/**
 * Who has given the manager's PIN (現場管理者の認証), and until when.
 *
 * A kiosk stands open at a gate: a session ends by itself soon after the last press.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../shared/time.ts';
import { afterFailure, isPin, NO_TRIES, type PinHash, type PinTries } from './pin.ts';

export const SESSION_IDLE_MS = 180_000;
const SESSIONS_MAX = 5;

export interface Session {
  /** Counts the log-ins since the program started. */
  readonly number: number;
  readonly by: string;
}

export type LogIn =
  | { readonly kind: 'in'; readonly token: string; readonly session: Session }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'locked'; readonly seconds: number };

export interface Sessions {
  readonly logIn: (pin: string, by: string) => Promise<LogIn>;
  /** Asking prolongs the session. */
  readonly who: (token: string | undefined) => Session | undefined;
  readonly logOut: (token: string | undefined) => void;
}

export interface Manager {
  readonly name: string;
  readonly pin: PinHash;
}

/** `triesBefore`: those of before the start; asked for once, when somebody first tries. */
export const createSessions = (
  managers: readonly Manager[],
  clock: Clock,
  triesBefore: () => PinTries,
): Sessions => {
  const sessions = new Map<string, Session & { endsAt: number }>();
  let count = 0;
  let tries: PinTries | undefined;
  /** One at a time: each costs memory and a core of a small machine. */
  let isChecking = false;

  return {
    logIn: async (pin, by) => {
      tries ??= triesBefore();
      const waitMs = tries.lockedUntil - clock.read().uptimeMs;
      if (waitMs > 0 || isChecking)
        return { kind: 'locked', seconds: Math.max(1, Math.ceil(waitMs / 1_000)) };
      isChecking = true;
      try {
        const manager = managers.find(({ name }) => name === by);
        if (manager === undefined || !(await isPin(pin, manager.pin))) {
          tries = afterFailure(tries, clock.read().uptimeMs);
          return { kind: 'wrong' };
        }
      } finally {
        isChecking = false;
      }
      tries = NO_TRIES;
      const [oldest] = sessions.keys();
      if (sessions.size >= SESSIONS_MAX && oldest !== undefined) sessions.delete(oldest);
      const token = randomBytes(24).toString('base64url');
      count += 1;
      const session = { number: count, by };
      sessions.set(token, { ...session, endsAt: clock.read().uptimeMs + SESSION_IDLE_MS });
      return { kind: 'in', token, session };
    },
    who: (token) => {
      const session = token === undefined ? undefined : sessions.get(token);
      if (token === undefined || session === undefined) return undefined;
      const now = clock.read().uptimeMs;
      if (now >= session.endsAt) {
        sessions.delete(token);
        return undefined;
      }
      session.endsAt = now + SESSION_IDLE_MS;
      return session;
    },
    logOut: (token) => {
      if (token !== undefined) sessions.delete(token);
    },
  };
};
