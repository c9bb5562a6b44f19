/**
 * What entries mean (記録の読み取り), kept beside their texts in the SQLite ledger: touches with their times,
 * passages and touches taken back by managers, bindings of cards. All of it can be made again.
 */
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import type { BindBody, Entry, ManualBody, TapEntry } from '../../shared/entry.ts';
import { WorkerId } from '../../shared/ids.ts';
import { type UtcMs, uptimeMs, utcMs } from '../../shared/time.ts';
import { subjectKey } from '../attendance/subject-key.ts';
import { bearerOf, bootOffsets, datedAt, isFutureDated, type ReadEntry } from '../ingest.ts';
import { ALWAYS } from './ledger.ts';
import { MARK_DIRTY } from './sqlite-attendance.ts';

export interface EntryMeanings {
  /** Offsets of boots that these entries tell: touches of those boots that waited get their times. */
  readonly learnBoots: (journalNo: number, entries: readonly ReadEntry[]) => void;
  readonly keep: (
    ledgerNo: number | bigint,
    journalNo: number,
    entry: Entry,
    latestAt: UtcMs | undefined,
  ) => void;
}

export const createEntryMeanings = (
  db: Sqlite,
  bearerNoOf: (key: string) => number,
): EntryMeanings => {
  const insertTap = db.prepare(
    `insert into tap (ledger_no, journal_no, boot_id, site_id, reader_id, direction, bearer_no,
       at_ms, at_trust, wall_ms, uptime_ms, verdict, seq, is_future)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const markDirty = db.prepare(MARK_DIRTY);
  const selectBootOffset = db
    .prepare<[number, string], number>(
      'select offset_ms from boot where journal_no = ? and boot_id = ?',
    )
    .pluck();
  const insertBootOffset = db.prepare('insert into boot values (?, ?, ?) on conflict do nothing');
  const selectUndated = db.prepare<
    [number, string],
    {
      ledger_no: number;
      site_id: string;
      bearer_no: number;
      wall_ms: number;
      uptime_ms: number;
      latest_ms: number | null;
    }
  >(
    `select tap.*, latest_ms from tap join entry using (ledger_no)
     where tap.journal_no = ? and boot_id = ? and at_ms is null`,
  );
  const dateTap = db.prepare(
    `update tap set at_ms = ?, at_trust = 'recovered', is_future = ?,
       dated_after_no = (select max(ledger_no) from entry) where ledger_no = ?`,
  );
  const insertPassage = db.prepare('insert into passage values (?, ?, ?, ?, ?, ?)');
  const selectTouch = db.prepare<
    [number, number],
    { ledger_no: number; site_id: string; bearer_no: number; at_ms: number | null }
  >(
    `select tap.ledger_no, site_id, bearer_no, at_ms from entry join tap using (ledger_no)
     where entry.journal_no = ? and entry.seq = ?`,
  );
  const insertVoided = db.prepare('insert into voided values (?, ?) on conflict do nothing');
  const insertBinding = db.prepare('insert into binding values (?, ?, ?)');
  const selectBound = db
    .prepare<[string], string>('select distinct worker_id from binding where card_id = ?')
    .pluck();
  const selectSites = db
    .prepare<[number], string>('select distinct site_id from tap where bearer_no = ?')
    .pluck();

  const isFuture = (at: UtcMs, latestAt: UtcMs | undefined): 0 | 1 =>
    isFutureDated(at, latestAt) ? 1 : 0;

  const keepTap = (
    ledgerNo: number | bigint,
    journalNo: number,
    tap: TapEntry,
    latestAt: UtcMs | undefined,
  ): void => {
    const bearerNo = bearerNoOf(subjectKey(bearerOf(tap)));
    const offset =
      tap.clock === 'trusted' ? undefined : selectBootOffset.get(journalNo, tap.bootId);
    const dated = datedAt(tap, offset);
    insertTap.run(
      ledgerNo,
      journalNo,
      tap.bootId,
      tap.siteId,
      tap.readerId,
      tap.direction,
      bearerNo,
      dated.at ?? null,
      dated.trust,
      tap.wallMs,
      tap.uptimeMs,
      tap.verdict,
      tap.seq,
      dated.at === undefined ? 0 : isFuture(dated.at, latestAt),
    );
    if (dated.at !== undefined) markDirty.run(bearerNo, tap.siteId, dated.at, dated.at);
  };

  const keepManual = (
    ledgerNo: number | bigint,
    journalNo: number,
    { siteId, change }: ManualBody,
    latestAt: UtcMs | undefined,
  ): void => {
    if (change.do === 'add') {
      const { workerId, at, direction } = change;
      const bearerNo = bearerNoOf(subjectKey({ kind: 'worker', workerId }));
      insertPassage.run(ledgerNo, siteId, bearerNo, at, direction, isFuture(at, latestAt));
      markDirty.run(bearerNo, siteId, at, at);
      return;
    }
    const touch = selectTouch.get(journalNo, change.seq);
    // A terminal lets only its own recent touches be taken back; anything else has nothing to void.
    if (touch === undefined) return;
    insertVoided.run(touch.ledger_no, ledgerNo);
    if (touch.at_ms !== null)
      markDirty.run(touch.bearer_no, touch.site_id, touch.at_ms, touch.at_ms);
  };

  /** Every touch of the card may be somebody else's now, and no longer theirs to whom it was bound before. */
  const keepBinding = (ledgerNo: number | bigint, { cardId, workerId }: BindBody): void => {
    insertBinding.run(ledgerNo, cardId, workerId);
    const card = bearerNoOf(subjectKey({ kind: 'card', cardId }));
    const workers = selectBound
      .all(cardId)
      .map((bound) => bearerNoOf(subjectKey({ kind: 'worker', workerId: WorkerId.parse(bound) })));
    for (const siteId of selectSites.all(card))
      for (const bearerNo of [card, ...workers])
        markDirty.run(bearerNo, siteId, ALWAYS.from, ALWAYS.to);
  };

  return {
    learnBoots: (journalNo, entries) => {
      for (const [bootId, offsetMs] of bootOffsets(entries)) {
        if (insertBootOffset.run(journalNo, bootId, offsetMs).changes === 0) continue;
        for (const row of selectUndated.all(journalNo, bootId)) {
          const dated = datedAt(
            { clock: 'untrusted', wallMs: utcMs(row.wall_ms), uptimeMs: uptimeMs(row.uptime_ms) },
            offsetMs,
          );
          if (dated.at === undefined) continue;
          const latestAt = row.latest_ms === null ? undefined : utcMs(row.latest_ms);
          dateTap.run(dated.at, isFuture(dated.at, latestAt), row.ledger_no);
          markDirty.run(row.bearer_no, row.site_id, dated.at, dated.at);
        }
      }
    },
    keep: (ledgerNo, journalNo, entry, latestAt) => {
      switch (entry.kind) {
        case 'tap':
          return keepTap(ledgerNo, journalNo, entry, latestAt);
        case 'manual':
          return keepManual(ledgerNo, journalNo, entry, latestAt);
        case 'bind':
          return keepBinding(ledgerNo, entry);
        default:
          return undefined;
      }
    },
  };
};
