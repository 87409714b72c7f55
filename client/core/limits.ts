/** Every bound of the client's memory and patience, with its unit. */
export const clientLimits = {
  /** The first attempt to reconnect comes within this; each further one may take twice as long. */
  retryMsFirst: 500,
  /** No attempt to reconnect waits longer. */
  retryMsMax: 30_000,
  /** A connection that held this long was a good one: waiting begins anew with the shortest delay. */
  steadyMs: 10_000,
  /** How long a server may take from the first attempt to its answer to `hello`. */
  greetingMsMax: 10_000,
  /** After this long without a byte from the server it is pinged. */
  idleMs: 30_000,
  /** How long the server may take to say anything once it was pinged. */
  pongMsMax: 15_000,
  /** How long after that a process that slept may take to read what has come meanwhile. */
  wakeMs: 1_000,
  /** Messages that come within this are acknowledged together. */
  ackDelayMs: 5,
  /** How long the goodbye to a server may take. */
  closeMsMax: 2_000,
  /** Requests, sends that wait for a connection included, that may be without an answer. */
  outstandingRequestsMax: 10_000,
  /** Bytes of the bodies of sends that may be without an answer. */
  outstandingBodyBytesMax: 16_777_216,
  /** Accounts for which one client remembers what they were shown; whose messages came longest ago makes room. */
  accountsShownMax: 1_000,
  /** Below this a journal's file is not rewritten without what was answered. */
  journalBytesMin: 1_048_576,
} as const;
