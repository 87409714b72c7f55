/** What a session says, as version 1 writes it. */

import { decodeText } from '../../../../shared/bytes';
import type { DestinationName } from '../../../../shared/names';
import type { Outlet } from '../../../core/outlet';
import type { Account, Message, Seq } from '../../../core/ports';
import type { Connection } from '../../connection';
import { burstEnd, messageText, sentences } from './codec';

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

  /** The next burst answers `of`. */
  expectBurst(of: BurstOf): void {
    this.burstOf = of;
    this.hasBegun = false;
  }

  /** There will be no burst: the request failed. */
  forgetBurst(): void {
    this.burstOf = undefined;
  }

  burst(_account: Account, count: number): void {
    const { out } = this.connection;
    this.hasBegun = true;
    if (this.burstOf === 'login') out.text(sentences.loggedIn + (count > 0 ? sentences.undelivered : ''));
    if (this.burstOf === 'delete') out.text(sentences.deleted + (count > 0 ? sentences.hadUndelivered : ''));
  }

  burstEnd(): void {
    if (this.burstOf === undefined) return;
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
    this.onEnded();
    // Whoever deletes an account is answered once it is known what has come of it.
    if (this.burstOf === 'delete') return;
    if (this.burstOf !== undefined && !this.hasBegun) this.connection.out.text(takenOver[this.burstOf]);
    this.burstEnd();
  }
}
