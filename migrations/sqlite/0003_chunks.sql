-- Messages that were committed together lie together: a chunk is what one transaction added to one log, in the order of
-- its seqs. One row, one entry in the index, for as many messages as there were. Chunks are appended to the end of their
-- table: a table in the order of (log, last) would write a page of each log in every transaction.
--
-- `bytes` holds one record for each seq from `first` to `last`: at and sender_id as 64-bit integers, the sender and the
-- key each behind a byte with its length (an empty key is none), the body behind 32 bits with its length; big-endian.
CREATE TABLE chunks (
  id    INTEGER PRIMARY KEY,
  log   INTEGER NOT NULL REFERENCES logs (id) ON DELETE CASCADE,
  first INTEGER NOT NULL,
  last  INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

INSERT INTO chunks (log, first, last, bytes)
SELECT log, seq, seq, unhex(
  printf('%016x%016x', at, sender_id)
  || printf('%02x', length(sender)) || hex(sender)
  || printf('%02x', length(coalesce(key, ''))) || hex(coalesce(key, ''))
  || printf('%08x', length(body)) || hex(body))
FROM messages ORDER BY log, seq;

CREATE UNIQUE INDEX chunks_by_last ON chunks (log, last);

-- Which message a sender used a key for, for as long as the message is there.
CREATE TABLE keys (
  log       INTEGER NOT NULL REFERENCES logs (id) ON DELETE CASCADE,
  sender_id INTEGER NOT NULL,
  key       TEXT NOT NULL,
  seq       INTEGER NOT NULL,
  PRIMARY KEY (log, sender_id, key)
) STRICT, WITHOUT ROWID;

INSERT INTO keys (log, sender_id, key, seq)
SELECT log, sender_id, key, seq FROM messages WHERE key IS NOT NULL ORDER BY log, sender_id, key;

DROP TABLE messages;
