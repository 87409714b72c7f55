/** The ways in which a request fails. */

/** The server refused a request, or would have: the client refuses by itself what cannot be written.
 *  `status` is the wire's; `message` the server's own sentence, as untrusted as anything from outside. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Why a request has no answer.
 *  - `offline`: it was not sent, there is no connection;
 *  - `disconnected`: it was sent, and the connection went before the answer: it may have been carried out;
 *  - `logged_out`: it was kept for a session that has ended;
 *  - `closed`: the client was closed;
 *  - `full`: too many requests wait for an answer already. */
export type LostReason = 'offline' | 'disconnected' | 'logged_out' | 'closed' | 'full';

/** A request had no answer. */
export class RequestLost extends Error {
  override readonly name = 'RequestLost';

  constructor(
    readonly reason: LostReason,
    message: string = sentences[reason],
    /** A send that is in the journal: it is made again at the next session of its account. */
    readonly kept = false,
  ) {
    super(message);
  }

  /** This failure, of a send that is kept. */
  butKept(): RequestLost {
    return new RequestLost(this.reason, `${this.message}; the message is kept, and sent at the next login`, true);
  }
}

const sentences: Readonly<Record<LostReason, string>> = {
  offline: 'not connected',
  disconnected: 'the connection went before the answer came',
  logged_out: 'the session ended before the answer came',
  closed: 'the client was closed',
  full: 'too many requests wait for an answer; wait for some before asking more',
};
