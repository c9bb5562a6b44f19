/**
 * Ingest (取り込み): what a batch is worth against what the ledger already holds.
 *
 * Pure. One batch has exactly one outcome; the order of precedence is the order of the union.
 */
import type { Batch, StoredEntry } from '../shared/batch.ts';
import { type ChainHash, GENESIS_HASH } from '../shared/chain.ts';
import { type Entry, parseEntry, type TapEntry } from '../shared/entry.ts';
import type { JournalId, SiteId, TerminalId } from '../shared/ids.ts';
import { type ClockReading, UTC_MS_MAX, type UtcMs, utcMs } from '../shared/time.ts';
import type { Subject } from './attendance/shifts.ts';

/** How far one journal is committed. */
export interface JournalPosition {
  readonly committedSeq: number;
  readonly headHash: ChainHash;
}

export const START_POSITION: JournalPosition = { committedSeq: 0, headHash: GENESIS_HASH };

export type Judgement =
  /** Something before this batch is missing here: the terminal must rewind. */
  | { readonly kind: 'gap' }
  /** The same seq with another history: kept apart, alarmed, never overwritten. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'already-committed' }
  | {
      readonly kind: 'append';
      readonly fresh: readonly StoredEntry[];
      readonly position: JournalPosition;
    };

/**
 * `hashAt(seq)` is the committed chain hash of this journal. A chain hash vouches for everything
 * before it, so an overlap is equal exactly when the hashes at its last seq are.
 */
export const judgeBatch = (
  batch: Pick<Batch, 'firstSeq' | 'previousHash' | 'entries'>,
  position: JournalPosition,
  hashAt: (seq: number) => ChainHash | undefined,
): Judgement => {
  const { committedSeq, headHash } = position;
  if (batch.firstSeq > committedSeq + 1) return { kind: 'gap' };
  const fresh = batch.entries.filter(({ seq }) => seq > committedSeq);
  const overlapEnd = batch.entries[committedSeq - batch.firstSeq] ?? batch.entries.at(-1);
  const isSameHistory =
    batch.firstSeq === committedSeq + 1
      ? batch.previousHash === headHash
      : overlapEnd !== undefined && hashAt(overlapEnd.seq) === overlapEnd.hash;
  if (!isSameHistory) return { kind: 'conflict' };
  const last = fresh.at(-1);
  return last === undefined
    ? { kind: 'already-committed' }
    : { kind: 'append', fresh, position: { committedSeq: last.seq, headHash: last.hash } };
};

export interface ReadEntry extends StoredEntry {
  /** Undefined where this gateway cannot read the text; the text is kept and the chain goes on. */
  readonly entry: Entry | undefined;
}

/** Reads entry texts; faults name an entry that says it is somebody else's. */
export const readEntries = (
  { terminalId, journalId }: { readonly terminalId: TerminalId; readonly journalId: JournalId },
  stored: readonly StoredEntry[],
): { readonly entries: readonly ReadEntry[]; readonly strangers: readonly number[] } => {
  const entries = stored.map((each) => {
    const parsed = parseEntry(each.text);
    return { ...each, entry: parsed.ok ? parsed.value : undefined };
  });
  const strangers = entries
    .filter(
      ({ seq, entry }) =>
        entry !== undefined &&
        (entry.terminalId !== terminalId || entry.journalId !== journalId || entry.seq !== seq),
    )
    .map(({ seq }) => seq);
  return { entries, strangers };
};

/**
 * Sites at which entries say that they were written and that are none of their terminal's own, each once: a key that
 * was stolen, or a configuration that names another site.
 */
export const foreignSites = (
  entries: readonly ReadEntry[],
  ownSites: ReadonlySet<SiteId>,
): readonly SiteId[] => [
  ...new Set(
    entries.flatMap(({ entry }) =>
      entry === undefined || !('siteId' in entry) || ownSites.has(entry.siteId)
        ? []
        : [entry.siteId],
    ),
  ),
];

/** Who a touch says it is: the card that was held to the reader, or the worker whose id was typed or seen. */
export const bearerOf = ({ presented }: Pick<TapEntry, 'presented'>): Subject =>
  presented.by === 'card'
    ? { kind: 'card', cardId: presented.cardId }
    : { kind: 'worker', workerId: presented.workerId };

/** When a touch happened, as far as that is known. */
export type DatedAt =
  | { readonly trust: 'trusted' | 'recovered'; readonly at: UtcMs }
  /** The boot never had a trusted clock so far: it waits, and is never silently dated. */
  | { readonly trust: 'unknown'; readonly at: undefined };

/** wall − uptime of the first trusted moment of a boot: dates every moment of that boot. */
export type BootOffsetMs = number;

export const bootOffsetOf = ({
  wallMs,
  uptimeMs,
}: Pick<Entry, 'wallMs' | 'uptimeMs'>): BootOffsetMs => wallMs - uptimeMs;

export const datedAt = (
  { clock, wallMs, uptimeMs }: Pick<Entry, 'clock' | 'wallMs' | 'uptimeMs'>,
  bootOffsetMs: BootOffsetMs | undefined,
): DatedAt => {
  if (clock === 'trusted') return { trust: 'trusted', at: wallMs };
  const at = bootOffsetMs === undefined ? -1 : bootOffsetMs + uptimeMs;
  return at < 0 || at > UTC_MS_MAX
    ? { trust: 'unknown', at: undefined }
    : { trust: 'recovered', at: utcMs(at) };
};

/** Offsets of boots that become known by these entries: the first trusted entry of each boot. */
export const bootOffsets = (entries: readonly ReadEntry[]): ReadonlyMap<string, BootOffsetMs> => {
  const offsetByBoot = new Map<string, BootOffsetMs>();
  for (const { entry } of entries) {
    if (entry?.clock === 'trusted' && !offsetByBoot.has(entry.bootId)) {
      offsetByBoot.set(entry.bootId, bootOffsetOf(entry));
    }
  }
  return offsetByBoot;
};

/**
 * The latest time that a touch may claim which arrived at this moment: clocks are never quite equal. Undefined
 * where the gateway's own clock is not to be believed: then nothing is judged by it.
 */
export const latestClaim = (
  { wallMs, trust }: Pick<ClockReading, 'wallMs' | 'trust'>,
  toleranceMs: number,
): UtcMs | undefined =>
  trust === 'trusted' ? utcMs(Math.min(wallMs + toleranceMs, UTC_MS_MAX)) : undefined;

/**
 * A touch that claims to be later than its own arrival: the terminal's clock, which called itself trusted, ran
 * ahead. It makes no day by itself. Rests on the touch and its arrival alone, so the order of arrival of others
 * has no say.
 */
export const isFutureDated = (at: UtcMs, latestAt: UtcMs | undefined): boolean =>
  latestAt !== undefined && at > latestAt;
