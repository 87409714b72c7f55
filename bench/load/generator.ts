/** The benchmark's side of its load generator. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answer, Order, ResultOf } from './orders';

export class Generator {
  private constructor(private readonly child: ChildProcess) {}

  /** @param prefix words before the command, such as `taskset -c 1`, or none */
  static start(prefix: readonly string[]): Generator {
    const [command = '', ...args] = [...prefix, process.execPath, '--import', 'tsx', join(__dirname, 'main.ts')];
    return new Generator(spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  }

  /** Resolves when the order is carried out.
   *  @throws Error with what went wrong; a generator that has failed is of no more use */
  async order<K extends Order['kind']>(order: Extract<Order, { kind: K }>): Promise<ResultOf[K]> {
    const ended = once(this.child, 'exit').then((): [Answer] => [{ kind: 'failure', reason: 'the generator died' }]);
    this.child.send(order);
    const [answer] = (await Promise.race([once(this.child, 'message'), ended])) as [Answer];
    if (answer.kind === 'failure') throw new Error(`${order.target.wire} ${order.kind}: ${answer.reason}`);
    return answer.result as ResultOf[K];
  }

  /** Ends it, and with it every connection that it has. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
