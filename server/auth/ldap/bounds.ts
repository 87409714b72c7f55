/** What a directory may take of this server's time and memory. */
export interface LdapBounds {
  /** Until the connection is there and TLS has begun. */
  readonly connectMs: number;
  /** From then on, until the answer is there. */
  readonly answerMs: number;
  /** Questions at the same time, each on a connection of its own; one more is answered `busy`. */
  readonly questionsMax: number;
}

export const ldapBounds: LdapBounds = { connectMs: 5_000, answerMs: 10_000, questionsMax: 100 };
