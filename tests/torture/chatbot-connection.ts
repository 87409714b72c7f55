/** A client of the chatbot wire.
 *  @see docs/protocols/chatbot.md */

import { AwaitedAnswers } from './awaited-answers';
import { LossySocket } from './lossy-socket';
import {
  EntranceRefused,
  type SendAnswer,
  usernameOf,
  type WireConnection,
  type WireConnectionNeeds,
} from './wire-connection';
import { asShownOn } from './wires';

const commands = { create: 0, list: 1, send: 2, deliver: 3, login: 5, response: 6, listResponse: 7 } as const;
const headerBytes = 42;
/** Where the low 32 bits of the length are. */
const lengthAt = 38;
const separator = '|||';

interface Answer {
  readonly command: number;
  readonly text: string;
}

export class ChatbotConnection implements WireConnection {
  readonly unansweredMax = 32;
  private readonly socket: LossySocket;
  private readonly answers = new AwaitedAnswers<Answer>(() => this.close());
  private readonly me: string;
  private bytes: Buffer = Buffer.alloc(0);
  private arrivals = 0;

  constructor(private readonly needs: WireConnectionNeeds) {
    this.me = usernameOf(needs);
    this.socket = new LossySocket(needs.port, (chunk) => this.received(chunk));
    void this.socket.gone.then(() => this.answers.lost());
  }

  get gone(): Promise<void> {
    return this.socket.gone;
  }

  /** Makes the account, which is logged in then.
   *  @throws ConnectionLost, EntranceRefused */
  create(): Promise<void> {
    return this.introduce(commands.create);
  }

  /** What is undelivered is asked for at once: it is not given by itself. */
  async enter(): Promise<void> {
    await this.introduce(commands.login);
    this.write(commands.deliver, '');
  }

  /** DELIVER has no answer. The answer to what is asked after it comes after all that it brings. */
  async caughtUp(): Promise<number> {
    await this.ask(commands.list, this.me);
    return this.arrivals;
  }

  async send(to: string, body: string): Promise<SendAnswer> {
    const { command, text } = await this.ask(commands.send, [this.me, to, body].join(separator));
    const echo = [this.me, to, asShownOn('chatbot', body)].join(separator);
    if (command === commands.send && text === echo) return { kind: 'stored', seq: undefined };
    if (command !== commands.response || text === '') throw new Error(`chatbot: no answer to a send: ${text}`);
    return { kind: 'refused', status: text.endsWith('has too many unread messages') ? 507 : 400, sentence: text };
  }

  close(): void {
    this.socket.close();
  }

  private async introduce(command: number): Promise<void> {
    const { text } = await this.ask(command, this.me);
    if (text !== '') throw new EntranceRefused(text);
  }

  private ask(command: number, data: string): Promise<Answer> {
    const answer = this.answers.next();
    this.write(command, data);
    return answer;
  }

  private write(command: number, data: string): void {
    const frame = Buffer.alloc(headerBytes + data.length);
    frame[1] = command;
    frame.writeUInt32BE(data.length, lengthAt);
    frame.write(data, headerBytes, 'latin1');
    this.socket.write(frame);
  }

  private received(chunk: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    while (this.bytes.length >= headerBytes) {
      const end = headerBytes + this.bytes.readUInt32BE(lengthAt);
      if (this.bytes.length < end) return;
      const frame = { command: this.bytes[1] as number, text: this.bytes.toString('latin1', headerBytes, end) };
      this.bytes = this.bytes.subarray(end);
      this.take(frame);
    }
  }

  /** A SEND in one's own name is the echo of what one has sent: these devices do not write to themselves, and a room does not
   *  send back. */
  private take(frame: Answer): void {
    const [from = '', to = '', text = '', ...surplus] = frame.text.split(separator);
    if (frame.command !== commands.send || from === this.me) {
      this.answers.came(frame);
      return;
    }
    if (to !== this.me || surplus.length > 0) throw new Error(`chatbot: not a message to ${this.me}: ${frame.text}`);
    this.arrivals += 1;
    // The bodies that are sent here begin with a digit, and none looks like a room.
    const [, room, inRoom] = /^\[(#[^\]]+)\] (.*)$/s.exec(text) ?? [];
    this.needs.arrived({ log: room ?? this.me, seq: undefined, at: undefined, from, body: inRoom ?? text });
  }
}
