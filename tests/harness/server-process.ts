/** A real server, as `npm run build` made it, in a process of its own, on a free port and a database in a temporary folder. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

const root = join(__dirname, '..', '..');

/** What a server process ended with. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Over the test's own. */
  readonly environment?: NodeJS.ProcessEnv;
  /** The user that it runs as, if the test may choose: the superuser can write everywhere. */
  readonly uid?: number;
}

/** Runs the server with these arguments until it ends by itself. */
export async function runServer(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Process(args, options).ended;
}

/** Two servers on one machine must not want the same ports: a test that wants such a wire gives it port 0. */
const otherWiresOff = { CHATEAU_GRPC_PORT: 'off', CHATEAU_CHATBOT_PORT: 'off', CHATEAU_NICKROOM_PORT: 'off' };

class Process {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], { environment, uid }: RunOptions = {}) {
    this.child = spawn(process.execPath, ['build/server.js', ...args], {
      cwd: root,
      env: { ...process.env, ...otherWiresOff, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid }),
    });
    this.child.stdout?.on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr?.on('data', (text) => {
      this.stderr += text;
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => ({
      code,
      signal,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  /** Resolves with the port once the server says that it listens. */
  async listening(): Promise<number> {
    for (;;) {
      const port = /listens on \S+ port (\d+)/.exec(this.stdout)?.[1];
      if (port !== undefined) return Number(port);
      const ended = await Promise.race([this.ended, once(this.child.stdout as NodeJS.ReadableStream, 'data')]);
      if (!Array.isArray(ended)) throw new Error(`the server did not start: ${this.stderr}`);
    }
  }
}

/** Passwords are cheap in tests: bcrypt's least cost. */
const testArguments = ['--host', '127.0.0.1', '--bcrypt-cost', '4', '--log-level', 'warn'];

export class ServerProcess {
  private process: Process | undefined;
  /** Where its database is; removed by {@link ServerProcess.stop}. */
  readonly folder = mkdtempSync(join(tmpdir(), 'chateau-'));
  /** The port it listens on; the same after a restart. */
  port = 0;

  private constructor(
    private readonly args: readonly string[],
    private readonly options: RunOptions,
  ) {}

  static async start(args: readonly string[] = [], options: RunOptions = {}): Promise<ServerProcess> {
    const server = ServerProcess.begin(args, options);
    await server.listening();
    return server;
  }

  /** One that has not started yet: {@link ServerProcess.listening} waits until it has. */
  static begin(args: readonly string[], options: RunOptions = {}): ServerProcess {
    const server = new ServerProcess(args, options);
    server.run();
    return server;
  }

  get pid(): number {
    const pid = this.process?.child.pid;
    if (pid === undefined) throw new Error('the server is not running');
    return pid;
  }

  get stdout(): string {
    return this.process?.stdout ?? '';
  }

  get stderr(): string {
    return this.process?.stderr ?? '';
  }

  get database(): string {
    return join(this.folder, 'chateau.db');
  }

  /** Starts it again on the same port and database. While it was away the port may have been given to somebody else, who
   *  runs other tests on this machine: then it tries until that one has gone. */
  async restart(): Promise<void> {
    for (;;) {
      this.run();
      const { ended } = this.process as Process;
      const isListening = this.listening().then(
        () => true,
        () => false,
      );
      if (await isListening) return;
      const { stderr } = await ended;
      if (!stderr.includes(`:${this.port} is in use`)) throw new Error(`the server did not start again: ${stderr}`);
    }
  }

  /** Resolves once it listens. */
  async listening(): Promise<void> {
    if (this.process === undefined) throw new Error('the server was not started');
    this.port = await this.process.listening();
  }

  signal(signal: NodeJS.Signals): void {
    this.process?.child.kill(signal);
  }

  /** Stops it where it is, until {@link ServerProcess.goOn}: what is sent to it meanwhile it finds all at once. Resolves
   *  once it stands. Linux only. */
  async stand(): Promise<void> {
    this.signal('SIGSTOP');
    while (!/\) T /.test(readFileSync(`/proc/${this.pid}/stat`, 'utf8'))) await setImmediate();
  }

  goOn(): void {
    this.signal('SIGCONT');
  }

  /** Resolves once the process has ended, however. */
  ended(): Promise<Ended> {
    if (this.process === undefined) throw new Error('the server was not started');
    return this.process.ended;
  }

  /** SIGKILL: nothing is flushed, nobody is told. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended();
  }

  /** Ends it, however it is, and removes its data. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Resident memory in bytes. */
  residentBytes(): number {
    const pages = Number(readFileSync(`/proc/${this.pid}/statm`, 'utf8').split(' ')[1]);
    return pages * 4_096;
  }

  /** Time that it has spent on the processor, in all its threads. Linux only. */
  cpuMs(): number {
    return cpuMsIn(`/proc/${this.pid}/stat`);
  }

  /** Time that its main thread alone has spent on the processor: what it may keep everybody waiting for. Linux only. */
  mainThreadCpuMs(): number {
    return cpuMsIn(`/proc/${this.pid}/task/${this.pid}/stat`);
  }

  private run(): void {
    const database = ['--database', this.database];
    this.process = new Process(
      [...testArguments, ...database, '--port', String(this.port), ...this.args],
      this.options,
    );
  }
}

function cpuMsIn(path: string): number {
  const fields = readFileSync(path, 'utf8').split(') ')[1]?.split(' ') ?? [];
  // In hundredths of a second: utime and stime.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
