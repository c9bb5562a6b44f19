/** Tables without which an export could not tell what is signed by whom (検証できる書き出し). */

export const EXPORT_TABLES = `-- Keys that terminals of the configuration ever signed by: they outlive their line in it.
   create table terminal_key (
     terminal_id text not null,
     public_key text not null,
     site_id text not null,
     first_known_at_ms integer not null,
     primary key (terminal_id, public_key)
   ) strict, without rowid;

   -- Runs of entries that came off a dead terminal's card: nobody signed those.
   create table rescue (
     journal_no integer not null references journal,
     first_seq integer not null,
     count integer not null,
     received_at_ms integer not null,
     primary key (journal_no, first_seq)
   ) strict, without rowid;
   insert into rescue
     select journal_no, json_extract(text, '$.detail.firstSeq'), json_extract(text, '$.detail.entries'), at_ms
     from audit join journal
       on journal.terminal_id = json_extract(text, '$.detail.terminalId')
         and journal.journal_id = json_extract(text, '$.detail.journalId')
     where kind = 'rescue-imported' and json_extract(text, '$.detail.entries') > 0;`;
