/** Tables of who may come in (入口): issued tokens, users, their passkeys and sessions. */

export const ACCESS_TABLES = `-- Programs that were let in: a hash in place of the token, scopes as JSON texts.
   create table access_token (
     name text primary key,
     sha256 blob not null unique,
     scopes text not null,
     issued_by text not null,
     issued_at_ms integer not null,
     expires_at_ms integer,
     revoked_at_ms integer
   ) strict;

   -- People who log in to the console; external_id is their name at an OIDC provider.
   create table access_user (
     user_no integer primary key,
     name text not null unique,
     scopes text not null,
     password_hash text,
     external_id text unique,
     created_at_ms integer not null,
     disabled_at_ms integer
   ) strict;

   create table passkey (
     credential_id text primary key,
     user_no integer not null references access_user,
     public_key blob not null,
     counter integer not null,
     transports text not null,
     created_at_ms integer not null,
     last_used_at_ms integer
   ) strict;

   -- Who is logged in, by the hash of what the cookie holds.
   create table session (
     sha256 blob primary key,
     user_no integer not null references access_user,
     began_at_ms integer not null,
     seen_at_ms integer not null
   ) strict;

   -- Browsers in which somebody has logged in before: their tries are counted apart from strangers'.
   create table known_browser (
     sha256 blob primary key,
     user_no integer not null references access_user,
     seen_at_ms integer not null
   ) strict;`;

export const SESSION_ORIGIN = `alter table session add column how text not null default 'password';
   alter table session add column address text not null default '';
   create index session_by_user on session (user_no);`;
