/**
 * Keeps what the gateway says of who is on site (在場の受信): the last whole statement with the changes since.
 *
 * Sealed on the disk like the roster, now and then, so that a start without a network knows it. A change that does not
 * follow is dropped; then this terminal says that it holds none, and a whole one comes.
 */
import { z } from 'zod';
import type { SiteId } from '../shared/ids.ts';
import type { Log } from '../shared/log.ts';
import {
  type PresenceMessage,
  type PresenceStatement,
  parsePresence,
  parsePresenceText,
  presenceText,
  withChange,
} from '../shared/presence-statement.ts';
import { firstFault, parseJsonAs } from '../shared/result.ts';
import type { Verifier } from '../shared/signature.ts';
import { NO_STATEMENT, type StatementNumber } from '../shared/statement-number.ts';
import { type ClockReading, MINUTE_MS, UptimeMs, UtcMs } from '../shared/time.ts';
import type { HeardStatement } from './other-gates.ts';
import type { WholeFile } from './whole-file.ts';

export interface PresenceKeeperDeps {
  readonly siteId: SiteId;
  readonly verifyGateway: Verifier;
  readonly presenceCache: WholeFile;
  /** Subscribes to what the gateway says of presence. */
  readonly followPresence: () => void;
  readonly log: Log;
}

export interface PresenceKeeper {
  /** Undefined until anything was heard, now or before the last start. */
  readonly last: () => HeardStatement | undefined;
  /** Whether it was taken. */
  readonly take: (bytes: Uint8Array, now: ClockReading) => boolean;
  /** `isTold`: the gateway says that it tells presence; an older one would take a question for an attack. */
  readonly onLink: (isUp: boolean, isTold: boolean) => void;
  /** What to tell the gateway that is held here; undefined where nothing is listened for. */
  readonly held: () => StatementNumber | undefined;
  /** Writes to disk what is not there, at most every few minutes: the SD card has only so many writes. */
  readonly tick: (now: ClockReading) => void;
  /** Writes to disk what is not there. */
  readonly save: () => void;
}

const SAVED_EVERY_MS = 5 * MINUTE_MS;

const Saved = z.object({
  v: z.literal(1),
  heard: z.object({
    wallMs: UtcMs,
    uptimeMs: UptimeMs,
    bootId: z.string().max(64),
    trust: z.enum(['trusted', 'untrusted']),
  }),
  text: z.string(),
});

/** As for rosters: numbers grow, but for a gateway restored from a backup, whose statements are later, if lower. */
const isNewer = (statement: PresenceStatement, than: PresenceStatement): boolean =>
  statement.run > than.run ||
  (statement.run === than.run && statement.no > than.no) ||
  statement.atMs > than.atMs;

export type Hearing =
  | { readonly kind: 'taken'; readonly statement: PresenceStatement }
  /** Not newer than what is held; `isSame`: the very one. */
  | { readonly kind: 'old'; readonly isSame: boolean }
  /** Something between is missing. */
  | { readonly kind: 'gap' };

/** What a message makes of the statement that is held; undefined = none. */
export const hear = (held: PresenceStatement | undefined, message: PresenceMessage): Hearing => {
  if (message.kind === 'whole') {
    const { statement } = message;
    return held === undefined || isNewer(statement, held)
      ? { kind: 'taken', statement }
      : { kind: 'old', isSame: statement.run === held.run && statement.no === held.no };
  }
  const { change } = message;
  if (held?.run === change.run && change.no <= held.no) return { kind: 'old', isSame: false };
  return held?.run === change.run && held.no === change.follows
    ? { kind: 'taken', statement: withChange(held, change) }
    : { kind: 'gap' };
};

export const createPresenceKeeper = (deps: PresenceKeeperDeps): PresenceKeeper => {
  const { presenceCache, log } = deps;
  let last: HeardStatement | undefined;
  let isFollowing = false;
  let isGap = false;
  let isSaved = true;
  let savedAt: UptimeMs | undefined;

  const load = (): void => {
    const bytes = presenceCache.load();
    if (bytes === undefined) return;
    const saved = parseJsonAs(Saved, Buffer.from(bytes).toString('utf8'));
    const message = saved.ok ? parsePresenceText(saved.value.text) : undefined;
    if (!saved.ok || message?.ok !== true || message.value.kind !== 'whole')
      return log('what was kept of who is on site does not read', {});
    const { statement } = message.value;
    if (statement.siteId === deps.siteId) last = { statement, heard: saved.value.heard };
  };
  load();

  const save = (): void => {
    if (isSaved || last === undefined) return;
    const { heard, statement } = last;
    const text = presenceText({ kind: 'whole', statement });
    presenceCache.save(Buffer.from(JSON.stringify({ v: 1, heard, text })));
    isSaved = true;
  };

  return {
    last: () => last,
    take: (bytes, now) => {
      const parsed = parsePresence(bytes, deps.verifyGateway);
      if (!parsed.ok) {
        log('a statement of who is on site was refused', { reason: firstFault(parsed.faults) });
        return false;
      }
      const { value } = parsed;
      const { siteId } = value.kind === 'whole' ? value.statement : value.change;
      if (siteId !== deps.siteId) {
        log('a statement of who is on another site was refused', { siteId });
        return false;
      }
      const hearing = hear(last?.statement, value);
      if (hearing.kind === 'gap') isGap = true;
      if (hearing.kind === 'old' && hearing.isSame) isGap = false;
      if (hearing.kind !== 'taken') return false;
      isGap = false;
      last = { statement: hearing.statement, heard: now };
      isSaved = false;
      return true;
    },
    onLink: (isUp, isTold) => {
      if (!isUp) isFollowing = false;
      else if (isTold && !isFollowing) {
        isFollowing = true;
        deps.followPresence();
      }
    },
    held: () => {
      if (!isFollowing) return undefined;
      if (isGap || last === undefined) return NO_STATEMENT;
      const { run, no } = last.statement;
      return { run, no };
    },
    tick: ({ uptimeMs }) => {
      if (savedAt !== undefined && uptimeMs - savedAt < SAVED_EVERY_MS) return;
      if (!isSaved) savedAt = uptimeMs;
      save();
    },
    save,
  };
};
