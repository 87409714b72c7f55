/** The state of one WebSocket that its requests share: who is registered, and in which dialect it is told of events. */

import { ChatError } from '../../../shared/errors';
import type { Chat } from '../../core/chat';
import type { Session } from '../../core/session';
import { type Asked, successText } from './answers';
import { FrameOutlet } from './outlet';
import type { Ways } from './ways';
import type { WebSocketConnection } from './web-socket';

export class Dialog {
  session: Session | undefined;
  /** Whether there has been a session. */
  isKnown = false;
  readonly outlet: FrameOutlet;
  /** Set once the server closes: nobody registers any more. */
  isClosing = false;

  constructor(
    readonly chat: Chat,
    readonly connection: WebSocketConnection,
    readonly ways: Ways,
    /** Whether nobody is there to register for: neither the peer nor a request that it has left behind. */
    readonly isDeserted: () => boolean,
  ) {
    this.outlet = new FrameOutlet(connection, () => this.forgetSession());
  }

  /** @throws ChatError not_logged_in */
  requireSession(): Session {
    if (this.session === undefined) throw new ChatError('not_logged_in');
    return this.session;
  }

  /** @throws ChatError already_logged_in, closing */
  requireNoSession(): void {
    if (this.session !== undefined) throw new ChatError('already_logged_in', { name: this.session.account.name });
    if (this.isClosing) throw new ChatError('closing');
  }

  /** Answers with a success. */
  answer(asked: Asked, facts?: object, more?: object): void {
    this.connection.write(successText(asked, facts, more));
  }

  /** The session of this connection begins: its request is answered, then comes what is undelivered, then what is new.
   *  @throws ChatError store_failed, or taken_over when the session ended before its request was answered */
  async begin(session: Session, asked: Asked): Promise<void> {
    this.session = session;
    this.isKnown = true;
    this.outlet.dialect = asked.dialect;
    let isAnswered = false;
    this.outlet.onBurst = ({ name }, undelivered) => {
      isAnswered = true;
      this.answer(asked, {}, { username: name, undelivered });
    };
    this.ways.enter(session.account.name, this.outlet);
    if (this.connection.isGone) session.abandon();
    try {
      if (await session.burst()) session.goLive();
      else if (!isAnswered && !this.connection.isGone) throw new ChatError('taken_over');
    } catch (error) {
      this.endSession();
      throw error;
    }
  }

  endSession(): void {
    // What is to leave is marked as this session's while it is still there: it counts as delivered.
    this.connection.flush();
    this.session?.end();
    this.forgetSession();
  }

  private forgetSession(): void {
    if (this.session === undefined) return;
    this.ways.leave(this.session.account.name, this.outlet);
    this.session = undefined;
    this.outlet.forget();
  }
}
