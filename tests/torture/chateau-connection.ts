/** A client of JSON over WebSocket: one that acknowledges, or one as there were before.
 *  @see docs/protocols/chateau.md */

import { WebSocket } from 'ws';
import { Arrivals } from './arrivals';
import { AwaitedAnswers } from './awaited-answers';
import { password } from './cast';
import { LogAcknowledger } from './log-acknowledger';
import {
  EntranceRefused,
  patienceMs,
  type SendAnswer,
  usernameOf,
  type WireConnection,
  type WireConnectionNeeds,
} from './wire-connection';

/** What is read of an answer or an event. */
interface Frame {
  readonly type: string;
  readonly status: number;
  readonly sender?: string;
  readonly content?: string;
  readonly log?: string;
  readonly seq?: number;
  readonly time?: number;
  readonly undelivered?: number;
  readonly code?: string;
  readonly message?: string;
}

const messageTypes: readonly string[] = ['SingleMessageRecvResponse', 'GroupMessageRecv', 'RandomMessageRecv'];

export class ChateauConnection implements WireConnection {
  readonly unansweredMax = 32;
  readonly gone: Promise<void>;
  private readonly webSocket: WebSocket;
  private readonly opened: Promise<void>;
  private readonly answers = new AwaitedAnswers<Frame>(() => this.close());
  private readonly acknowledger = new LogAcknowledger((log, seq) => this.write({ type: 'Ack', log, seq }));
  private undelivered = 0;
  private readonly arrivals: Arrivals;

  constructor(private readonly needs: WireConnectionNeeds) {
    this.webSocket = new WebSocket(`ws://127.0.0.1:${needs.port}/ws`, { perMessageDeflate: false });
    // A connection that breaks: 'close' follows.
    this.webSocket.on('error', () => {});
    this.webSocket.on('message', (data) => this.received(JSON.parse(String(data)) as Frame));
    this.opened = new Promise((resolve) => this.webSocket.once('open', () => resolve()));
    this.gone = new Promise((resolve) => this.webSocket.once('close', () => resolve()));
    this.arrivals = new Arrivals(this.gone);
    void this.gone.then(() => this.answers.lost());
  }

  async enter(): Promise<void> {
    const { device } = this.needs;
    const login = { username: usernameOf(this.needs), password };
    // Waiting begins before the connection is there: it may never be.
    const answer = this.answers.next();
    const request = device.acknowledges
      ? { type: 'LoginRequest', ...login, device: device.name, takeover: true, ack: true }
      : { type: 'RegisterRequest', ...login };
    void this.opened.then(() => this.write(request));
    const { status, message = '', undelivered = 0 } = await answer;
    if (status !== 200) throw new EntranceRefused(`${status} ${message}`);
    this.undelivered = undelivered;
  }

  async caughtUp(): Promise<number> {
    await this.arrivals.reach(this.undelivered, patienceMs);
    this.acknowledger.flush();
    // Answers keep the order of the requests: with this one what was acknowledged before has been taken.
    const answer = this.answers.next();
    this.write({ type: 'ClientListRequest' });
    await answer;
    return this.undelivered;
  }

  async send(to: string, content: string): Promise<SendAnswer> {
    const answer = this.answers.next();
    const request = to.startsWith('#')
      ? { type: 'GroupMessageRequest', chatname: to.slice(1), content }
      : { type: 'SingleMessageRequest', recipient: to, content };
    this.write(request);
    const { status, seq, code, message = '' } = await answer;
    if (status === 200) return { kind: 'stored', seq };
    return { kind: 'refused', status: code === 'mailbox_full' ? 507 : status, sentence: message };
  }

  close(): void {
    this.webSocket.terminate();
  }

  private write(request: object): void {
    if (this.webSocket.readyState === WebSocket.OPEN) this.webSocket.send(JSON.stringify(request));
  }

  private received(frame: Frame): void {
    if (frame.type === 'NoticeEvent') {
      // Somebody has taken over: a request of a former connection of this device, which came late.
      this.close();
    } else if (messageTypes.includes(frame.type)) this.arrived(frame);
    else this.answers.came(frame);
  }

  private arrived({ sender: from = '', content: body = '', log = '', seq = 0, time: at }: Frame): void {
    this.needs.arrived({ log, seq, at, from, body });
    if (this.needs.device.acknowledges) this.acknowledger.note(log, seq);
    this.arrivals.add();
  }
}
