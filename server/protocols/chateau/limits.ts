/** The bounds of this wire, with their units. */

import { limits } from '../../../shared/limits';

export const wireBounds = {
  /** A frame in bytes: JSON may write each byte of a body as six characters, and a chat may begin with a thousand names
   *  in as many bytes as they have, each in quotes and with a comma. What the names leave is enough for all else. */
  frameBytesMax: 6 * limits.bodyBytesMax + limits.roomMembersMax * (limits.usernameLengthMax + 8),
  /** A frame in bytes until somebody has registered: a login of which every character is escaped takes a third of it. */
  strangerFrameBytesMax: 4_096,
  /** What may come until then without making a message, in bytes: that frame, the heads of its fragments, and pings. */
  strangerPartBytesMax: 8_192,
  /** Silence after which a peer is asked whether it is there. */
  pingMs: 30_000,
  /** Silence after which it is taken for gone. A library that answers only while its program reads says nothing as long as
   *  that waits for somebody to type. */
  goneMs: 600_000,
  /** Messages on their way to one connection of which it is known how they were sent. */
  waysMax: 128,
} as const;

/** Why a WebSocket is closed, as RFC 6455 counts it. */
export const closeCode = { normal: 1_000, goingAway: 1_001, messageTooBig: 1_009, tryAgainLater: 1_013 } as const;
