/** Every bound of the SQLite store, with its unit. */
export const storeBounds = {
  /** Bytes of packed drafts in the batch that gathers, past which the store is congested. */
  gatheringBytesMax: 16_777_216,
  /** Drafts and other writes in the batch that gathers, past which the store is congested. */
  gatheringWritesMax: 16_384,
  /** The memory that a batch starts with, in bytes: the least, and the most that is guessed from the last batch. */
  packBytesMin: 16_384,
  packBytesGuessMax: 4_194_304,
  /** Pages of messages that are asked of the reader at once: one is read while another is written to its connection. It
   *  is also how many are handed over in one turn of the event loop, while everybody else's messages wait. */
  pagesInFlightMax: 2,
  /** Bytes of messages after which what a transaction adds to a log is begun as a new row; one large message may exceed
   *  them. */
  chunkBytesMax: 65_536,
  /** The memory in which a row gathers at first, in bytes, and how many such pieces are kept for the next batch, each as
   *  large as it has grown by doubling: less than twice `chunkBytesMax`, so that all are less than 128 MiB. */
  chunkBytesMin: 1_024,
  spareChunksMax: 1_024,
  /** Destinations that the writer remembers, each counted with its members or blocked accounts, and a long name for
   *  several. */
  destinationsWeightMax: 500_000,
  /** How long a connection waits for a lock that another program holds on the database: longer than a person's
   *  `UPDATE` takes. The senders of one batch wait so long for their refusal, and what gathers behind it grows meanwhile. */
  busyTimeoutMs: 2_000,
  /** Bytes of bodies after which one write stops removing messages: large ones are chains of pages to be read. */
  pruneBytesMax: 1_048_576,
  /** Messages of a removed account's mailbox that go in the same write as the account. */
  removedMessagesMax: 1_000,
  /** A device that was seen so lately is not noted again at its login. */
  deviceSeenPrecisionMs: 3_600_000,
  /** The size of a page of a new database, in bytes. Beside 4 KiB, a transaction writes fewer pages of chunks; beside
   *  16 KiB, a lone message writes less. */
  pageBytes: 8_192,
  /** Bytes that the write-ahead log has grown by, as far as can be told, after which it is copied into the database
   *  beside the writer. */
  checkpointBytes: 16_777_216,
  /** Pages of it after which the writer copies what the other thread has left, in the middle of its work. */
  checkpointPages: 8_192,
  /** What the write-ahead log grows by, besides the messages: with each transaction, and with each message. */
  walBytesPerCommit: 24_576,
  walBytesPerMessage: 1_024,
  /** What the file of the write-ahead log is cut back to, in bytes. */
  walBytesMax: 67_108_864,
  /** Page caches, in KiB. */
  writerCacheKiB: 65_536,
  readerCacheKiB: 32_768,
  /** How long after its death a thread is started again: doubled each time that it dies before it is ready. */
  restartDelayMinMs: 100,
  restartDelayMaxMs: 5_000,
} as const;

/** What a message counts for in a page besides its body, in bytes. */
export const messageOverheadBytes = 64;
