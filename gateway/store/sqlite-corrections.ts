/** 訂正依頼 in the SQLite ledger. */
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import type { SiteId, WorkerId } from '../../shared/ids.ts';
import { utcMs, type WorkDate } from '../../shared/time.ts';
import {
  type Asking,
  type AskOutcome,
  type CorrectionRequest,
  type CorrectionStore,
  correctionRowOf,
  type Decision,
} from '../correction-requests/correction-store.ts';

/** Undecided requests of one asker; far more than a month of a large company has. */
const PENDING_MAX = 2_000;

interface RequestRow {
  readonly request_no: number;
  readonly request_id: string;
  readonly site_id: string;
  readonly worker_id: string;
  readonly work_date: string;
  readonly kind: CorrectionRequest['kind'];
  readonly at_ms: number | null;
  readonly reason: string;
  readonly corrects: string | null;
  readonly is_late: 0 | 1;
  readonly asked_by: string;
  readonly asked_for: string;
  readonly asked_at_ms: number;
  readonly verdict: Decision['verdict'] | null;
  readonly decided_by: string;
  readonly decision_reason: string;
  readonly decided_at_ms: number;
}

const SELECT = `
  select correction_request.*, decision_no, verdict, decided_by, decided_at_ms,
    correction_decision.reason as decision_reason
  from correction_request left join correction_decision using (request_no)`;

/** What a table of ours holds was judged on its way in. */
const requestOf = (row: RequestRow): CorrectionRequest => ({
  requestNo: row.request_no,
  requestId: row.request_id,
  siteId: row.site_id as SiteId,
  workerId: row.worker_id as WorkerId,
  workDate: row.work_date as WorkDate,
  kind: row.kind,
  at: row.at_ms === null ? undefined : utcMs(row.at_ms),
  reason: row.reason,
  corrects: row.corrects ?? undefined,
  isLate: row.is_late === 1,
  askedBy: row.asked_by,
  askedFor: row.asked_for,
  askedAt: utcMs(row.asked_at_ms),
  decision:
    row.verdict === null
      ? undefined
      : {
          verdict: row.verdict,
          by: row.decided_by,
          reason: row.decision_reason,
          at: utcMs(row.decided_at_ms),
        },
});

const isSame = (request: CorrectionRequest, asking: Asking): boolean =>
  (['siteId', 'workerId', 'workDate', 'kind', 'at', 'reason', 'corrects'] as const).every(
    (field) => request[field] === asking[field],
  );

/** The ledger's database, already migrated. */
export const openSqliteCorrections = (db: Sqlite): CorrectionStore => {
  const insertRequest = db.prepare(
    `insert into correction_request (request_id, site_id, worker_id, work_date, kind, at_ms, reason,
       corrects, is_late, asked_by, asked_for, asked_at_ms, idempotency_key)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertDecision = db.prepare(
    `insert into correction_decision (request_no, verdict, decided_by, reason, decided_at_ms)
     values (?, ?, ?, ?, ?) on conflict (request_no) do nothing`,
  );
  const selectOne = db.prepare<[string], RequestRow>(`${SELECT} where request_id = ?`);
  const selectByKey = db.prepare<[string, string], RequestRow>(
    `${SELECT} where asked_by = ? and idempotency_key = ?`,
  );
  const selectPendingOfDay = db.prepare<[string, string, string], RequestRow>(
    `${SELECT} where worker_id = ? and site_id = ? and work_date = ? and verdict is null`,
  );
  const countPending = db
    .prepare<[string], number>(
      `select count(*) from correction_request left join correction_decision using (request_no)
       where asked_by = ? and verdict is null`,
    )
    .pluck();
  type After = { after: number; site: string; decided: 0 | 1 | null; limit: number };
  const requestsAfter = (where: string) =>
    db.prepare<[After], RequestRow>(
      `${SELECT} where request_no > :after and ${where}
         and (:decided is null or (verdict is not null) = :decided)
       order by request_no limit :limit`,
    );
  const selectAfter = requestsAfter(':site is not null');
  const selectOfSiteAfter = requestsAfter('site_id = :site');
  const selectApproved = db.prepare<[], RequestRow & { readonly decision_no: number }>(
    `${SELECT} where verdict = 'approved' order by decision_no`,
  );

  const existing = (requestId: string): CorrectionRequest => {
    const row = selectOne.get(requestId);
    if (row === undefined) throw new Error(`there is no correction request ${requestId}`);
    return requestOf(row);
  };

  const ask = (asking: Asking): AskOutcome => {
    const { askedBy, idempotencyKey, siteId, workerId, workDate } = asking;
    const keyed =
      idempotencyKey === undefined ? undefined : selectByKey.get(askedBy, idempotencyKey);
    if (keyed !== undefined) {
      const request = requestOf(keyed);
      return isSame(request, asking) ? { kind: 'already-asked', request } : { kind: 'key-taken' };
    }
    const pending = selectPendingOfDay
      .all(workerId, siteId, workDate)
      .map(requestOf)
      .find(({ kind, at }) => kind === asking.kind && at === asking.at);
    if (pending !== undefined) return { kind: 'pending-already', request: pending };
    if ((countPending.get(askedBy) ?? 0) >= PENDING_MAX) return { kind: 'too-many' };
    insertRequest.run(
      asking.requestId,
      siteId,
      workerId,
      workDate,
      asking.kind,
      asking.at ?? null,
      asking.reason,
      asking.corrects ?? null,
      asking.isLate ? 1 : 0,
      askedBy,
      asking.askedFor,
      asking.askedAt,
      idempotencyKey ?? null,
    );
    return { kind: 'asked', request: existing(asking.requestId) };
  };

  const approvedByDecision: CorrectionStore['approvedByDecision'] = () =>
    selectApproved.all().flatMap((row) => {
      const correction = correctionRowOf(requestOf(row));
      return correction === undefined ? [] : [{ decisionNo: row.decision_no, row: correction }];
    });

  return {
    ask: (asking) => db.transaction(ask).immediate(asking),
    find: (requestId) => {
      const row = selectOne.get(requestId);
      return row && requestOf(row);
    },
    requestsAfter: (after, limit, { siteId, state }) =>
      (siteId === undefined ? selectAfter : selectOfSiteAfter)
        .all({
          after,
          limit,
          site: siteId ?? '',
          decided: state === undefined ? null : state === 'decided' ? 1 : 0,
        })
        .map(requestOf),
    decide: (requestId, { verdict, by, reason, at }) => {
      const { requestNo } = existing(requestId);
      const { changes } = insertDecision.run(requestNo, verdict, by, reason, at);
      return { kind: changes === 1 ? 'decided' : 'already-decided', request: existing(requestId) };
    },
    approved: () => approvedByDecision().map(({ row }) => row),
    approvedByDecision,
  };
};
