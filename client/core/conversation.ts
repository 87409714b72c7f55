/** The plumbing under the client's commands: link, session, outbox and delivery put together. */

import { isSameName } from '../../shared/names';
import { Acknowledger } from './acknowledger';
import type { Agreement, ClientEvents, LoggedIn, SeenMark, SendReceipt } from './api';
import type { Chance } from './chance';
import type { Clock } from './clock';
import type { Connection } from './connection';
import { Delivery } from './delivery';
import type { Emitter } from './emitter';
import { RequestLost } from './failures';
import type { OpenJournal } from './journal';
import { clientLimits } from './limits';
import { Link } from './link';
import { readNotice } from './notices';
import { RequestFramer } from './request-frame';
import { Requests } from './requests';
import { Sends } from './sends';
import { ClientSession } from './session';
import type { Connect } from './transport';

export interface ConversationNeeds {
  readonly connect: Connect;
  readonly device: string | undefined;
  readonly journal: OpenJournal | undefined;
  readonly seen: readonly SeenMark[];
  readonly clientName: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly emitter: Emitter<ClientEvents>;
}

export class Conversation {
  readonly requests: Requests;
  private readonly framer = new RequestFramer();
  private readonly link: Link;
  private readonly sends: Sends;
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
    const { clock, chance, connect, device, clientName, seen, journal, emitter } = needs;
    const keyPrefix = chance.keyPrefix();
    this.sends = new Sends({ keyPrefix, journal, emitter, route: () => this.route() });
    this.acknowledger = new Acknowledger({ clock, acknowledge: (log, seq) => this.acknowledge(log, seq) });
    this.delivery = new Delivery({
      seen,
      acknowledger: this.acknowledger,
      burst: (count) => emitter.emit('burst', count),
      message: (message) => emitter.emit('message', message),
    });
    this.requests = new Requests({
      connection: () => this.requireConnection(),
      isLoggedIn: () => this.username !== undefined,
      acknowledger: this.acknowledger,
      delivery: this.delivery,
    });
    this.session = new ClientSession({
      delivery: this.delivery,
      began: (session, again) => this.began(session, again),
    });
    this.link = new Link(
      { connect, clock, chance, device, clientName },
      {
        greeted: (connection, agreement) => this.resumeSession(connection, agreement),
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

  get seen(): readonly SeenMark[] {
    return this.delivery.seen;
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
  async enter(command: 'login' | 'takeover', username: string, password: string): Promise<LoggedIn> {
    const connection = this.requireConnection();
    const release = this.sends.hold();
    try {
      return await this.session.enter(connection, command, { username, password }, release);
    } finally {
      release();
    }
  }

  /** @throws RequestFailure, RequestLost */
  async send(to: string, body: string): Promise<SendReceipt> {
    this.requirePlace();
    if (this.connection === undefined && this.username === undefined) throw new RequestLost('offline');
    return this.sends.send(to, body);
  }

  settled(): Promise<void> {
    return this.sends.settled();
  }

  /** @throws RequestFailure */
  async logout(): Promise<void> {
    const release = this.sends.hold();
    try {
      if (this.connection === undefined) {
        this.endSession();
        // Otherwise the session would begin again behind our back.
        this.resuming?.close('logged out');
        return;
      }
      this.acknowledger.flush();
      await this.requests.ask('logout', [], { done: () => this.endSession() }).catch((error: unknown) => {
        if (!(error instanceof RequestLost)) throw error;
        // A session that is not resumed ends with its connection, which is what was asked for.
        this.endSession();
      });
    } finally {
      release();
    }
  }

  /** @throws RequestFailure, RequestLost */
  async delete(username: string, password: string): Promise<number> {
    const release = this.sends.hold();
    try {
      const done = (): void => {
        this.delivery.forget();
        if (this.username !== undefined && isSameName(username, this.username)) this.endSession();
      };
      const options = { acknowledge: false, done };
      return (await this.requests.askMessages('delete', [username, password], options)).undelivered;
    } finally {
      release();
    }
  }

  pause(): void {
    this.acknowledger.hold();
    this.link.pause();
  }

  resume(): void {
    this.acknowledger.release();
    this.link.resume();
  }

  /** The session is over on the server: nothing of it is to be acknowledged, repeated or resumed. */
  private endSession(): void {
    this.session.end();
    this.sends.end();
    this.acknowledger.drop();
    if (this.connection === undefined) this.sends.rejectAll(new RequestLost('logged_out'));
  }

  passwordChanged(password: string): void {
    this.session.passwordChanged(password);
  }

  /** Waits for the answers that are due, if there is a connection, and closes for good. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.connection !== undefined) {
      this.acknowledger.flush();
      this.sends.write();
      await this.sayQuit(this.connection);
    }
    this.link.stop('closed');
    this.acknowledger.drop();
    this.session.end();
    this.sends.rejectAll(new RequestLost('closed'));
    this.sends.close();
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
    const outstanding = Math.max(this.connection?.outstanding ?? 0, this.sends.size);
    if (outstanding >= clientLimits.outstandingRequestsMax) throw new RequestLost('full');
  }

  private route() {
    const { connection } = this;
    return connection && { connection, keys: this.hasKeys };
  }

  private get hasKeys(): boolean {
    return this.greeted?.granted.has('keys') === true;
  }

  private acknowledge(log: string, seq: number): void {
    if (this.username === undefined || this.greeted?.granted.has('ack') !== true) return;
    this.connection?.tell(this.framer.frame('ack', [log, seq], true));
  }

  private resumeSession(connection: Connection, agreement: Agreement): void {
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
      this.endSession();
      this.needs.emitter.emit('loggedOut', result.reason);
      this.ready(connection);
    });
  }

  private began(session: LoggedIn, again: boolean): void {
    this.needs.emitter.emit('loggedIn', session, again);
    this.sends.begin(session.username, this.hasKeys);
    const { resuming } = this;
    this.resuming = undefined;
    if (resuming !== undefined) this.ready(resuming);
  }

  private ready(connection: Connection): void {
    this.connection = connection;
    this.link.settle();
    this.sends.write();
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
    if (this.username === undefined) this.sends.rejectAll(new RequestLost('logged_out'));
    if (retryMs === undefined) {
      this.connecting?.reject(new RequestLost('offline', reason));
      this.connecting = undefined;
    }
    this.needs.emitter.emit('offline', retryMs, reason);
  }

  private notice(status: number, text: string): void {
    const { emitter } = this.needs;
    const notice = readNotice(status, text);
    if (notice.kind === 'receipt') {
      emitter.emit('receipt', notice.to, notice.seq);
    } else if (notice.kind === 'ended' && this.username !== undefined) {
      this.endSession();
      emitter.emit('loggedOut', notice.reason);
    } else if (notice.kind !== 'void') {
      emitter.emit('notice', status, text);
    }
  }
}
