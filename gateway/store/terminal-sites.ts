/** Where the configuration ever named a terminal (端末の現場): it outlives its line in it. */

export const TERMINAL_SITES = `create table terminal_site (
     terminal_id text not null,
     site_id text not null,
     first_named_at_ms integer not null,
     primary key (terminal_id, site_id)
   ) strict, without rowid;
   insert into terminal_site
     select terminal_id, site_id, min(first_known_at_ms) from terminal_key group by terminal_id, site_id;`;
