/** Answers that a client waits for, on a wire that gives them in the order of the requests. */

import { ConnectionLost, patienceMs } from './wire-connection';

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: ConnectionLost) => void;
  readonly timer: NodeJS.Timeout;
}

export class AwaitedAnswers<Answer> {
  private waiting: Waiting<Answer>[] = [];
  private isLost = false;

  /** `giveUp` is to end the connection. */
  constructor(private readonly giveUp: () => void) {}

  get count(): number {
    return this.waiting.length;
  }

  /** The answer to the request that is made next.
   *  @throws ConnectionLost */
  next(): Promise<Answer> {
    if (this.isLost) return Promise.reject(new ConnectionLost('not connected'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject, timer: setTimeout(this.giveUp, patienceMs) });
    });
  }

  /** An answer has come.
   *  @throws Error when nobody has asked */
  came(answer: Answer): void {
    const first = this.waiting.shift();
    if (first === undefined) throw new Error(`an answer to nothing: ${JSON.stringify(answer)}`);
    clearTimeout(first.timer);
    first.resolve(answer);
  }

  /** There will be no more. */
  lost(): void {
    this.isLost = true;
    for (const { reject, timer } of this.waiting.splice(0)) {
      clearTimeout(timer);
      reject(new ConnectionLost('the connection was lost'));
    }
  }
}
