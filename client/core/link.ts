/** Keeps one connection up: connects, says hello, watches, and connects again. */

import { type Capability, capabilities, cmapVersion } from '../../shared/cmap';
import type { Agreement, IncomingMessage } from './api';
import { Backoff } from './backoff';
import type { Chance } from './chance';
import type { Clock, Timer } from './clock';
import { Connection, type Reply } from './connection';
import { Heartbeat } from './heartbeat';
import { clientLimits } from './limits';
import { RequestFramer } from './request-frame';
import type { Connect } from './transport';

export interface LinkNeeds {
  readonly connect: Connect;
  readonly clock: Clock;
  readonly chance: Chance;
  /** The cursor to use; the account's default one when undefined. */
  readonly device: string | undefined;
  /** What the server is told it is talking to. */
  readonly clientName: string;
}

export interface LinkEvents {
  /** A server answered `hello`. The connection counts as good from {@link Link.settle} on. */
  greeted(connection: Connection, agreement: Agreement): void;
  /** The connection is gone, or an attempt failed. `retryMs` until the next one; undefined: there is none. */
  down(retryMs: number | undefined, reason: string): void;
  message(message: IncomingMessage): void;
  notice(status: number, text: string): void;
}

export class Link {
  private readonly backoff: Backoff;
  private readonly framer = new RequestFramer();
  private connection: Connection | undefined;
  private heartbeat: Heartbeat | undefined;
  /** The attempt's deadline, or the wait for the next attempt. */
  private timer: Timer | undefined;
  private settledAt: number | undefined;
  private keepTrying = false;
  private isStopped = false;
  private isPaused = false;

  constructor(
    private readonly needs: LinkNeeds,
    private readonly events: LinkEvents,
  ) {
    this.backoff = new Backoff(needs.chance);
  }

  /** Begins. `keepTrying` also when the first attempt fails. */
  start(keepTrying: boolean): void {
    this.keepTrying = keepTrying;
    this.attempt();
  }

  /** The connection that was greeted is of use: if it is lost, there will be another. */
  settle(): void {
    this.keepTrying = true;
    this.settledAt = this.needs.clock.now();
  }

  /** Stops reading, on this connection and on those after it once they were greeted. */
  pause(): void {
    this.isPaused = true;
    if (this.heartbeat !== undefined) this.connection?.pause();
  }

  resume(): void {
    this.isPaused = false;
    this.connection?.resume();
  }

  /** Ends the connection, and there will be no other. */
  stop(reason: string): void {
    this.isStopped = true;
    this.timer?.cancel();
    this.connection?.close(reason);
  }

  private attempt(): void {
    const { clock, connect } = this.needs;
    this.timer = clock.after(clientLimits.greetingMsMax, () => this.connection?.close('the server does not answer'));
    const connection = new Connection(connect, {
      opened: () => this.greet(connection),
      message: (message) => this.events.message(message),
      notice: (status, text) => this.events.notice(status, text),
      heard: () => this.heartbeat?.heard(),
      closed: (reason) => this.lost(reason),
    });
    this.connection = connection;
  }

  private greet(connection: Connection): void {
    const words = [...capabilities, `client=${this.needs.clientName}`];
    if (this.needs.device !== undefined) words.push(`device=${this.needs.device}`);
    connection.request(this.framer.frame('hello', [cmapVersion, words.join(' ')], false), {
      answered: (reply) => this.greeted(connection, reply),
      lost: () => {},
    });
  }

  private greeted(connection: Connection, reply: Reply): void {
    // Other failures leave a server that grants nothing, and can be talked to.
    if (reply.status === unavailable) {
      connection.close(`the server says: ${reply.text}`);
      return;
    }
    this.timer?.cancel();
    this.heartbeat = new Heartbeat({
      clock: this.needs.clock,
      ping: () => connection.request(this.framer.frame('ping', [], false), { answered: () => {}, lost: () => {} }),
      isDeaf: () => this.isPaused,
      dead: () => connection.close('the server does not answer'),
    });
    if (this.isPaused) connection.pause();
    this.events.greeted(connection, agreementOf(reply));
  }

  private lost(reason: string): void {
    this.timer?.cancel();
    this.heartbeat?.stop();
    this.heartbeat = undefined;
    this.connection = undefined;
    const { clock } = this.needs;
    if (this.settledAt !== undefined && clock.now() - this.settledAt >= clientLimits.steadyMs) this.backoff.reset();
    this.settledAt = undefined;
    if (this.isStopped || !this.keepTrying) {
      this.events.down(undefined, reason);
      return;
    }
    const retryMs = this.backoff.nextMs();
    this.timer = clock.after(retryMs, () => this.attempt());
    this.events.down(retryMs, reason);
  }
}

const unavailable = 503;

/** `200 chateau/1.0 ack keys body=65536`; what is not understood is left out. */
function agreementOf({ status, text }: Reply): Agreement {
  if (status !== 200) return { server: '', granted: new Set() };
  const [server = '', ...words] = text.split(' ');
  return { server, granted: new Set(words.filter(isCapability)) };
}

function isCapability(word: string): word is Capability {
  return (capabilities as readonly string[]).includes(word);
}
