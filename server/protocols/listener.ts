/** A listening port of some wire, as main.ts sees it. */
export interface Listener {
  /** The port that it listens on, also when any free one was asked for. */
  readonly port: number;
  /** Stops accepting, tells every connection, and resolves once all have gone: within `bounds.closingMs`. */
  close(): Promise<void>;
  /** Closes every connection at once. */
  destroy(): void;
}
