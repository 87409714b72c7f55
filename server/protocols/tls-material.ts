/** The certificate of the server, as the wires that speak TLS see it: it may be exchanged while they run. */

/** A certificate and its private key. */
export interface KeyPair {
  /** PEM: the certificate, then those that lead to its authority, if any. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

/** The pair in use. */
export interface TlsMaterial {
  readonly current: KeyPair;
  /** Calls `listener` after each exchange: connections from then on are to get {@link TlsMaterial.current}; those that
   *  are there keep what they began with. */
  onReload(listener: () => void): void;
}
