/** What carries the bytes of a connection: TCP, TLS or a WebSocket. The one seam between the client and its platform. */

/** What a transport tells; nothing more after `closed`, and nothing before {@link Connect} has returned. */
export interface TransportEvents {
  opened(): void;
  data(bytes: Uint8Array): void;
  /** The transport is gone or could not be opened; `reason` goes on after "no connection: ". Called once. */
  closed(reason: string): void;
}

export interface Transport {
  /** Takes bytes to be written in order; only between `opened` and `closed`. */
  write(bytes: Uint8Array): void;
  /** Stops reading, which makes the peer wait; at most one chunk comes still. A transport that cannot, as a WebSocket in
   *  a browser, goes on. */
  pause(): void;
  resume(): void;
  /** Lets go at once, whatever is still to be written. */
  close(): void;
}

/** Begins to open a transport. Never throws: what goes wrong is told by `closed`. */
export type Connect = (events: TransportEvents) => Transport;
