/** Requests that are made once and answered, or lost with their connection. */

import type { CommandName } from '../../shared/cmap';
import type { Acknowledger } from './acknowledger';
import type { LoggedIn } from './api';
import type { Connection, Reply, Waiter } from './connection';
import type { Burst, Delivery } from './delivery';
import { RequestFailure, RequestLost } from './failures';
import { RequestFramer, type RequestValue } from './request-frame';

export interface RequestsNeeds {
  /** Where requests can be written now.
   *  @throws RequestLost */
  readonly connection: () => Connection;
  readonly isLoggedIn: () => boolean;
  readonly acknowledger: Acknowledger;
  readonly delivery: Delivery;
}

/** How a reply that is a block of messages is read. */
export interface MessagesOptions {
  /** Whether the messages are acknowledged: not those whose log ends with the block. */
  readonly acknowledge: boolean;
  /** As in {@link RequestHooks}. */
  readonly done?: () => void;
}

export interface RequestHooks extends Pick<Waiter, 'begun' | 'message'> {
  /** The request succeeded; called before anything that the server said after its reply is looked at. */
  done?(): void;
}

export class Requests {
  private readonly framer = new RequestFramer();

  constructor(private readonly needs: RequestsNeeds) {}

  /** @throws RequestFailure, RequestLost */
  async ask(name: CommandName, values: readonly RequestValue[], { done, ...hooks }: RequestHooks = {}): Promise<Reply> {
    const connection = this.needs.connection();
    const frame = this.framer.frame(name, values, this.needs.isLoggedIn());
    return new Promise((resolve, reject) => {
      connection.request(frame, {
        ...hooks,
        answered: (reply) => {
          if (reply.status >= 400) {
            reject(new RequestFailure(reply.status, reply.text));
            return;
          }
          done?.();
          resolve(reply);
        },
        lost: () => reject(new RequestLost('disconnected')),
      });
    });
  }

  /** Asks for a block of undelivered messages, which are handed out. Resolves to the name and the number that it was
   *  announced with.
   *  @throws RequestFailure, RequestLost */
  async askMessages(
    name: CommandName,
    values: readonly RequestValue[],
    { acknowledge, done = () => {} }: MessagesOptions,
  ): Promise<LoggedIn> {
    const { acknowledger, delivery } = this.needs;
    // What was handed out already need not come again.
    acknowledger.flush();
    const burst: Burst = { due: 0, isAnnounced: false };
    const reply = await this.ask(name, values, {
      begun: (status, text) => {
        if (status >= 400) return;
        const { username, undelivered } = readSession(text);
        // Whoever is not logged in may have seen as another account what this one has not.
        if (username !== '') delivery.visit(username);
        burst.due = undelivered;
      },
      done,
      message: (message) => delivery.takeFrom(burst, message, acknowledge),
    });
    return readSession(reply.text);
  }
}

/** `<username> <n>`, as every block of undelivered messages begins. */
function readSession(text: string): LoggedIn {
  const [username = '', count = ''] = text.split(' ');
  return { username, undelivered: Number.parseInt(count, 10) || 0 };
}
