/** Accounts, rooms and messages for the tests of a store. Names are new each time: tests may share a store. */

import type { ErrorCode } from '../../../shared/errors';
import type { DestinationName, RoomName, Username } from '../../../shared/names';
import {
  type Account,
  type Appended,
  defaultDevice,
  type LogId,
  type Message,
  mailboxOf,
  type Room,
  type Seq,
  seqZero,
  type UnixMs,
} from '../../core/ports';
import type { WholeStore } from '../../core/retention-store';

/** A store that was opened for a test. */
export interface OpenedStore {
  readonly store: WholeStore;
  /** Closes it and opens what it kept; absent when it keeps nothing. */
  reopen?(): Promise<WholeStore>;
}

/** How a test gets a new and empty store. */
export type OpenStore = (options: { readonly mailboxMessagesMax: number }) => Promise<OpenedStore>;

export interface SendOptions {
  readonly key?: string;
  readonly at?: number;
}

export const epoch = 1_700_000_000_000 as UnixMs;
const pageBytesMax = 1_000_000;
let namesGiven = 0;

/** A part of a name that no other test has. */
export function freshWord(): string {
  namesGiven += 1;
  return namesGiven.toString(36).padStart(4, '0');
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(message: Message): string {
  return new TextDecoder().decode(message.body);
}

export class Stage {
  constructor(readonly store: WholeStore) {}

  async account(name = `U${freshWord()}`): Promise<Account> {
    return this.store.accounts.create(name as Username, undefined, epoch);
  }

  async accounts(count: number): Promise<Account[]> {
    return Promise.all(Array.from({ length: count }, () => this.account()));
  }

  async room(creator: Account, ...members: readonly Account[]): Promise<Room> {
    const names = members.map((member) => member.name);
    return this.store.rooms.create(`#R${freshWord()}` as RoomName, creator.id, names, epoch);
  }

  /** What came of it: the message's place, or the code that it was refused with. */
  send(from: Account, to: string, text: string, { key, at = epoch }: SendOptions = {}): Promise<Appended | ErrorCode> {
    return new Promise((resolve) => {
      this.store.logs.append({
        senderId: from.id,
        from: from.name,
        to: to as DestinationName,
        key,
        body: bytesOf(text),
        at: at as UnixMs,
        committed: resolve,
        refused: resolve,
      });
    });
  }

  async sendAll(from: Account, to: string, texts: readonly string[]): Promise<void> {
    await Promise.all(texts.map((text) => this.send(from, to, text)));
  }

  /** Acknowledges everything up to `seq`. */
  async acknowledge(account: Account, seq: number, { device = defaultDevice, log = mailboxOf(account.id) } = {}) {
    await this.store.logs.moveCursors([{ account: account.id, device, log, seq: seq as Seq }]);
  }

  /** The bodies in a log, oldest first. */
  async texts(log: LogId, after = 0): Promise<string[]> {
    const messages = await this.page(log, after, await this.head(log), pageBytesMax);
    return messages.map(textOf);
  }

  /** The page of one span. */
  async page(log: LogId, after: number, through: number, bytesMax = pageBytesMax): Promise<readonly Message[]> {
    const [page = []] = await this.store.logs.read([{ log, after: after as Seq, through: through as Seq }], bytesMax);
    return page;
  }

  async inbox(account: Account): Promise<string[]> {
    return this.texts(mailboxOf(account.id));
  }

  async head(log: LogId): Promise<Seq> {
    const [head] = await this.store.logs.heads([log]);
    return head ?? seqZero;
  }

  /** Where a device stands, mailbox first and then rooms by name. */
  async cursors(account: Account, device = defaultDevice, at: number = epoch): Promise<Seq[]> {
    const subscriptions = await this.store.logs.subscriptions(account.id, device, at as UnixMs);
    return subscriptions.map((subscription) => subscription.cursor);
  }
}

/** Declares `tests` with a store that they share; it is opened before the first of them. */
export function describeOn(
  what: string,
  open: OpenStore,
  tests: (stage: () => Stage, opened: () => OpenedStore) => void,
  mailboxMessagesMax = 100_000,
): void {
  describe(what, () => {
    let opened: OpenedStore;
    let stage: Stage;
    beforeAll(async () => {
      opened = await open({ mailboxMessagesMax });
      stage = new Stage(opened.store);
    });
    afterAll(() => opened.store.close());
    tests(
      () => stage,
      () => opened,
    );
  });
}
