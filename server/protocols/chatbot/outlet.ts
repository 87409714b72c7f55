/** What a session says, as the chatbot wire writes it: messages as SEND frames. */

import type { ErrorCode } from '../../../shared/errors';
import type { DestinationName } from '../../../shared/names';
import type { Outlet } from '../../core/outlet';
import type { Account, Message, Seq } from '../../core/ports';
import type { Connection } from '../connection';
import { toAscii } from './ascii';
import { writeSend } from './codec';

export class ChatbotOutlet implements Outlet {
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
    writeSend(this.connection.out, { sender: from, recipient: to, message: toAscii(body) });
  }

  /** This wire has no word for it. */
  receipt(_to: DestinationName, _seq: Seq): void {}

  ended(reason: ErrorCode): void {
    this.onEnded(reason);
  }
}
