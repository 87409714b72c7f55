/** Answers and messages that come mixed on one connection, sorted. */

import type { Heard } from './wire';

export type Came<Answer> = { readonly message: Heard } | { readonly answer: Answer };

export class Inbox<Answer> {
  private readonly messages: Heard[] = [];

  /** `read` gives whatever comes next on the connection. */
  constructor(private readonly read: () => Promise<Came<Answer>>) {}

  /** The next answer; messages before it wait for {@link Inbox.next}. */
  async answer(): Promise<Answer> {
    for (;;) {
      const came = await this.read();
      if ('answer' in came) return came.answer;
      this.messages.push(came.message);
    }
  }

  /** The next message. Rejects when an answer comes that nobody has asked for. */
  async next(): Promise<Heard> {
    const waiting = this.messages.shift();
    if (waiting !== undefined) return waiting;
    const came = await this.read();
    if ('answer' in came) throw new Error(`an answer to nothing: ${JSON.stringify(came.answer)}`);
    return came.message;
  }

  /** The messages that came before an answer. */
  takeAll(): Heard[] {
    return this.messages.splice(0);
  }
}
