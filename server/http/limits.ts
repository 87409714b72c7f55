/** The bounds of HTTP here, with their units. */

export const httpBounds = {
  /** The head of a request, in bytes. */
  headBytesMax: 8_192,
  /** Header fields of a request. */
  headersMax: 64,
  /** How long a connection may take until a request of it is answered, from the first byte or the answer before. */
  requestMs: 10_000,
  /** How often that is looked at. */
  sweepMs: 1_000,
} as const;
