/** How much a WebSocket may bring while nobody has registered on it. The library has one bound for a connection's whole
 *  life, which is that of the longest message; so what comes is counted beside it. */

import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { wireBounds } from './limits';

export interface StrangerBound {
  /** Whether somebody has registered: then nothing is counted any more. */
  isKnown(): boolean;
  /** More than `wireBounds.strangerPartBytesMax` have come since the last message. */
  exceeded(): void;
}

/** Counts what comes on `socket`, from which `webSocket` reads already. What stands behind a message in the same piece is
 *  left out: who registers there may have begun a long message right behind it, and it is no more than one read. */
export function boundStranger(webSocket: WebSocket, socket: Duplex, bound: StrangerBound): void {
  let partBytes = 0;
  let isMessage = false;
  const whole = (): void => {
    isMessage = true;
  };
  // The library listens in front of this: it has told of the messages that end in this piece.
  const read = (piece: Buffer): void => {
    if (bound.isKnown()) {
      webSocket.off('message', whole);
      socket.off('data', read);
      return;
    }
    partBytes = isMessage ? 0 : partBytes + piece.length;
    isMessage = false;
    if (partBytes > wireBounds.strangerPartBytesMax) bound.exceeded();
  };
  webSocket.on('message', whole);
  socket.on('data', read);
}
