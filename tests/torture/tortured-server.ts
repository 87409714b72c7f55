/** The server under torture: a process that can be killed, stopped and started again on the same port and database. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Ports } from './ports';
import type { Wire } from './wires';

export interface TorturedServerOptions {
  /** The server's program, for node. */
  readonly program: string;
  /** Where database and log are kept. */
  readonly folder: string;
  /** Where it listens, also after a restart. */
  readonly ports: Ports;
  /** What it is to speak. cmap, classic and chateau it always does. */
  readonly wires: readonly Wire[];
  /** Undelivered messages that a mailbox may hold. */
  readonly mailboxMessagesMax: number;
  /** The server ended without having been killed: called at most once for each start. */
  readonly died: (how: string) => void;
}

export class TorturedServer {
  private child: ChildProcess | undefined;
  private listening: Promise<void> = Promise.resolve();
  private isListening = false;
  private readonly killed = new WeakSet<ChildProcess>();
  /** How long each start took that was not cut short, in milliseconds. */
  readonly startMs: number[] = [];

  constructor(private readonly options: TorturedServerOptions) {}

  /** Starts it. Does not wait until it listens: {@link TorturedServer.ready} does. */
  start(): void {
    const log = openSync(join(this.options.folder, 'server.log'), 'a');
    const child = spawn(process.execPath, [this.options.program, ...this.arguments()], {
      // A Ctrl-C at the terminal is for the run alone.
      detached: true,
      stdio: ['ignore', 'pipe', log],
    });
    closeSync(log);
    this.child = child;
    this.isListening = false;
    child.once('exit', (code, signal) => {
      this.isListening = false;
      if (!this.killed.has(child)) this.options.died(signal ?? `status ${code}`);
    });
    this.listening = this.heard(child, performance.now());
  }

  /** Resolves once it listens, or has ended before it did. */
  ready(): Promise<void> {
    return this.listening;
  }

  get isReady(): boolean {
    return this.isListening;
  }

  /** SIGKILL, and waits until the process is gone. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    this.killed.add(child);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  stop(): void {
    this.child?.kill('SIGSTOP');
  }

  /** Lets it go on; without effect on one that was not stopped. */
  continue(): void {
    this.child?.kill('SIGCONT');
  }

  private arguments(): readonly string[] {
    const { folder, mailboxMessagesMax, ports, wires } = this.options;
    const portOf = (wire: Wire): string => (wires.includes(wire) ? String(ports[wire]) : 'off');
    // Logging in is not what is to be tried here: passwords are as cheap as they can be.
    return [
      ...['--host', '127.0.0.1', '--port', String(ports.cmap), '--database', join(folder, 'chateau.db')],
      ...['--mailbox-messages', String(mailboxMessagesMax), '--sessions-per-account', '2'],
      ...['--bcrypt-cost', '4', '--log-level', 'warn'],
      ...['--grpc-port', portOf('grpc'), '--chatbot-port', portOf('chatbot'), '--nickroom-port', portOf('nickroom')],
    ];
  }

  private async heard(child: ChildProcess, startedAt: number): Promise<void> {
    let text = '';
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const found = new Promise<void>((resolve) => {
      child.stdout?.on('data', (chunk) => {
        text += chunk;
        if (!text.includes(' listens on ') || this.isListening || child !== this.child) return;
        this.isListening = true;
        this.startMs.push(performance.now() - startedAt);
        resolve();
      });
    });
    await Promise.race([found, ended]);
  }
}
