/** What a mail said, so that it is seen when it no longer holds. Null for mails of before. */
export const MAIL_COLUMNS = 'alter table mail add column figures text;';
