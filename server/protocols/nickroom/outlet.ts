/** What a guest's session and the server say, as the nick room writes it.
 *
 *  A guest has no account to keep messages for, and this wire has no answers. So a client that does not read may still send, and
 *  what it has not read is dropped beyond a bound, with a message of the server that says so. */

import { decodeText } from '../../../shared/bytes';
import type { ChatError, ErrorCode } from '../../../shared/errors';
import { bounds } from '../../../shared/limits';
import type { DestinationName } from '../../../shared/names';
import type { Outlet } from '../../core/outlet';
import type { Account, Clock, Message, Seq } from '../../core/ports';
import type { Connection } from '../connection';
import { timestampOf, writeMessage } from './codec';
import { failuresLeftOut, messageOf, messagesLeftOut } from './tellings';

/** A reserved name. */
const serverName = 'server';

export interface NickroomOutletNeeds {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Messages of the room that a newcomer gets. */
  readonly historyMessages: number;
  /** The session was ended by somebody else. */
  readonly onEnded: (reason: ErrorCode) => void;
}

export class NickroomOutlet implements Outlet {
  /** The last write was taken so late that its reader counts as stalled. */
  private hasStalled = false;
  /** Failures that the reader was not told, since there was no room. */
  private failures = 0;

  constructor(private readonly needs: NickroomOutletNeeds) {}

  get hasRoom(): boolean {
    return this.needs.connection.hasRoom;
  }

  flushed(): Promise<boolean> {
    return this.needs.connection.flushed();
  }

  /** Bytes are about to leave. What it returns is called once the operating system has taken them. */
  beforeFlush(): () => void {
    const { clock } = this.needs;
    const leftAt = clock.now();
    return () => {
      this.hasStalled = clock.now() - leftAt >= bounds.guestStallMs;
    };
  }

  /** Says what could not be said before, if there is room again. */
  resume(): void {
    if (this.failures === 0 || !this.hasRoom) return;
    this.say(failuresLeftOut(this.failures));
    this.failures = 0;
  }

  /** The history comes as messages like any others. */
  burst(_account: Account, _count: number): void {}

  /** A message to the guest alone looks like one to the room: the wire has no form of its own for it. */
  message({ at, from, body }: Message): void {
    const message = decodeText(body);
    writeMessage(this.needs.connection.out, { timestamp: timestampOf(at), nickname: from, message });
  }

  /** Of the messages that wait for a stalled reader the newest are kept. */
  leaveOut(unwritten: number): number {
    if (!this.hasStalled) return 0;
    this.hasStalled = false;
    const surplus = unwritten - Math.max(bounds.stalledGuestMessagesMax, this.needs.historyMessages);
    if (surplus <= 0) return 0;
    this.say(messagesLeftOut(surplus));
    return surplus;
  }

  /** A request failed. A client that sends and never reads could fill the memory with these: where there is no room
   *  they are counted. */
  fail(error: ChatError): void {
    if (this.hasRoom) this.announce(error);
    else this.failures += 1;
  }

  /** Says what has nothing to do with a request. */
  announce(error: ChatError): void {
    this.say(messageOf(error));
  }

  /** This wire has no word for it. */
  receipt(_to: DestinationName, _seq: Seq): void {}

  ended(reason: ErrorCode): void {
    this.needs.onEnded(reason);
  }

  /** A message from the server to this connection alone. */
  private say(message: string): void {
    const { clock, connection } = this.needs;
    const timestamp = timestampOf(clock.now());
    writeMessage(connection.out, { timestamp, nickname: serverName, message });
  }
}
