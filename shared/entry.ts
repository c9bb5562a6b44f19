/**
 * The journal entry (ジャーナル記録): what a terminal writes down, once and for ever, as one JSON text.
 *
 * A Pi has no battery clock, so every entry carries wall time *and* boot id + uptime *and* whether the
 * clock was to be trusted; the gateway can then date a whole boot exactly once trust comes.
 */
import { z } from 'zod';
import { CardId, Direction, JournalId, SiteId, TerminalId, WorkerId } from './ids.ts';
import { madeVisible } from './plain-text.ts';
import { parseJsonAs, type Result } from './result.ts';
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

/** What was held to the reader: a card's serial, an id typed on the keypad, or a face that a camera knew. */
export const Presented = z.discriminatedUnion('by', [
  z.object({ by: z.literal('card'), cardId: CardId }),
  z.object({ by: z.literal('typed'), workerId: WorkerId }),
  z.object({ by: z.literal('face'), workerId: WorkerId }),
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
    /** Card after card could not be read: it is the reader. */
    'read-failed',
    'sync-refused',
    /** Touches were refused because nothing could be stored; it can be again. */
    'storage-recovered',
    /** The journal before this one was unreadable and is kept aside whole. */
    'journal-set-aside',
    'pruned',
    'signals-unavailable',
    'camera-attached',
    'camera-detached',
    'manager-logged-in',
    /** A wrong PIN. */
    'manager-refused',
    /** The first look of a log-in at a list of people. */
    'manager-looked',
  ]),
  detail: z.string().max(500),
});
export type HealthBody = z.infer<typeof HealthBody>;

/** Who at the terminal did it: whoever knew the manager's PIN, under the name they gave. */
const ByManager = {
  by: z.string().min(1).max(40).overwrite(madeVisible),
  reason: z.string().min(1).max(200).overwrite(madeVisible),
};

/** カードの紐付け: from now on this card is this worker's, says the manager; the registry has the last word. */
const BindBody = z.object({
  kind: z.literal('bind'),
  siteId: SiteId,
  cardId: CardId,
  workerId: WorkerId,
  ...ByManager,
});
export type BindBody = z.infer<typeof BindBody>;

/** 手入力: a passage that no touch was made for, or a touch that should not count, with the reason. */
const ManualBody = z.object({
  kind: z.literal('manual'),
  siteId: SiteId,
  change: z.discriminatedUnion('do', [
    z.object({
      do: z.literal('add'),
      workerId: WorkerId,
      direction: z.enum(['in', 'out']),
      /** When the passage was. */
      at: UtcMs,
    }),
    /** Seq of the touch, in this journal. */
    z.object({ do: z.literal('void'), seq: z.int().min(1) }),
  ]),
  ...ByManager,
});
export type ManualBody = z.infer<typeof ManualBody>;

/** 顔認証の証跡: what the camera has to say to a touch of this journal. */
const EvidenceBody = z.object({
  kind: z.literal('evidence'),
  /** Seq of the touch. */
  seq: z.int().min(1),
  camera: z.string().min(1).max(80),
  outcome: z.enum(['match', 'other-person', 'absent']),
  /** Percent, as the camera gives it. */
  score: z.int().min(0).max(100).optional(),
});
export type EvidenceBody = z.infer<typeof EvidenceBody>;

export type EntryBody =
  | TapBody
  | z.infer<typeof BootBody>
  | z.infer<typeof ClockBody>
  | HealthBody
  | BindBody
  | ManualBody
  | EvidenceBody;

export const Entry = z.discriminatedUnion('kind', [
  z.object({ ...EntryHead.shape, ...TapBody.shape }),
  z.object({ ...EntryHead.shape, ...BootBody.shape }),
  z.object({ ...EntryHead.shape, ...ClockBody.shape }),
  z.object({ ...EntryHead.shape, ...HealthBody.shape }),
  z.object({ ...EntryHead.shape, ...BindBody.shape }),
  z.object({ ...EntryHead.shape, ...ManualBody.shape }),
  z.object({ ...EntryHead.shape, ...EvidenceBody.shape }),
]);
export type Entry = z.infer<typeof Entry>;
export type TapEntry = Extract<Entry, { kind: 'tap' }>;

/** Unknown extra fields are ignored: an older gateway reads a newer terminal and keeps its bytes. */
export const parseEntry = (text: string): Result<Entry> => parseJsonAs(Entry, text);
