/** What a session says, as the chatbot wire writes it: messages as SEND frames. */

import type { ErrorCode } from '../../../shared/errors';
import { type DestinationName, isRoomName, isSameName } from '../../../shared/names';
import type { Outlet } from '../../core/outlet';
import type { Account, Message, Seq } from '../../core/ports';
import type { Connection } from '../connection';
import { writeSend } from './codec';

export class ChatbotOutlet implements Outlet {
  /** The name that the client has logged in by, as it spelled it. Its client breaks on a message in which that very text
   *  is neither the sender nor the recipient. Set before the session begins. */
  username = '';

  constructor(
    private readonly connection: Connection,
    private readonly onEnded: (reason: ErrorCode) => void,
  ) {}

  get hasRoom(): boolean {
    return this.connection.hasRoom;
  }

  flushed(): Promise<boolean> {
    return this.connection.flushed();
  }

  /** DELIVER is answered with messages and nothing else. */
  burst(_account: Account, _count: number): void {}

  message({ from, body }: Message, to: DestinationName): void {
    const { username } = this;
    const sender = isSameName(from, username) ? username : from;
    const room = isRoomName(to) ? to : undefined;
    writeSend(this.connection.out, { sender, recipient: username, room, message: body });
  }

  /** This wire has no word for it. */
  receipt(_to: DestinationName, _seq: Seq): void {}

  ended(reason: ErrorCode): void {
    this.onEnded(reason);
  }
}
