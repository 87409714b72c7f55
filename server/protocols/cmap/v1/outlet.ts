/** What a session says, as version 1 writes it. */

import { decodeText } from '../../../../shared/bytes';
import type { DestinationName } from '../../../../shared/names';
import type { Account, Message, Seq } from '../../../core/ports';
import type { Outlet } from '../../../core/session';
import type { Connection } from '../../connection';
import { burstEnd, messageText, sentences } from './codec';

/** Which request a burst answers. */
export type BurstOf = 'login' | 'deliver' | 'delete';

export class ClassicOutlet implements Outlet {
  /** Set before a burst is asked for, and while it is written. */
  burstOf: BurstOf | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly onEnded: () => void,
  ) {}

  get hasRoom(): boolean {
    return this.connection.hasRoom;
  }

  flushed(): Promise<boolean> {
    return this.connection.flushed();
  }

  burst(_account: Account, count: number): void {
    const { out } = this.connection;
    if (this.burstOf === 'login') out.text(sentences.loggedIn + (count > 0 ? sentences.undelivered : ''));
    if (this.burstOf === 'delete') out.text(sentences.deleted + (count > 0 ? sentences.hadUndelivered : ''));
  }

  burstEnd(): void {
    this.burstOf = undefined;
    this.connection.out.text(burstEnd);
  }

  message(message: Message): void {
    const text = messageText(message.from, decodeText(message.body));
    this.connection.out.text(this.burstOf === undefined ? text : `${text}\n`);
  }

  /** This wire has no word for it. */
  receipt(_to: DestinationName, _seq: Seq): void {}

  ended(): void {
    if (this.burstOf !== undefined) this.burstEnd();
    this.onEnded();
  }
}
