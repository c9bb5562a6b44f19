/** An outbox from before the bytes of mails stood by themselves: every mail is there as it was. */
import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { MAIL_MESSAGES } from '../../../gateway/store/mail-messages.ts';
import { MIGRATIONS, migrate } from '../../../gateway/store/sqlite-migrations.ts';
import { openSqliteOutbox } from '../../../gateway/store/sqlite-outbox.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { utcMs } from '../../../shared/time.ts';

test('keeps the bytes, the states and what was on its way of mails from before', () => {
  const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  for (const [index, sql] of MIGRATIONS.slice(0, MIGRATIONS.indexOf(MAIL_MESSAGES)).entries()) {
    db.exec(sql);
    db.pragma(`user_version = ${index + 1}`);
  }
  const bytes = Buffer.from('Subject: s\r\n\r\nreport\r\n');
  const insert = db.prepare(
    `insert into mail (mail_id, purpose, sender, recipient, subject, message_id, message, sha256,
       queued_at_ms, queued_by, state)
     values (?, 'report', 'a@example.jp', 'b@example.jp', 's', ?, ?, ?, 5, 'gateway', ?)`,
  );
  const mails = [
    ['sent', '{"kind":"sent","at":7,"response":"250 ok"}'],
    ['cut', '{"kind":"sending","failures":0}'],
  ] as const;
  for (const [mailId, state] of mails) {
    const sha256 = hash('sha256', bytes, 'buffer');
    const { lastInsertRowid } = insert.run(mailId, `<${mailId}>`, bytes, sha256, state);
    db.prepare('insert into mail_state values (?, 6, ?)').run(lastInsertRowid, state);
  }
  migrate(db);
  const outbox = openSqliteOutbox(db, { now: () => utcMs(9), random: () => 0 });
  expect(outbox.bytesOf('sent')).toEqual(bytes);
  expect(outbox.find('sent')).toMatchObject({
    byteCount: bytes.length,
    sha256: hash('sha256', bytes),
    state: { kind: 'sent', at: 7 },
  });
  expect(outbox.historyOf('sent')).toHaveLength(1);
  expect(outbox.interrupted().map(({ mailId }) => mailId)).toEqual(['cut']);
  expect(() => db.exec("update mail_message set message = x''")).toThrow('stays as it was');
  expect(db.pragma('foreign_key_check')).toEqual([]);
  db.close();
});
