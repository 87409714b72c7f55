-- A device that names itself, and when it was seen last: its cursors hold back what may be pruned while it is in use.
CREATE TABLE devices (
  account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  device  TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (account, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_by_seen ON devices (seen_at);
INSERT INTO devices (account, device, seen_at)
SELECT DISTINCT account, device, unixepoch() * 1000 FROM cursors WHERE device <> '';

-- Mailboxes of removed accounts: gone for everybody, while their messages are taken away a few at a time.
CREATE TABLE removed_logs (
  log INTEGER PRIMARY KEY REFERENCES logs (id) ON DELETE CASCADE
) STRICT;

-- The cursor that is furthest behind in a log is the first of this index.
DROP INDEX cursors_by_log;
CREATE INDEX cursors_by_log ON cursors (log, seq);
