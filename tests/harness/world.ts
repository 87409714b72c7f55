/** The core with every port in the test's hands, and people who use it. */

import { type Chat, createChat } from '../../server/core/chat';
import type { Directory } from '../../server/core/directory';
import { type Account, defaultDevice, type Seq } from '../../server/core/ports';
import type { LoginOptions } from '../../server/core/service/accounts';
import type { EnterOptions } from '../../server/core/service/guests';
import type { Sent } from '../../server/core/service/messages';
import type { Session } from '../../server/core/session';
import type { ErrorCode } from '../../shared/errors';
import type { Username } from '../../shared/names';
import { LossyBus } from './lossy-bus';
import { ManualClock } from './manual-clock';
import { quiet } from './quiet';
import { RecordingLogger } from './recording-logger';
import { RecordingOutlet } from './recording-outlet';
import { ReferenceStore, type ReferenceStoreOptions } from './reference-store';
import { seededChance } from './seeded-chance';
import { hashOf, TransparentHasher } from './transparent-hasher';

/** A session and the connection that it writes to. */
export interface Client {
  readonly account: Account;
  readonly session: Session;
  readonly outlet: RecordingOutlet;
}

export interface WorldOptions extends ReferenceStoreOptions {
  readonly sessionsPerAccountMax?: number;
  readonly seed?: number;
  readonly directory?: Directory;
}

/** What came of a send: nothing yet, its result, or the code it was refused with. */
export type Outcome = Sent | ErrorCode | undefined;

export class World {
  readonly store: ReferenceStore;
  readonly clock = new ManualClock();
  readonly hasher = new TransparentHasher();
  readonly bus = new LossyBus();
  readonly logger = new RecordingLogger();
  readonly chat: Chat;

  constructor(options: WorldOptions = {}) {
    this.store = new ReferenceStore(options);
    const { store, clock, hasher, bus, logger } = this;
    const chance = seededChance(options.seed ?? 1);
    this.chat = createChat(
      { store, bus, clock, chance, hasher, directory: options.directory, logger },
      { sessionsPerAccountMax: options.sessionsPerAccountMax ?? 1 },
    );
  }

  /** An account whose password is {@link password}. */
  account(name: string): Account {
    return this.store.tables.createAccount(name as Username, hashOf(password));
  }

  /** Logs in and leaves the session held, as the core does. Fails when the connection is lost meanwhile. */
  async enter(username: string, options: Partial<LoginOptions> = {}, outlet = new RecordingOutlet()): Promise<Client> {
    const session = await this.chat.accounts.login({ ...loginOptions(username, outlet), ...options });
    if (session === undefined) throw new Error('the connection is gone');
    outlet.attach(session);
    return { account: session.account, session, outlet };
  }

  /** Logs in, takes the burst and goes live. */
  async login(username: string, options: Partial<LoginOptions> = {}, outlet?: RecordingOutlet): Promise<Client> {
    const client = await this.enter(username, options, outlet);
    await this.deliver(client);
    return client;
  }

  /** A guest, live at once. Fails when the connection is lost meanwhile. */
  async guest(name: string, options: Partial<EnterOptions> = {}, outlet = new RecordingOutlet()): Promise<Client> {
    const session = await this.chat.guests.enter({ name, outlet, isGone: () => outlet.isGone, ...options });
    if (session === undefined) throw new Error('the connection is gone');
    outlet.attach(session);
    session.goLive();
    return { account: session.account, session, outlet };
  }

  /** What a protocol does at login and `deliver`; false when the session ended in the middle. */
  async deliver({ session, outlet }: Client): Promise<boolean> {
    if (!(await session.burst())) return false;
    outlet.burstEnd();
    session.goLive();
    return true;
  }

  /** Sends and returns at once; the outcome is there once it is. */
  post({ session }: Client, to: string, text: string, key?: string): { outcome: Outcome } {
    const posted: { outcome: Outcome } = { outcome: undefined };
    const settle = (outcome: Outcome): void => {
      if (posted.outcome !== undefined) throw new Error('a send was answered twice');
      posted.outcome = outcome;
    };
    const ticket = { sent: settle, failed: ({ code }: { code: ErrorCode }) => settle(code) };
    this.chat.messages.send({ session, to, key, body: new TextEncoder().encode(text), ticket });
    return posted;
  }

  /** Sends, and waits until nothing goes on by itself any more. */
  async send(client: Client, to: string, text: string, key?: string): Promise<Outcome> {
    const posted = this.post(client, to, text, key);
    await quiet();
    return posted.outcome;
  }

  /** Where a device stands in a log, as the store knows it. */
  cursor(account: Account, name: string = account.name, device: string = defaultDevice): Seq | undefined {
    const { tables } = this.store;
    const log = name.startsWith('#') ? tables.room(name as never)?.log : (account.id as never);
    return log === undefined ? undefined : tables.accounts.get(account.id)?.cursors.get(device)?.get(log);
  }
}

export const password = 'pw';

export function loginOptions(username: string, outlet: RecordingOutlet): LoginOptions {
  return {
    username,
    password,
    device: undefined,
    explicitAck: false,
    wantsReceipts: false,
    takeover: false,
    outlet,
    isGone: () => outlet.isGone,
  };
}

/** The code of the ChatError that a promise is rejected with. */
export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return (error as { code?: ErrorCode }).code;
  }
}
