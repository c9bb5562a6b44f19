/** How entries were received, and what claims to be later than that. */

/**
 * `latest_ms`: the latest time that a touch of the entry may claim; null where the gateway's clock was not to be
 * believed, as nobody noted it before.
 */
export const RECEPTION_COLUMNS = `
  alter table entry add column latest_ms integer;
  alter table tap add column is_future integer not null default 0;
  create index tap_future on tap (ledger_no) where is_future = 1;
  alter table passage add column is_future integer not null default 0;
  create index passage_future on passage (ledger_no) where is_future = 1;`;
