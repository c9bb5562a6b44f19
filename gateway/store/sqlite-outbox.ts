/** The outbox in the ledger's database. */
import { hash } from 'node:crypto';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { type UtcMs, utcMs } from '../../shared/time.ts';
import { type MailEvent, MailState, nextMailState } from '../mail/mail-state.ts';
import type { MailRecord, Outbox } from '../mail/outbox.ts';

interface MailRow {
  readonly mail_no: number;
  readonly mail_id: string;
  readonly purpose: string;
  readonly figures: string | null;
  readonly sender: string;
  readonly recipient: string;
  readonly subject: string;
  readonly message_id: string;
  readonly byte_count: number;
  readonly sha256: Buffer;
  readonly queued_at_ms: number;
  readonly queued_by: string;
  readonly state: string;
}

const SELECT = `select mail.*, length(message) as byte_count
  from mail join mail_message using (mail_no)`;

const stateOf = (text: string): MailState => MailState.parse(JSON.parse(text));

const recordOf = (row: MailRow): MailRecord => ({
  mailId: row.mail_id,
  purpose: row.purpose,
  ...(row.figures === null ? {} : { figures: row.figures }),
  sender: row.sender,
  recipient: row.recipient,
  subject: row.subject,
  messageId: row.message_id,
  byteCount: row.byte_count,
  sha256: row.sha256.toString('hex'),
  queuedAt: utcMs(row.queued_at_ms),
  queuedBy: row.queued_by,
  state: stateOf(row.state),
});

export interface SentMail {
  readonly purpose: string;
  readonly mailId: string;
  readonly sentAt: UtcMs;
}

/** The newest mail that was sent for each purpose, in order of purpose. */
export const sentMails = (db: Sqlite): readonly SentMail[] =>
  db
    .prepare<[], { purpose: string; mail_id: string; sent_at_ms: number }>(
      `select purpose, mail_id, json_extract(state, '$.at') as sent_at_ms, max(mail_no)
       from mail where json_extract(state, '$.kind') = 'sent' group by purpose order by purpose`,
    )
    .all()
    .map((row) => ({
      purpose: row.purpose,
      mailId: row.mail_id,
      sentAt: utcMs(row.sent_at_ms),
    }));

export interface OutboxDeps {
  readonly now: () => UtcMs;
  /** In [0, 1); spreads retries. */
  readonly random: () => number;
}

/** `db`: with the ledger's schema already in place. */
export const openSqliteOutbox = (db: Sqlite, { now, random }: OutboxDeps): Outbox => {
  const insert =
    db.prepare(`insert into mail (mail_id, purpose, figures, sender, recipient, subject,
    message_id, sha256, queued_at_ms, queued_by, state, due_at_ms)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertMessage = db.prepare('insert into mail_message values (?, ?)');
  const insertState = db.prepare('insert into mail_state values (?, ?, ?)');
  const moveOn = db.prepare('update mail set state = ?, due_at_ms = ? where mail_no = ?');
  const selectById = db.prepare<[string], MailRow>(`${SELECT} where mail_id = ?`);
  const selectByMessageId = db.prepare<[string], MailRow>(`${SELECT} where message_id = ?`);
  const selectByPurpose = db.prepare<[string], MailRow>(
    `${SELECT} where purpose = ? order by mail_no desc`,
  );
  const selectNewest = db.prepare<[number], MailRow>(`${SELECT} order by mail_no desc limit ?`);
  const selectDue = db.prepare<[number], MailRow>(
    `${SELECT} where due_at_ms <= ? order by due_at_ms, mail_no limit 1`,
  );
  const selectInterrupted = db.prepare<[], MailRow>(
    `${SELECT} where json_extract(state, '$.kind') in ('sending', 'handing-over') order by mail_no`,
  );
  const selectBytes = db
    .prepare<[string], Buffer>(
      'select message from mail join mail_message using (mail_no) where mail_id = ?',
    )
    .pluck();
  const selectHistory = db.prepare<[string], { at_ms: number; state: string }>(
    `select at_ms, mail_state.state from mail_state join mail using (mail_no)
     where mail_id = ? order by mail_state.rowid`,
  );

  const find = (mailId: string): MailRecord | undefined => {
    const row = selectById.get(mailId);
    return row && recordOf(row);
  };

  const step = db.transaction((mailId: string, event: MailEvent): MailState | undefined => {
    const row = selectById.get(mailId);
    if (row === undefined) return undefined;
    const at = now();
    const before = stateOf(row.state);
    const moment = { at, queuedAt: utcMs(row.queued_at_ms), random: random() };
    const state = nextMailState(before, event, moment);
    if (state === before) return state;
    const text = JSON.stringify(state);
    moveOn.run(text, state.kind === 'queued' ? state.dueAt : null, row.mail_no);
    insertState.run(row.mail_no, at, text);
    return state;
  });

  const add = db.transaction((mail: Parameters<Outbox['add']>[0]): MailRecord => {
    const at = now();
    const state: MailState = { kind: 'queued', failures: 0, dueAt: at };
    const text = JSON.stringify(state);
    const { lastInsertRowid } = insert.run(
      mail.mailId,
      mail.purpose,
      mail.figures ?? null,
      mail.sender,
      mail.recipient,
      mail.subject,
      mail.messageId,
      hash('sha256', mail.bytes, 'buffer'),
      at,
      mail.queuedBy,
      text,
      at,
    );
    insertMessage.run(lastInsertRowid, mail.bytes);
    insertState.run(lastInsertRowid, at, text);
    const stored = find(mail.mailId);
    if (stored === undefined) throw new Error(`mail ${mail.mailId} is not there after its insert`);
    return stored;
  });

  return {
    add: (mail) => add.immediate(mail),
    step: (mailId, event) => step.immediate(mailId, event),
    nextDue: () => {
      const row = selectDue.get(now());
      return row && recordOf(row);
    },
    interrupted: () => selectInterrupted.all().map(recordOf),
    list: (limit) => selectNewest.all(limit).map(recordOf),
    find,
    findByMessageId: (messageId) => {
      const row = selectByMessageId.get(messageId);
      return row && recordOf(row);
    },
    ofPurpose: (purpose) => selectByPurpose.all(purpose).map(recordOf),
    bytesOf: (mailId) => selectBytes.get(mailId),
    historyOf: (mailId) =>
      selectHistory.all(mailId).map(({ at_ms, state }) => ({
        at: utcMs(at_ms),
        state: stateOf(state),
      })),
  };
};
