/** A peer in a process of its own, watched from outside: it accepts connections or it has ended. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { treeOf } from '../processes';
import type { Running } from './peer';

export interface PeerCommand {
  /** Words before the command, such as `taskset -c 0`, or none. */
  readonly prefix: readonly string[];
  readonly command: readonly string[];
  readonly port: number;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints once it knows its users; without, it does so as soon as it accepts connections. */
  readonly ready?: RegExp;
}

const lookEveryMs = 20;
const startMsMax = 120_000;
const stopMsMax = 60_000;
/** Enough of what a server said for an error message. */
const saidCharactersMax = 8_192;

export class PeerProcess implements Running {
  readonly port: number;
  private child: ChildProcess | undefined;
  private said = '';

  private constructor(private readonly options: PeerCommand) {
    this.port = options.port;
  }

  /** Resolves once the port accepts connections and `ready` was printed.
   *  @throws Error with what it said when it ends first, or takes more than two minutes */
  static async start(options: PeerCommand): Promise<PeerProcess> {
    const peer = new PeerProcess(options);
    await peer.restart();
    return peer;
  }

  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('the peer is not running');
    return pid;
  }

  async restart(): Promise<void> {
    const { prefix, command, cwd, env } = this.options;
    const [program = '', ...args] = [...prefix, ...command];
    this.said = '';
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    const listen = (text: Buffer): void => {
      this.said = (this.said + text.toString('latin1')).slice(-saidCharactersMax);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', (error) => {
      this.said += error.message;
    });
    const deadlineMs = performance.now() + startMsMax;
    while (!(await this.isReady())) {
      const isLate = performance.now() > deadlineMs;
      if (isLate) await this.kill();
      if (isLate || this.hasEnded) throw new Error(`${program} ${args.join(' ')} did not start: ${this.said}`);
      await delay(lookEveryMs);
    }
  }

  /** SIGTERM, and SIGKILL to whatever is there a minute later. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child === undefined || this.hasEnded) return;
    const tree = treeOf(this.pid);
    child.kill('SIGTERM');
    if (!(await this.haveGone(tree, stopMsMax))) await this.kill();
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || this.hasEnded) return;
    const tree = treeOf(child.pid);
    for (const pid of tree) signal(pid, 'SIGKILL');
    if (!(await this.haveGone(tree, stopMsMax))) throw new Error(`of ${tree.join(', ')} not all were killed`);
  }

  private get hasEnded(): boolean {
    const { child } = this;
    return child?.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  }

  private async isReady(): Promise<boolean> {
    const { ready } = this.options;
    return (ready === undefined || ready.test(this.said)) && (await accepts(this.port));
  }

  /** Descendants are nobody's children once the parent has gone: looking is the only way to know of their end. */
  private async haveGone(pids: readonly number[], msMax: number): Promise<boolean> {
    const deadlineMs = performance.now() + msMax;
    while (!this.hasEnded || pids.some((pid) => pid !== this.child?.pid && treeOf(pid).length > 0)) {
      if (performance.now() > deadlineMs) return false;
      await delay(lookEveryMs);
    }
    return true;
  }
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The first group of `pattern` in what the command prints, or undefined when there is no such command. */
export function versionSaid(
  command: readonly string[],
  pattern: RegExp,
  env: Readonly<Record<string, string>> = {},
): string | undefined {
  const [program = '', ...args] = command;
  const { stdout } = spawnSync(program, args, { encoding: 'latin1', env: { ...process.env, ...env }, timeout: 10_000 });
  return pattern.exec(stdout ?? '')?.[1];
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
