/** The core, put together from its ports: what every protocol talks to. */

import { Cursors } from './cursors';
import type { Directory } from './directory';
import { Followers } from './followers';
import { GuestsOnline } from './guests';
import { HeadRefresh } from './head-refresh';
import { NameHolds } from './name-holds';
import type { AccountDevice, Bus, Chance, Clock, Hasher, Logger, Store } from './ports';
import { Presence } from './presence';
import { Receipts } from './receipts';
import { Accounts } from './service/accounts';
import { GuestRooms } from './service/guest-rooms';
import { Guests } from './service/guests';
import { Messages } from './service/messages';
import { Rooms } from './service/rooms';

export interface ChatPorts {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly hasher: Hasher;
  /** Who has the passwords, where it is not this server. */
  readonly directory?: Directory | undefined;
  readonly logger: Logger;
}

export interface ChatOptions {
  /** Sessions that one account may have at once, 1 to 100. */
  readonly sessionsPerAccountMax: number;
}

export interface Chat {
  readonly accounts: Accounts;
  readonly guests: Guests;
  readonly messages: Messages;
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly logger: Logger;
  /** True while more waits for the disk than may: protocols stop reading until `onRelief` tells. */
  isCongested(): boolean;
  onRelief(listener: () => void): void;
  /** The devices in use that have named themselves. */
  devicesInUse(): readonly AccountDevice[];
  /** Stores what sessions have acknowledged. Call it when the last connection has gone. */
  close(): Promise<void>;
}

/** Closes none of its ports: whoever opened them does, after {@link Chat.close}. */
export function createChat(ports: ChatPorts, options: ChatOptions): Chat {
  const { store, bus, clock, chance, hasher, directory, logger } = ports;
  const { accounts, logs, rooms } = store;
  const followers = new Followers();
  const receipts = new Receipts();
  const cursors = new Cursors({ logs, clock, logger });
  const presence = new Presence({ sessionsMax: options.sessionsPerAccountMax, chance });
  const names = new NameHolds();
  const online = new GuestsOnline(clock);
  const guestRooms = new GuestRooms({ rooms, logs, online, presence });
  const sessions = { logs, clock, logger, cursors, followers, receipts };
  const headRefresh = new HeadRefresh({ logs, followers, clock, logger });
  bus.subscribe((nudge) => followers.nudge(nudge));
  headRefresh.start();
  return {
    accounts: new Accounts({
      accounts,
      logs,
      hasher,
      directory,
      clock,
      names,
      presence,
      guests: online,
      cursors,
      sessions,
    }),
    guests: new Guests({ accounts, logs, names, online, presence, sessions }),
    messages: new Messages({ logs, clock, bus, presence, followers, receipts, guests: online, guestRooms }),
    rooms: new Rooms({ rooms, clock, presence, guests: online, guestRooms }),
    clock,
    logger,
    isCongested: () => logs.congested,
    onRelief: (listener) => logs.onRelief(listener),
    devicesInUse: () => presence.devices(),
    close() {
      headRefresh.close();
      return cursors.flush();
    },
  };
}
