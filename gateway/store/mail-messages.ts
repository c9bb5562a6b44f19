/** The bytes of mails by themselves (メールの本体). */

/**
 * A row of SQLite is read from its beginning: what stands behind some hundred kilobytes of attachments is found only
 * through all of them, and the outbox looks at the state of mails every few seconds.
 */
export const MAIL_MESSAGES = `create table mail_message (
     mail_no integer primary key references mail,
     message blob not null
   ) strict;
   insert into mail_message select mail_no, message from mail;
   drop trigger mail_stays;
   alter table mail drop column message;
   create trigger mail_stays before update of mail_id, purpose, sender, recipient, subject, message_id, sha256,
     queued_at_ms, queued_by, figures on mail
     begin select raise(abort, 'what was sent stays as it was'); end;
   create trigger mail_message_stays before update on mail_message
     begin select raise(abort, 'what was sent stays as it was'); end;
   -- What a program that ended has left on its way.
   create index mail_on_its_way on mail (mail_no)
     where json_extract(state, '$.kind') in ('sending', 'handing-over');`;
