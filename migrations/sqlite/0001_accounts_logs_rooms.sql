-- Every list of messages is a log: an account's id is the id of its mailbox, a room's id that of its log.
-- AUTOINCREMENT: an id is never given twice. `head` is the seq given last and outlives pruning: neither is a seq.
CREATE TABLE logs (
  id   INTEGER PRIMARY KEY AUTOINCREMENT,
  head INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE accounts (
  id            INTEGER PRIMARY KEY REFERENCES logs (id) ON DELETE CASCADE,
  name          TEXT NOT NULL,
  name_key      TEXT NOT NULL UNIQUE,
  password_hash TEXT,
  created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE rooms (
  id         INTEGER PRIMARY KEY REFERENCES logs (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
  room    INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  PRIMARY KEY (room, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_account ON members (account, room);

CREATE TABLE blocks (
  owner   INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  blocked INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  PRIMARY KEY (owner, blocked)
) STRICT, WITHOUT ROWID;
CREATE INDEX blocks_by_blocked ON blocks (blocked);

-- A message outlives its sender: `sender_id` refers to nothing, and `sender` is the name as it was then.
CREATE TABLE messages (
  log       INTEGER NOT NULL REFERENCES logs (id) ON DELETE CASCADE,
  seq       INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  sender_id INTEGER NOT NULL,
  sender    TEXT NOT NULL,
  key       TEXT,
  body      BLOB NOT NULL,
  PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX messages_by_key ON messages (log, sender_id, key) WHERE key IS NOT NULL;

-- `device` '' is the account's default cursor; it has one in every log that the account follows.
CREATE TABLE cursors (
  account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  device  TEXT NOT NULL,
  log     INTEGER NOT NULL REFERENCES logs (id) ON DELETE CASCADE,
  seq     INTEGER NOT NULL,
  PRIMARY KEY (account, device, log)
) STRICT, WITHOUT ROWID;
CREATE INDEX cursors_by_log ON cursors (log);
