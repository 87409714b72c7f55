/** What a guest's session says, as the nick room writes it. */

import { decodeText } from '../../../shared/bytes';
import type { ErrorCode } from '../../../shared/errors';
import type { DestinationName } from '../../../shared/names';
import type { Outlet } from '../../core/outlet';
import type { Account, Message, Seq } from '../../core/ports';
import type { Connection } from '../connection';
import { timestampOf, writeMessage } from './codec';

export class NickroomOutlet implements Outlet {
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

  /** The history comes as messages like any others. */
  burst(_account: Account, _count: number): void {}

  /** A message to the guest alone looks like one to the room: the wire has no form of its own for it. */
  message({ at, from, body }: Message): void {
    writeMessage(this.connection.out, { timestamp: timestampOf(at), nickname: from, message: decodeText(body) });
  }

  /** This wire has no word for it. */
  receipt(_to: DestinationName, _seq: Seq): void {}

  ended(reason: ErrorCode): void {
    this.onEnded(reason);
  }
}
