/** What a session says, as version 1 writes it. */

import { decodeText } from '../../../../shared/bytes';
import { bounds } from '../../../../shared/limits';
import type { DestinationName } from '../../../../shared/names';
import type { Outlet } from '../../../core/outlet';
import type { Account, Message, Seq } from '../../../core/ports';
import type { Connection } from '../../connection';
import { messageText, sentences } from './codec';
import { alignBurstEnd, fillRead, writeAligned, writeBurstEnd } from './read-alignment';

/** Which request a burst answers. */
export type BurstOf = 'login' | 'deliver' | 'delete';

/** The answer when somebody else took the account over before the burst began. */
const takenOver = {
  login: sentences.loginFailed,
  deliver: sentences.loginToReceive,
} as const;

export class ClassicOutlet implements Outlet {
  /** Set before a burst is asked for, and while it is written. */
  private burstOf: BurstOf | undefined;
  private hasBegun = false;
  /** Text of the burst that is not in the connection's outbox yet: a burst of up to one page leaves in one write, however
   *  many turns of the event loop its messages take to be read. */
  private held: string[] = [];
  /** Bytes of the bodies in it. */
  private heldBytes = 0;
  /** Messages of the burst, as announced and as written so far. */
  private announced = 0;
  private written = 0;

  constructor(
    private readonly connection: Connection,
    private readonly onEnded: () => void,
  ) {}

  get hasRoom(): boolean {
    return this.connection.hasRoom;
  }

  flushed(): Promise<boolean> {
    this.release();
    return this.connection.flushed();
  }

  /** The next burst answers `of`. */
  expectBurst(of: BurstOf): void {
    this.burstOf = of;
    this.hasBegun = false;
    this.announced = 0;
    this.written = 0;
  }

  /** The request failed. What has not left is dropped: a message counts as delivered only after it has. */
  forgetBurst(): void {
    this.burstOf = undefined;
    this.held = [];
    this.heldBytes = 0;
  }

  burst(_account: Account, count: number): void {
    this.hasBegun = true;
    this.announced = count;
    if (this.burstOf === 'login') this.held.push(sentences.loggedIn + (count > 0 ? sentences.undelivered : ''));
    if (this.burstOf === 'delete') this.held.push(sentences.deleted + (count > 0 ? sentences.hadUndelivered : ''));
  }

  burstEnd(): void {
    if (this.burstOf === undefined) return;
    this.burstOf = undefined;
    this.release();
    writeBurstEnd(this.connection.out);
  }

  message(message: Message): void {
    const text = messageText(message.from, decodeText(message.body));
    if (this.burstOf === undefined) {
      writeAligned(this.connection.out, text);
      return;
    }
    this.held.push(`${text}\n`);
    this.heldBytes += message.body.length;
    this.written += 1;
    if (this.heldBytes >= bounds.pageBytesMax) this.release();
  }

  /** Called before bytes leave. In a burst everything held leaves with them, since all messages so far count as delivered
   *  once these bytes are taken. If more of the burst follows, the write ends where a read does. */
  beforeFlush(): void {
    if (this.burstOf === undefined || this.written === 0) return;
    this.release();
    if (this.written < this.announced) fillRead(this.connection.out);
    else alignBurstEnd(this.connection.out);
  }

  /** This wire has no word for it. */
  receipt(_to: DestinationName, _seq: Seq): void {}

  ended(): void {
    this.onEnded();
    // Whoever deletes an account is answered once it is known what has come of it.
    if (this.burstOf === 'delete') return;
    if (this.burstOf !== undefined && !this.hasBegun) this.held.push(takenOver[this.burstOf]);
    this.burstEnd();
  }

  private release(): void {
    if (this.held.length === 0) return;
    const { out } = this.connection;
    for (const text of this.held) writeAligned(out, text);
    this.held = [];
    this.heldBytes = 0;
  }
}
