/** A client of the nick room.
 *  @see docs/protocols/nickroom.md */

import { AwaitedAnswers } from './awaited-answers';
import { lobby } from './cast';
import { LossySocket } from './lossy-socket';
import {
  EntranceRefused,
  type SendAnswer,
  usernameOf,
  type WireConnection,
  type WireConnectionNeeds,
} from './wire-connection';

const lengthBytes = 2;
/** Who tells failures: nobody can be called that. */
const serverName = 'server';

interface RoomMessage {
  readonly nickname: string;
  readonly message: string;
}

export class NickroomConnection implements WireConnection {
  /** There are no answers. */
  readonly unansweredMax = Number.POSITIVE_INFINITY;
  private readonly socket: LossySocket;
  private readonly words = new AwaitedAnswers<string>(() => this.close());
  private bytes: Buffer = Buffer.alloc(0);
  private isReady = false;

  constructor(private readonly needs: WireConnectionNeeds) {
    this.socket = new LossySocket(needs.port, (chunk) => this.received(chunk));
    void this.socket.gone.then(() => this.words.lost());
  }

  get gone(): Promise<void> {
    return this.socket.gone;
  }

  async enter(): Promise<void> {
    const greeting = await Promise.all([this.words.next(), this.words.next()]);
    if (greeting.join(' ') !== 'HELLO NICK') throw new Error(`nick room: greeted with ${greeting.join(' ')}`);
    const answer = this.words.next();
    this.write(usernameOf(this.needs));
    const word = await answer;
    if (word !== 'READY') throw new EntranceRefused(word);
  }

  /** Nothing waits for a guest. */
  async caughtUp(): Promise<number> {
    return 0;
  }

  async send(to: string, message: string): Promise<SendAnswer> {
    if (to !== lobby) throw new Error(`nick room: there is no way to ${to}`);
    this.write(JSON.stringify({ timestamp: '', nickname: usernameOf(this.needs), message }));
    return { kind: 'untold' };
  }

  close(): void {
    this.socket.close();
  }

  private write(content: string): void {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(lengthBytes);
    header.writeUInt16BE(bytes.length);
    this.socket.write(Buffer.concat([header, bytes]));
  }

  private received(chunk: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    while (this.bytes.length >= lengthBytes) {
      const end = lengthBytes + this.bytes.readUInt16BE(0);
      if (this.bytes.length < end) return;
      const content = this.bytes.toString('utf8', lengthBytes, end);
      this.bytes = this.bytes.subarray(end);
      this.take(content);
    }
  }

  private take(content: string): void {
    if (!this.isReady) {
      this.isReady = content === 'READY';
      this.words.came(content);
      return;
    }
    const { nickname, message } = JSON.parse(content) as RoomMessage;
    if (nickname === serverName) return;
    this.needs.arrived({ log: lobby, seq: undefined, at: undefined, from: nickname, body: message });
  }
}
