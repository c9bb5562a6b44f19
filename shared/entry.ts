/**
 * The journal entry (ジャーナル記録): what a terminal writes down, once and for ever, as one JSON text.
 *
 * A Pi has no battery clock, so every entry carries wall time *and* boot id + uptime *and* whether the
 * clock was to be trusted; the gateway can then date a whole boot exactly once trust comes.
 */
import { z } from 'zod';
import { CardId, Direction, JournalId, SiteId, TerminalId, WorkerId } from './ids.ts';
import { faultsOf, faulty, ok, type Result } from './result.ts';
import { UptimeMs, UtcMs } from './time.ts';
import { Reason, VerdictKind } from './verdict.ts';

/** Longest text of one entry, UTF-8 bytes. A tap needs about 400. */
export const ENTRY_BYTES_MAX = 4_096;

const EntryHead = z.object({
  v: z.literal(1),
  terminalId: TerminalId,
  journalId: JournalId,
  seq: z.int().min(1),
  wallMs: UtcMs,
  uptimeMs: UptimeMs,
  bootId: z.string().min(1).max(64),
  clock: z.enum(['trusted', 'untrusted']),
});

/** What was held to the reader: a card's serial, or an id typed on the keypad. */
export const Presented = z.discriminatedUnion('by', [
  z.object({ by: z.literal('card'), cardId: CardId }),
  z.object({ by: z.literal('typed'), workerId: WorkerId }),
]);
export type Presented = z.infer<typeof Presented>;

const TapBody = z.object({
  kind: z.literal('tap'),
  siteId: SiteId,
  readerId: z.string().min(1).max(80),
  direction: Direction,
  presented: Presented,
  verdict: VerdictKind,
  reasons: z.array(Reason).max(20),
  /** Version of the roster that the gate decided by; absent when it had none. */
  rosterVersion: z.int().min(0).optional(),
});
export type TapBody = z.infer<typeof TapBody>;

/** The terminal's program started. */
const BootBody = z.object({ kind: z.literal('boot'), version: z.string().max(40) });

/** The clock became trustworthy or ceased to be; `clock` in the head says which. */
const ClockBody = z.object({ kind: z.literal('clock') });

const HealthBody = z.object({
  kind: z.literal('health'),
  what: z.enum([
    'reader-attached',
    'reader-detached',
    'readers-unavailable',
    'read-failed',
    'sync-refused',
  ]),
  detail: z.string().max(500),
});
export type HealthBody = z.infer<typeof HealthBody>;

export type EntryBody = TapBody | z.infer<typeof BootBody> | z.infer<typeof ClockBody> | HealthBody;

export const Entry = z.discriminatedUnion('kind', [
  z.object({ ...EntryHead.shape, ...TapBody.shape }),
  z.object({ ...EntryHead.shape, ...BootBody.shape }),
  z.object({ ...EntryHead.shape, ...ClockBody.shape }),
  z.object({ ...EntryHead.shape, ...HealthBody.shape }),
]);
export type Entry = z.infer<typeof Entry>;
export type TapEntry = Extract<Entry, { kind: 'tap' }>;

/** Unknown extra fields are ignored: an older gateway reads a newer terminal and keeps its bytes. */
export const parseEntry = (text: string): Result<Entry> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return faulty({ place: '', message: 'is not JSON' });
  }
  const parsed = Entry.safeParse(json);
  return parsed.success ? ok(parsed.data) : { ok: false, faults: faultsOf(parsed.error.issues) };
};
