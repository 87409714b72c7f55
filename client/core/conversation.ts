/** The plumbing under the client's commands: link, session, outbox and delivery put together. */

import type { CommandName } from '../../shared/cmap';
import { Acknowledger } from './acknowledger';
import type { Agreement, ClientEvents, LoggedIn, SendReceipt } from './api';
import type { Chance } from './chance';
import type { Clock } from './clock';
import type { Connection, Reply, Waiter } from './connection';
import { type Burst, Delivery } from './delivery';
import type { Emitter } from './emitter';
import { RequestFailure, RequestLost } from './failures';
import { clientLimits } from './limits';
import { Link } from './link';
import { Outbox, type SendRoute } from './outbox';
import { RequestFramer, type RequestValue } from './request-frame';
import { ClientSession } from './session';
import type { Connect } from './transport';

export interface ConversationNeeds {
  readonly connect: Connect;
  readonly device: string | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly emitter: Emitter<ClientEvents>;
}

/** How a reply that is a block of messages is read. */
export interface MessagesOptions {
  /** Whether the messages are acknowledged: not those whose log ends with the block. */
  readonly acknowledge: boolean;
}

export class Conversation {
  private readonly framer = new RequestFramer();
  private readonly link: Link;
  private readonly outbox: Outbox;
  private readonly acknowledger: Acknowledger;
  private readonly delivery: Delivery;
  private readonly session: ClientSession;
  /** The connection while requests may be written to it: greeted, and its session resumed or over. */
  private connection: Connection | undefined;
  /** The connection whose session is being resumed. */
  private resuming: Connection | undefined;
  private greeted: Agreement | undefined;
  private wasOnline = false;
  private isClosed = false;
  private connecting: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;

  constructor(private readonly needs: ConversationNeeds) {
    const { clock, chance, connect, device, emitter } = needs;
    this.outbox = new Outbox(chance.keyPrefix());
    this.acknowledger = new Acknowledger({ clock, acknowledge: (log, seq) => this.acknowledge(log, seq) });
    this.delivery = new Delivery({
      acknowledger: this.acknowledger,
      burst: (count) => emitter.emit('burst', count),
      message: (message) => emitter.emit('message', message),
    });
    this.session = new ClientSession({
      delivery: this.delivery,
      began: (session, again) => this.began(session, again),
    });
    this.link = new Link(
      { connect, clock, chance, device },
      {
        greeted: (connection, agreement) => this.resume(connection, agreement),
        down: (retryMs, reason) => this.down(retryMs, reason),
        message: (message) => this.delivery.take(message),
        notice: (status, text) => this.notice(status, text),
      },
    );
  }

  get connected(): boolean {
    return this.connection !== undefined;
  }

  get username(): string | undefined {
    return this.session.username;
  }

  get agreement(): Agreement | undefined {
    return this.greeted;
  }

  connect(keepTrying: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.connecting = { resolve, reject };
      this.link.start(keepTrying);
    });
  }

  /** @throws RequestFailure, RequestLost */
  async request(
    name: CommandName,
    values: readonly RequestValue[],
    hooks: Pick<Waiter, 'begun' | 'message'> = {},
  ): Promise<Reply> {
    const connection = this.requireConnection();
    const frame = this.framer.frame(name, values, this.username !== undefined);
    return new Promise((resolve, reject) => {
      connection.request(frame, {
        ...hooks,
        answered: (reply) => {
          if (reply.status >= 400) reject(new RequestFailure(reply.status, reply.text));
          else resolve(reply);
        },
        lost: () => reject(new RequestLost('disconnected')),
      });
    });
  }

  /** Asks for a block of undelivered messages, which are handed out. Resolves to the name and the number that it was
   *  announced with.
   *  @throws RequestFailure, RequestLost */
  async requestMessages(
    name: CommandName,
    values: readonly RequestValue[],
    { acknowledge }: MessagesOptions,
  ): Promise<LoggedIn> {
    // What was handed out already need not come again.
    this.acknowledger.flush();
    const burst: Burst = { due: 0, isAnnounced: false };
    const reply = await this.request(name, values, {
      begun: (_status, text) => {
        burst.due = readSession(text).undelivered;
      },
      message: (message) => this.delivery.takeFrom(burst, message, acknowledge),
    });
    return readSession(reply.text);
  }

  /** @throws RequestFailure, RequestLost */
  async enter(command: 'login' | 'takeover', username: string, password: string): Promise<LoggedIn> {
    return this.session.enter(this.requireConnection(), command, { username, password });
  }

  /** @throws RequestFailure, RequestLost */
  async send(to: string, body: string): Promise<SendReceipt> {
    this.requirePlace();
    if (this.connection === undefined && this.username === undefined) throw new RequestLost('offline');
    return this.outbox.add(to, body, this.route());
  }

  /** @throws RequestFailure */
  async logout(): Promise<void> {
    if (this.connection !== undefined) {
      this.acknowledger.flush();
      // A session that is not resumed ends with its connection, which is what was asked for.
      await this.request('logout', []).catch((error: unknown) => {
        if (!(error instanceof RequestLost)) throw error;
      });
    }
    this.endSession();
  }

  /** The session is over on the server: nothing of it is to be acknowledged, repeated or resumed. */
  endSession(): void {
    this.session.end();
    this.acknowledger.drop();
    if (this.connection === undefined) this.outbox.rejectAll(new RequestLost('logged_out'));
  }

  passwordChanged(password: string): void {
    this.session.passwordChanged(password);
  }

  /** Waits for the answers that are due, if there is a connection, and closes for good. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.connection !== undefined) {
      this.acknowledger.flush();
      await this.sayQuit(this.connection);
    }
    this.link.stop('closed');
    this.acknowledger.drop();
    this.session.end();
    this.outbox.rejectAll(new RequestLost('closed'));
    this.connecting?.reject(new RequestLost('closed'));
  }

  private sayQuit(connection: Connection): Promise<void> {
    const frame = this.framer.frame('quit', [], false);
    return new Promise((resolve) => {
      const deadline = this.needs.clock.after(clientLimits.closeMsMax, resolve);
      const done = (): void => {
        deadline.cancel();
        resolve();
      };
      connection.request(frame, { answered: done, lost: done });
    });
  }

  private requireConnection(): Connection {
    this.requirePlace();
    if (this.connection === undefined) throw new RequestLost('offline');
    return this.connection;
  }

  private requirePlace(): void {
    if (this.isClosed) throw new RequestLost('closed');
    // While there is a connection, it counts the sends that the outbox keeps too.
    const outstanding = Math.max(this.connection?.outstanding ?? 0, this.outbox.size);
    if (outstanding >= clientLimits.outstandingRequestsMax) throw new RequestLost('full');
  }

  private route(): SendRoute | undefined {
    const { connection, greeted } = this;
    return connection && { connection, keys: greeted?.granted.has('keys') === true };
  }

  private acknowledge(log: string, seq: number): void {
    if (this.username === undefined || this.greeted?.granted.has('ack') !== true) return;
    this.connection?.tell(this.framer.frame('ack', [log, seq], true));
  }

  private resume(connection: Connection, agreement: Agreement): void {
    this.greeted = agreement;
    if (this.session.username === undefined) {
      this.ready(connection);
      return;
    }
    this.resuming = connection;
    this.session.resume(connection, (result) => {
      this.resuming = undefined;
      if (result.kind === 'refused') {
        connection.close(`the server says: ${result.reason}`);
        return;
      }
      this.outbox.rejectAll(new RequestLost('logged_out'));
      this.needs.emitter.emit('loggedOut', result.reason);
      this.ready(connection);
    });
  }

  private began(session: LoggedIn, again: boolean): void {
    this.needs.emitter.emit('loggedIn', session, again);
    const { resuming } = this;
    this.resuming = undefined;
    if (resuming !== undefined) this.ready(resuming);
  }

  private ready(connection: Connection): void {
    this.connection = connection;
    this.link.settle();
    const route = this.route();
    if (route !== undefined) this.outbox.writeAll(route);
    const again = this.wasOnline;
    this.wasOnline = true;
    this.connecting?.resolve();
    this.connecting = undefined;
    this.needs.emitter.emit('online', again);
  }

  private down(retryMs: number | undefined, reason: string): void {
    this.connection = undefined;
    this.resuming = undefined;
    this.greeted = undefined;
    this.acknowledger.drop();
    if (this.username === undefined) this.outbox.rejectAll(new RequestLost('logged_out'));
    if (retryMs === undefined) {
      this.connecting?.reject(new RequestLost('offline', reason));
      this.connecting = undefined;
    }
    this.needs.emitter.emit('offline', retryMs, reason);
  }

  private notice(status: number, text: string): void {
    const { emitter } = this.needs;
    const ending = endings.get(status);
    if (status === receipt) {
      const [to = '', seq = ''] = text.split(' ');
      emitter.emit('receipt', to, Number.parseInt(seq, 10));
    } else if (ending !== undefined && this.username !== undefined) {
      this.endSession();
      emitter.emit('loggedOut', ending);
    } else if (status !== forbidden) {
      emitter.emit('notice', status, text);
    }
  }
}

/** `<username> <n>`, as every block of undelivered messages begins. */
function readSession(text: string): LoggedIn {
  const [username = '', count = ''] = text.split(' ');
  return { username, undelivered: Number.parseInt(count, 10) || 0 };
}

const receipt = 250;
/** Answers an acknowledgement that crossed the end of its session on the way: nothing that anybody could act upon. */
const forbidden = 403;

/** Notices after which the server knows the session no more. */
const endings: ReadonlyMap<number, string> = new Map([
  [404, 'the account was deleted'],
  [409, 'taken over by another login'],
]);
