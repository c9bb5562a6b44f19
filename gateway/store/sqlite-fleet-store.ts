/** The fleet's memory on SQLite, beside the ledger. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { SiteId, TerminalId } from '../../shared/ids.ts';
import { parseStatusMessage } from '../../shared/terminal-state.ts';
import { utcMs } from '../../shared/time.ts';
import { type AlertEvent, alertEvent } from '../fleet/alert-text.ts';
import { type AlertSubject, GATEWAY, ruleNamed } from '../fleet/alerts.ts';
import type { AuditedSince, FleetStore, Notice } from './fleet-store.ts';

interface ContactRow {
  readonly terminal_id: string;
  readonly last_heard_at_ms: number;
  readonly state: string | null;
  readonly state_at_ms: number | null;
}

interface AlertRow {
  readonly rule: string;
  readonly subject: string;
  readonly site_id: string | null;
  readonly detail: string;
  readonly since_ms: number;
  readonly begun_at_ms: number;
  readonly cleared_at_ms: number | null;
}

interface NoticeRow {
  readonly notice_no: number;
  readonly channel: Notice['channel'];
  readonly message_id: string;
  readonly events: string;
  readonly created_at_ms: number;
  readonly failures: number;
}

const Subject = z.union([z.literal(GATEWAY), TerminalId]);

/** Undefined for a rule that this program no longer has: its alerts are history. */
const headOf = (row: AlertRow) => {
  const rule = ruleNamed(row.rule);
  const subject: AlertSubject = Subject.parse(row.subject);
  return rule === undefined
    ? undefined
    : {
        rule,
        subject,
        siteId: row.site_id === null ? undefined : SiteId.parse(row.site_id),
        detail: row.detail,
        since: utcMs(row.since_ms),
        begunAt: utcMs(row.begun_at_ms),
      };
};

/** A state of a newer or older program may not be readable; then there is none until the next one. */
const stateOf = ({ state, state_at_ms }: ContactRow) => {
  const parsed = state === null ? undefined : parseStatusMessage(Buffer.from(state));
  return parsed?.ok === true && parsed.value.kind === 'online' && state_at_ms !== null
    ? { state: parsed.value.state, stateAt: utcMs(state_at_ms) }
    : { state: undefined, stateAt: undefined };
};

/** `db` is the ledger's, migrated. */
export const openSqliteFleetStore = (db: Sqlite): FleetStore => {
  const selectContacts = db.prepare<[], ContactRow>('select * from terminal_contact');
  const upsertContact = db.prepare(
    `insert into terminal_contact values (?, ?, ?, ?) on conflict (terminal_id) do update set
       last_heard_at_ms = excluded.last_heard_at_ms, state = excluded.state,
       state_at_ms = excluded.state_at_ms`,
  );
  const selectOpen = db.prepare<[], AlertRow>(
    'select * from alert where cleared_at_ms is null order by alert_no',
  );
  const selectClosed = db.prepare<[number], AlertRow>(
    'select * from alert where cleared_at_ms is not null order by cleared_at_ms desc, alert_no desc limit ?',
  );
  const insertAlert = db.prepare(
    `insert into alert (rule, subject, site_id, detail, since_ms, begun_at_ms)
     values (?, ?, ?, ?, ?, ?) on conflict do nothing`,
  );
  const clearAlert = db.prepare(
    'update alert set cleared_at_ms = ? where rule = ? and subject = ? and cleared_at_ms is null',
  );
  const insertNotice = db.prepare(
    `insert into alert_notice (channel, message_id, events, created_at_ms, failures, next_try_at_ms)
     values (?, ?, ?, ?, 0, ?)`,
  );
  const selectDue = db.prepare<[number, number], NoticeRow>(
    `select * from alert_notice indexed by alert_notice_due
     where next_try_at_ms <= ? order by notice_no limit ?`,
  );
  const sent = db.prepare(
    'update alert_notice set sent_at_ms = ?, next_try_at_ms = null where notice_no = ?',
  );
  const failed = db.prepare(
    `update alert_notice set failures = failures + 1, last_failure = ?, next_try_at_ms = ?
     where notice_no = ?`,
  );
  const selectQuarantined = db.prepare<
    [number],
    { topic: string; reason: string; last_at_ms: number }
  >(
    `select topic, reason, max(last_at_ms) as last_at_ms from quarantine
     where last_at_ms > ? group by topic, reason`,
  );

  const selectAudited = db.prepare<
    [number],
    { kind: AuditedSince['kind']; actor: string; last_at_ms: number }
  >(
    `select kind, json_extract(text, '$.actor') as actor, max(at_ms) as last_at_ms from audit
     where kind in ('clone-suspected', 'chain-failed') and at_ms > ? group by kind, actor`,
  );

  const saveContacts = db.transaction<FleetStore['saveContacts']>((contacts) => {
    for (const { terminalId, lastHeardAt, state, stateAt } of contacts)
      upsertContact.run(
        terminalId,
        lastHeardAt,
        state === undefined ? null : JSON.stringify(state),
        stateAt ?? null,
      );
  });

  const apply = db.transaction<FleetStore['apply']>((effects, channels, now) => {
    for (const { kind, alert, ...effect } of effects) {
      if (kind === 'begin')
        insertAlert.run(
          alert.rule,
          alert.subject,
          alert.siteId ?? null,
          alert.detail,
          alert.since,
          alert.begunAt,
        );
      else
        clearAlert.run('clearedAt' in effect ? effect.clearedAt : now, alert.rule, alert.subject);
    }
    const events = JSON.stringify(effects.map(alertEvent));
    for (const channel of channels) insertNotice.run(channel, randomUUID(), events, now, now);
  });

  return {
    contacts: () =>
      selectContacts.all().map((row) => ({
        terminalId: TerminalId.parse(row.terminal_id),
        lastHeardAt: utcMs(row.last_heard_at_ms),
        ...stateOf(row),
      })),
    saveContacts,
    openAlerts: () =>
      selectOpen.all().flatMap((row) => {
        const head = headOf(row);
        return head === undefined ? [] : [{ ...head, kind: 'open' as const, wellSince: undefined }];
      }),
    closedAlerts: (limit) =>
      selectClosed.all(limit).flatMap((row) => {
        const head = headOf(row);
        return head === undefined || row.cleared_at_ms === null
          ? []
          : [{ ...head, clearedAt: utcMs(row.cleared_at_ms) }];
      }),
    apply: (effects, channels, now) => {
      if (effects.length > 0) apply(effects, channels, now);
    },
    dueNotices: (now, limit) =>
      selectDue.all(now, limit).map((row) => ({
        noticeNo: row.notice_no,
        channel: row.channel,
        messageId: row.message_id,
        events: JSON.parse(row.events) as readonly AlertEvent[],
        createdAt: utcMs(row.created_at_ms),
        failures: row.failures,
      })),
    noticeSent: (noticeNo, at) => void sent.run(at, noticeNo),
    noticeFailed: (noticeNo, reason, nextTryAt) =>
      void failed.run(reason.slice(0, 500), nextTryAt ?? null, noticeNo),
    quarantinedSince: (after) =>
      selectQuarantined
        .all(after)
        .map(({ topic, reason, last_at_ms }) => ({ topic, reason, lastAt: utcMs(last_at_ms) })),
    auditedSince: (after) =>
      selectAudited.all(after).map(({ kind, actor, last_at_ms }) => {
        const terminalId = TerminalId.safeParse(actor.replace(/^terminal:/, ''));
        return {
          kind,
          terminalId: terminalId.success ? terminalId.data : undefined,
          lastAt: utcMs(last_at_ms),
        };
      }),
  };
};
