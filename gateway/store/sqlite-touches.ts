/** Touches in the SQLite ledger: as outsiders follow them, and as derivation needs them. */
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import {
  CardId,
  Direction,
  entryId,
  JournalId,
  SiteId,
  TerminalId,
  WorkerId,
} from '../../shared/ids.ts';
import { type UtcMs, utcMs } from '../../shared/time.ts';
import { VerdictKind } from '../../shared/verdict.ts';
import { parseSubjectKey, subjectKey } from '../attendance/subject-key.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import type { DatedAt } from '../ingest.ts';
import type { JournalName, Ledger, LedgerTap, LedgerTouch } from './ledger.ts';

interface TapRow {
  readonly ledger_no: number;
  readonly journal_no: number;
  readonly seq: number;
  readonly site_id: string;
  readonly reader_id: string;
  readonly direction: string;
  readonly bearer: string;
  readonly at_ms: number | null;
  readonly at_trust: string;
  readonly wall_ms: number;
  readonly received_at_ms: number;
  readonly verdict: string;
  readonly is_future: 0 | 1;
}

const tapSelect = (tap: string): string => `
  select tap.*, bearer.bearer, entry.received_at_ms
  from ${tap} join bearer using (bearer_no) join entry using (ledger_no)`;

/** A list, not an object: derivation reads millions of these. */
type TouchRow = [
  isManual: 0 | 1,
  journalNo: number,
  seq: number,
  readerId: string,
  direction: string,
  atMs: number,
  voidedBySeq: number | null,
];

const TOUCHES_SELECT = `
  select 0 as is_manual, tap.journal_no, tap.seq, tap.reader_id, tap.direction, tap.at_ms,
    by_entry.seq as voided_by_seq
  from tap left join voided using (ledger_no)
    left join entry by_entry on by_entry.ledger_no = voided.by_ledger_no
  where tap.bearer_no = :bearer and tap.site_id = :site and tap.at_ms between :from and :to
    and tap.is_future = 0
  union all
  select 1, entry.journal_no, entry.seq, 'manual', passage.direction, passage.at_ms, null
  from passage join entry using (ledger_no)
  where passage.bearer_no = :bearer and passage.site_id = :site
    and passage.at_ms between :from and :to and passage.is_future = 0`;

interface WaitingRow {
  readonly reason: WaitingTouch['reason'];
  readonly journal_no: number;
  readonly seq: number;
  readonly site_id: string;
  readonly bearer: string;
  readonly claimed_ms: number;
  readonly received_at_ms: number;
}

/** Each of the three by its own partial index, which is small; what a manager took back waits no longer. */
const WAITING_SELECT = `
  select waiting.*, entry.journal_no, entry.seq, bearer.bearer, entry.received_at_ms
  from (
    select ledger_no, 'future-dated' as reason, site_id, bearer_no, at_ms as claimed_ms
      from tap indexed by tap_future where is_future = 1
    union all
    select ledger_no, 'future-dated', site_id, bearer_no, at_ms
      from passage indexed by passage_future where is_future = 1
    union all
    select ledger_no, 'undated', site_id, bearer_no, wall_ms
      from tap indexed by tap_undated where at_ms is null
  ) waiting join entry using (ledger_no) join bearer using (bearer_no)
    left join voided using (ledger_no)
  where voided.by_ledger_no is null
  order by ledger_no`;

const datedOf = ({ at_ms, at_trust }: Pick<TapRow, 'at_ms' | 'at_trust'>): DatedAt =>
  at_ms === null
    ? { trust: 'unknown', at: undefined }
    : { trust: at_trust === 'trusted' ? 'trusted' : 'recovered', at: utcMs(at_ms) };

export const createTouches = (
  db: Sqlite,
): Pick<
  Ledger,
  | 'tapsAfter'
  | 'touchesOfBearer'
  | 'bearers'
  | 'sitesOfBearer'
  | 'undatedTaps'
  | 'waitingTouches'
  | 'bindings'
  | 'bindingsVersion'
> => {
  const selectJournal = db.prepare<[number], { terminal_id: string; journal_id: string }>(
    'select terminal_id, journal_id from journal where journal_no = ?',
  );
  const selectTapsAfter = db.prepare<[number, number], TapRow>(
    `${tapSelect('tap')} where tap.ledger_no > ? order by tap.ledger_no limit ?`,
  );
  const selectTapsOfSiteAfter = db.prepare<[number, string, number], TapRow>(
    `${tapSelect('tap indexed by tap_by_site')}
     where tap.ledger_no > ? and tap.site_id = ? order by tap.ledger_no limit ?`,
  );
  const selectTouches = db
    .prepare<[{ bearer: number; site: string; from: number; to: number }], TouchRow>(TOUCHES_SELECT)
    .raw();
  const selectBearerNo = db
    .prepare<[string], number>('select bearer_no from bearer where bearer = ?')
    .pluck();
  const selectBearers = db.prepare<[{ site: string | null }], { site_id: string; bearer: string }>(
    `select distinct bearer, site_id from tap join bearer using (bearer_no)
       where at_ms is not null and (:site is null or site_id = :site)
     union
     select bearer, site_id from passage join bearer using (bearer_no)
       where :site is null or site_id = :site`,
  );
  const selectSites = db
    .prepare<[{ bearer: number; from: number; to: number }], string>(
      `select distinct site_id from tap where bearer_no = :bearer and at_ms between :from and :to
       union
       select site_id from passage where bearer_no = :bearer and at_ms between :from and :to`,
    )
    .pluck();
  const countUndated = db
    .prepare<[], number>('select count(*) from tap indexed by tap_undated where at_ms is null')
    .pluck();
  const selectWaiting = db.prepare<[], WaitingRow>(WAITING_SELECT);
  const selectBindings = db.prepare<
    [],
    { journal_no: number; seq: number; card_id: string; worker_id: string }
  >('select * from binding join entry using (ledger_no) order by ledger_no');

  const selectLastBinding = db
    .prepare<[], number | null>('select max(ledger_no) from binding')
    .pluck();

  /** A journal's name never changes, and there are few of them. */
  const nameByNo = new Map<number, JournalName>();
  const nameOf = (journalNo: number): JournalName => {
    const known = nameByNo.get(journalNo);
    if (known !== undefined) return known;
    const row = selectJournal.get(journalNo);
    if (row === undefined) throw new Error(`there is no journal ${journalNo}`);
    const name = {
      terminalId: TerminalId.parse(row.terminal_id),
      journalId: JournalId.parse(row.journal_id),
    };
    nameByNo.set(journalNo, name);
    return name;
  };
  const idOf = (journalNo: number, seq: number): string => {
    const { terminalId, journalId } = nameOf(journalNo);
    return entryId(terminalId, journalId, seq);
  };

  const tapOf = (row: TapRow): LedgerTap => ({
    ledgerNo: row.ledger_no,
    id: idOf(row.journal_no, row.seq),
    // What a table of ours holds went through the schema on its way in.
    siteId: row.site_id as SiteId,
    terminalId: nameOf(row.journal_no).terminalId,
    readerId: row.reader_id,
    direction: Direction.parse(row.direction),
    bearer: parseSubjectKey(row.bearer),
    dated: datedOf(row),
    wallMs: utcMs(row.wall_ms),
    receivedAt: utcMs(row.received_at_ms),
    verdict: VerdictKind.parse(row.verdict),
    isFutureDated: row.is_future === 1,
  });

  return {
    tapsAfter: (cursor, limit, siteId) =>
      (siteId === undefined
        ? selectTapsAfter.all(cursor, limit)
        : selectTapsOfSiteAfter.all(cursor, siteId, limit)
      ).map(tapOf),
    touchesOfBearer: (siteId, bearer, { from, to }) => {
      const bearerNo = selectBearerNo.get(subjectKey(bearer));
      if (bearerNo === undefined) return [];
      return selectTouches.all({ bearer: bearerNo, site: siteId, from, to }).map(
        ([isManual, journalNo, seq, readerId, direction, atMs, voidedBySeq]): LedgerTouch => ({
          id: idOf(journalNo, seq),
          siteId,
          readerId: `${nameOf(journalNo).terminalId}/${readerId}`,
          direction: direction as Direction,
          bearer,
          at: atMs as UtcMs,
          ...(isManual === 1 ? { isManual: true } : {}),
          ...(voidedBySeq === null ? {} : { voidedBy: idOf(journalNo, voidedBySeq) }),
        }),
      );
    },
    bearers: (siteId) =>
      selectBearers.all({ site: siteId ?? null }).map(({ site_id, bearer }) => ({
        siteId: SiteId.parse(site_id),
        bearer: parseSubjectKey(bearer),
      })),
    sitesOfBearer: (bearer, { from, to }) => {
      const bearerNo = selectBearerNo.get(subjectKey(bearer));
      return bearerNo === undefined
        ? []
        : selectSites.all({ bearer: bearerNo, from, to }).map((site) => SiteId.parse(site));
    },
    undatedTaps: () => countUndated.get() ?? 0,
    waitingTouches: () =>
      selectWaiting.all().map((row) => ({
        reason: row.reason,
        id: idOf(row.journal_no, row.seq),
        terminalId: nameOf(row.journal_no).terminalId,
        siteId: row.site_id as SiteId,
        bearer: parseSubjectKey(row.bearer),
        claimedAt: utcMs(row.claimed_ms),
        receivedAt: utcMs(row.received_at_ms),
      })),
    bindings: () =>
      selectBindings.all().map(({ journal_no, seq, card_id, worker_id }) => ({
        entryId: idOf(journal_no, seq),
        cardId: CardId.parse(card_id),
        workerId: WorkerId.parse(worker_id),
      })),
    bindingsVersion: () => selectLastBinding.get() ?? 0,
  };
};
