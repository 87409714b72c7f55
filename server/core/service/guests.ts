/** Guests: they enter under a name that nobody else has, and it is free again when they leave. */

import { ChatError } from '../../../shared/errors';
import { isUsername, parseNewUsername, type Username } from '../../../shared/names';
import { GuestMailbox } from '../guest-mailbox';
import type { GuestsOnline } from '../guests';
import type { NameHolds } from '../name-holds';
import type { Outlet } from '../outlet';
import { type AccountStore, defaultDevice, type LogStore, mailboxOf, seqZero } from '../ports';
import type { Presence } from '../presence';
import { Session } from '../session';
import type { SessionNeeds } from '../session-options';

export interface GuestsNeeds {
  readonly accounts: AccountStore;
  readonly logs: LogStore;
  readonly names: NameHolds;
  readonly online: GuestsOnline;
  readonly presence: Presence;
  readonly sessions: SessionNeeds;
}

export interface EnterOptions {
  readonly name: string;
  readonly outlet: Outlet;
  /** Whether the connection has gone meanwhile: then there is no session. */
  readonly isGone?: () => boolean;
  /** The client acknowledges by itself; otherwise what the operating system has taken is acknowledged. */
  readonly explicitAck?: boolean;
}

export class Guests {
  constructor(private readonly needs: GuestsNeeds) {}

  /** A session, held, of a guest: nothing of it is stored but what it sends, and its name is free once it has ended.
   *  `undefined` when the connection went meanwhile.
   *  @throws ChatError name_invalid, name_reserved, name_taken (by an account, also one that is being made, or a guest) */
  async enter(options: EnterOptions): Promise<Session | undefined> {
    const { accounts, names } = this.needs;
    const name = parseNewUsername(options.name);
    names.takeForGuest(name);
    let session: Session | undefined;
    try {
      if ((await accounts.find(name)) !== undefined) throw new ChatError('name_taken', { name });
      if (options.isGone?.() !== true) session = this.open(name, options);
      return session;
    } finally {
      if (session === undefined) names.freeOfGuest(name);
    }
  }

  /** Whether a guest of this name is here. */
  has(name: string): boolean {
    return isUsername(name) && this.needs.online.named(name) !== undefined;
  }

  private open(name: Username, { outlet, explicitAck = false }: EnterOptions): Session {
    const { logs, names, online, presence, sessions } = this.needs;
    const account = { id: online.newId(), name };
    const mailbox = new GuestMailbox(account, { logs, logger: sessions.logger });
    const guest = { account, mailbox, rooms: new Map() };
    const claim = presence.claimAlone(account);
    const session = new Session(
      { ...sessions, logs: mailbox, cursors: mailbox },
      {
        account,
        device: defaultDevice,
        explicitAck,
        wantsReceipts: false,
        outlet,
        subscriptions: [{ log: mailboxOf(account.id), name, cursor: seqZero }],
        place: {
          leave: () => {
            mailbox.close();
            presence.release(claim);
            online.remove(guest);
            names.freeOfGuest(name);
            sessions.receipts.drop(mailboxOf(account.id));
          },
        },
      },
    );
    online.add(guest);
    presence.open(claim, session);
    return session;
  }
}
