/** A server in a process of its own that says on stdout where it listens. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Running } from '../peers/peer';

export interface ChildOptions {
  /** Words before the command, such as `taskset -c 0`, or none. */
  readonly prefix: readonly string[];
  /** The command for a port; 0 is any free one. */
  readonly command: (port: number) => readonly string[];
  /** Its first group is the port. */
  readonly listening: RegExp;
  readonly cwd?: string;
}

export class ServerChild implements Running {
  private child: ChildProcess | undefined;
  private stdout = '';
  private stderr = '';
  port = 0;

  private constructor(private readonly options: ChildOptions) {}

  /** @throws Error with what it said when it does not start */
  static async start(options: ChildOptions): Promise<ServerChild> {
    const server = new ServerChild(options);
    await server.restart();
    return server;
  }

  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('the server is not running');
    return pid;
  }

  /** Starts it on the same port. */
  async restart(): Promise<void> {
    const { prefix, command, cwd } = this.options;
    const [program = '', ...args] = [...prefix, ...command(this.port)];
    this.stdout = '';
    this.stderr = '';
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) });
    this.child = child;
    child.stdout.on('data', (text) => {
      this.stdout += text;
    });
    child.stderr.on('data', (text) => {
      this.stderr += text;
    });
    const ended = once(child, 'close').then(() => 'ended' as const);
    for (;;) {
      const port = this.options.listening.exec(this.stdout)?.[1];
      if (port !== undefined) {
        this.port = Number(port);
        return;
      }
      const news = await Promise.race([ended, once(child.stdout, 'data')]);
      if (news === 'ended') throw new Error(`${program} ${args.join(' ')} did not start: ${this.stdout}${this.stderr}`);
    }
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
