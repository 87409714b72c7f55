/** A real server, and what it holds: memory after a full collection, open handles, what it complained about. */

import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import WebSocket from 'ws';
import { ServerProcess } from '../harness/server-process';

/** What a server holds once everything that can be collected is, in bytes. */
export interface Memory {
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly descriptors: Descriptors;
}

/** Open file descriptors by kind: `socket`, `anon_inode:[eventpoll]`, a file's path. */
export type Descriptors = ReadonlyMap<string, number>;

interface Answer {
  readonly id?: number;
  readonly result?: { readonly usedSize?: number };
}

/** As the kernel writes the state of a socket. */
const listening = '0A';

const descriptorLooks = 5;
const lookPauseMs = 20;

/** What a descriptor leads to, without the number that tells one socket or pipe from another; undefined if it was closed meanwhile. */
function kindOf(path: string): string | undefined {
  try {
    return readlinkSync(path).replace(/^(socket|pipe):.*/, '$1');
  } catch {
    return undefined;
  }
}

export class InspectedServer {
  private asked = 0;

  private constructor(
    readonly process: ServerProcess,
    private readonly inspector: WebSocket,
  ) {}

  static async start(args: readonly string[]): Promise<InspectedServer> {
    // What steers the attack is no setting of the server.
    const attack = { CHATEAU_FUZZ_SEED: undefined, CHATEAU_FUZZ_FRAMES: undefined };
    const environment = { ...attack, NODE_OPTIONS: '--inspect=127.0.0.1:0' };
    const server = await ServerProcess.start(args, { environment });
    const url = /Debugger listening on (\S+)/.exec(server.stderr)?.[1];
    if (url === undefined) throw new Error(`the inspector did not say where it is: ${server.stderr}`);
    const inspector = new WebSocket(url, { perMessageDeflate: false });
    await once(inspector, 'open');
    return new InspectedServer(server, inspector);
  }

  get pid(): number {
    return this.process.pid;
  }

  /** The port of a wire that has its own, by its name in the greeting. */
  portOf(wire: string): number {
    const port = new RegExp(`:(\\d+) +${wire} clients`).exec(this.process.stdout)?.[1];
    if (port === undefined) throw new Error(`${wire} does not listen`);
    return Number(port);
  }

  get isThere(): boolean {
    try {
      return readdirSync(this.descriptorFolder).length > 0;
    } catch {
      return false;
    }
  }

  /** Sockets, files, and what threads that were started when they were needed talk by. Linux only. */
  descriptors(): Map<string, number> {
    const folder = this.descriptorFolder;
    const counts = new Map<string, number>();
    for (const descriptor of readdirSync(folder)) {
      const kind = kindOf(join(folder, descriptor));
      if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    return counts;
  }

  /** Sockets that it holds, those that listen among them. */
  sockets(): number {
    return this.descriptors().get('socket') ?? 0;
  }

  /** The state of each connection to one of its ports that it has not closed, as the kernel numbers them: 01 is open, 08 was
   *  closed by the peer. Linux only. */
  connectionStates(port: number): string[] {
    const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const rows = readFileSync(`/proc/${this.pid}/net/tcp`, 'utf8').split('\n').slice(1);
    return rows.flatMap((row) => {
      const fields = row.trim().split(/\s+/);
      const [, local = '', , state = ''] = fields;
      // Without an inode it is the kernel's alone.
      return local.endsWith(suffix) && state !== listening && fields[9] !== '0' ? [state] : [];
    });
  }

  /** What it wrote to stderr but for the inspector's own lines. */
  complaints(): string[] {
    const inspectors = /^(Debugger |For help, see: )/;
    return this.process.stderr.split('\n').filter((line) => line !== '' && !inspectors.test(line));
  }

  async memory(): Promise<Memory> {
    // What a first collection lets go of may hold what a second one can collect.
    for (let collection = 0; collection < 3; collection += 1) await this.ask('HeapProfiler.collectGarbage');
    const { result } = await this.ask('Runtime.getHeapUsage');
    return {
      heapBytes: result?.usedSize ?? Number.NaN,
      residentBytes: this.process.residentBytes(),
      descriptors: await this.lastingDescriptors(),
    };
  }

  async stop(): Promise<void> {
    this.inspector.terminate();
    await this.process.stop();
  }

  private get descriptorFolder(): string {
    return `/proc/${this.pid}/fd`;
  }

  /** The fewest of each kind that a few looks find: what is open for a moment is not left behind. */
  private async lastingDescriptors(): Promise<Descriptors> {
    const fewest = this.descriptors();
    for (let look = 1; look < descriptorLooks; look += 1) {
      await setTimeout(lookPauseMs);
      const now = this.descriptors();
      for (const [kind, count] of fewest) fewest.set(kind, Math.min(count, now.get(kind) ?? 0));
    }
    return fewest;
  }

  private async ask(method: string): Promise<Answer> {
    this.asked += 1;
    const id = this.asked;
    this.inspector.send(JSON.stringify({ id, method }));
    for (;;) {
      const [data] = await once(this.inspector, 'message');
      const answer: Answer = JSON.parse(String(data));
      if (answer.id === id) return answer;
    }
  }
}
