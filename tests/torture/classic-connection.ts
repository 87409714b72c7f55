/** A client of version 1. Nothing on this wire says where an answer or a message ends but what they are.
 *  @see docs/protocol.md#version-1-classic */

import { StringDecoder } from 'node:string_decoder';
import { AwaitedAnswers } from './awaited-answers';
import { nameAt } from './body';
import { password } from './cast';
import { LossySocket } from './lossy-socket';
import {
  EntranceRefused,
  type SendAnswer,
  usernameOf,
  type WireConnection,
  type WireConnectionNeeds,
} from './wire-connection';

const burstEnd = '\r\n\r\n';
const messageHead = /^ *\nFrom ([^ :]+): Message: /;
const loggedIn = /^Login successful\n(?:Account has undelivered messages: )?/;
/** What a body begins with is not longer. */
const nameCharsMax = 16;
const stored: readonly string[] = ['Message delivered!', 'Recipient not online. Will deliver on demand :)'];
const refusals: readonly (readonly [RegExp, number])[] = [
  [/^\S+ has too many unread messages/, 507],
  [/^the store failed; try again, and with the same key if there was one/, 500],
  [/^Invalid: user not found/, 404],
  [/^Please login to send a message/, 403],
];

export class ClassicConnection implements WireConnection {
  /** The next request has to be another read of the server: before the answer it could not be told where it begins. */
  readonly unansweredMax = 1;
  private readonly socket: LossySocket;
  private readonly decoder = new StringDecoder('utf8');
  private readonly answers = new AwaitedAnswers<string>(() => this.close());
  private text = '';
  /** While the answer to the login is being read: the messages in it so far. */
  private burst: number | undefined;
  private undelivered = 0;

  constructor(private readonly needs: WireConnectionNeeds) {
    this.socket = new LossySocket(needs.port, (chunk) => this.received(chunk));
    void this.socket.gone.then(() => this.answers.lost());
  }

  get gone(): Promise<void> {
    return this.socket.gone;
  }

  async enter(): Promise<void> {
    this.burst = 0;
    const answer = await this.ask(`1 2 ${usernameOf(this.needs)} ${password}`);
    if (answer !== '') throw new EntranceRefused(answer);
  }

  /** The answer to a login holds all of it. */
  async caughtUp(): Promise<number> {
    return this.undelivered;
  }

  async send(to: string, body: string): Promise<SendAnswer> {
    const sentence = await this.ask(`1 3 ${to} ${body}`);
    if (stored.includes(sentence)) return { kind: 'stored', seq: undefined };
    const status = refusals.find(([pattern]) => pattern.test(sentence))?.[1];
    if (status === undefined) throw new Error(`classic: no answer to a send: ${JSON.stringify(sentence)}`);
    return { kind: 'refused', status, sentence };
  }

  close(): void {
    this.socket.close();
  }

  private ask(request: string): Promise<string> {
    const answer = this.answers.next();
    this.socket.write(`${request}\n`);
    return answer;
  }

  private received(chunk: Buffer): void {
    this.text += this.decoder.write(chunk);
    while (this.burst === undefined ? this.readLive() : this.readLogin());
  }

  /** Reads on in the answer to the login. False when more has to come. */
  private readLogin(): boolean {
    const head = loggedIn.exec(this.text);
    if (this.burst === 0 && head !== null && this.text.length > head[0].length)
      this.text = this.text.slice(head[0].length);
    else if (this.burst === 0 && !this.text.startsWith('\n')) return this.readLoginRefusal();
    const padded = /^ *\r\n\r\n/.exec(this.text)?.[0];
    if (padded !== undefined) {
      this.text = this.text.slice(padded.length);
      this.undelivered = this.burst ?? 0;
      this.burst = undefined;
      this.answers.came('');
      return true;
    }
    if (!this.readMessage('\n')) return false;
    this.burst = (this.burst ?? 0) + 1;
    return true;
  }

  private readLoginRefusal(): boolean {
    const end = this.text.indexOf(burstEnd);
    if (end === -1 || this.text.startsWith('Login successful')) return false;
    const sentence = this.text.slice(0, end);
    this.text = this.text.slice(end + burstEnd.length);
    this.burst = undefined;
    this.answers.came(sentence);
    return true;
  }

  /** Reads a message that came between answers, or an answer. */
  private readLive(): boolean {
    if (this.text.startsWith('\n')) return this.readMessage('');
    const sentence =
      stored.find((known) => this.text.startsWith(known)) ??
      refusals.map(([pattern]) => pattern.exec(this.text)?.[0]).find((found) => found !== undefined);
    if (sentence === undefined) return false;
    this.text = this.text.slice(sentence.length);
    this.answers.came(sentence);
    return true;
  }

  /** `end` is what follows its body. */
  private readMessage(end: string): boolean {
    const [head = '', from = ''] = messageHead.exec(this.text) ?? [];
    const name = nameAt(this.text.slice(head.length, head.length + nameCharsMax));
    const rest = this.text.slice(head.length);
    if (head === '' || (name === undefined && rest.length < nameCharsMax)) return false;
    const expected = (name && this.needs.expected(name.sender, name.number)) ?? '';
    const shownLength = lengthAsShown(expected + end, rest);
    if (shownLength === 'incomplete') return false;
    // What is no body that anybody sent goes as far as the next message, or as everything that is there.
    const isExpected = expected !== '' && shownLength !== undefined;
    const next = rest.indexOf('\nFrom ');
    const body = isExpected ? expected : rest.slice(0, next === -1 ? rest.length : next);
    this.text = rest.slice(isExpected ? shownLength : body.length);
    this.needs.arrived({ log: undefined, seq: undefined, at: undefined, from, body });
    return true;
  }
}

/** How much of `text` is `expected` with padding in it, if it starts with that.
 *  @see docs/protocol.md#reads-of-1024-bytes */
function lengthAsShown(expected: string, text: string): number | 'incomplete' | undefined {
  let at = 0;
  for (const character of expected) {
    while (text[at] === ' ' && character !== ' ') at += 1;
    if (at === text.length) return 'incomplete';
    if (!text.startsWith(character, at)) return undefined;
    at += character.length;
  }
  return at;
}
