/** For what is asked again and again of tables that grow (繰り返しの問い合わせ). */
export const ASKED_INDEXES = `
  create index binding_by_card on binding (card_id);
  -- At every batch.
  create index enrolment_by_terminal on enrolment (terminal_id);
  -- Every half minute; all that is asked stands in it, as the bytes of an item do not.
  create index quarantine_by_last on quarantine (last_at_ms, topic, reason);
  create index audit_by_kind on audit (kind);
  create index correction_request_by_asker on correction_request (asked_by);
  create index passkey_by_user on passkey (user_no);
  create index known_browser_by_user on known_browser (user_no, seen_at_ms);`;
