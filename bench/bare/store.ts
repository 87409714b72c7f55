/** A plain server with a store: a row for each message, written by a thread in group commits, deleted when acknowledged.
 *
 *  `store.js PORT DATABASE`, bundled with `store-thread.js` beside it. What it speaks is in wires/stored-lines.ts. It has no
 *  accounts and no push: a recipient is sent what was stored before it came. */

import { createServer, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { LF, SP } from '../../shared/bytes';
import { OutBuffer } from '../load/out-buffer';
import type { StoredRow, StoreReply, StoreRequest } from './store-thread';

const [portArgument, database] = process.argv.slice(2);
const newLine = Buffer.from('\n');
const plus = 0x2b;

const worker = new Worker(`${__dirname}/store-thread.js`, { workerData: database });
worker.on('message', (reply: StoreReply) => answered(reply));

class Client {
  private readonly out = new OutBuffer();
  private carry: Buffer = Buffer.alloc(0);
  private role: 'sender' | 'recipient' | undefined;
  private name = '';
  private isDue = false;

  constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('error', () => undefined);
  }

  stored(): void {
    this.out.byte(plus);
    this.later();
  }

  page(rows: readonly StoredRow[]): void {
    for (const { seq, body } of rows) this.out.latin1(`${seq} ${body}\n`);
    this.later();
    const last = rows.at(-1);
    if (last !== undefined) ask({ kind: 'page', client: idOf(this), recipient: this.name, after: last.seq });
  }

  flush(): void {
    this.isDue = false;
    this.out.flushTo(this.socket);
  }

  private read(chunk: Buffer): void {
    const bytes = this.carry.length === 0 ? chunk : Buffer.concat([this.carry, chunk]);
    let at = 0;
    for (let lf = bytes.indexOf(LF); lf !== -1; lf = bytes.indexOf(LF, at)) {
      this.line(bytes, at, lf);
      at = lf + 1;
    }
    this.carry = bytes.subarray(at);
  }

  private line(bytes: Buffer, start: number, lf: number): void {
    if (this.role === undefined) {
      this.begin(bytes.toString('latin1', start, lf));
    } else if (lf === start) {
      this.out.raw(newLine);
      this.later();
    } else if (this.role === 'recipient') {
      gather({ kind: 'acknowledge', recipient: this.name, seq: Number(bytes.toString('latin1', start, lf)) });
    } else {
      const space = bytes.indexOf(SP, start);
      const recipient = bytes.toString('latin1', start, space);
      gather({ kind: 'append', client: idOf(this), recipient, body: bytes.toString('latin1', space + 1, lf) });
    }
  }

  private begin(line: string): void {
    this.role = line.startsWith('S ') ? 'sender' : 'recipient';
    this.name = line.slice(2);
    this.out.raw(newLine);
    this.later();
    if (this.role === 'recipient') ask({ kind: 'page', client: idOf(this), recipient: this.name, after: 0 });
  }

  private later(): void {
    if (this.isDue) return;
    this.isDue = true;
    if (due.push(this) === 1) setImmediate(flushAll);
  }
}

const clients: Client[] = [];
const ids = new Map<Client, number>();
let due: Client[] = [];
/** Writes that wait for the transaction before them: one batch is in the thread, one gathers. */
let gathering: StoreRequest[] = [];
let isWriting = false;
let isScheduled = false;

function idOf(client: Client): number {
  return ids.get(client) ?? 0;
}

function gather(request: StoreRequest): void {
  gathering.push(request);
  if (isScheduled || isWriting) return;
  isScheduled = true;
  setImmediate(commit);
}

function commit(): void {
  isScheduled = false;
  if (gathering.length === 0) return;
  isWriting = true;
  worker.postMessage({ kind: 'batch', requests: gathering });
  gathering = [];
}

function ask(request: StoreRequest): void {
  worker.postMessage(request);
}

function answered(reply: StoreReply): void {
  if (reply.kind === 'page') {
    clients[reply.client]?.page(reply.rows);
    return;
  }
  for (const client of reply.stored) clients[client]?.stored();
  isWriting = false;
  commit();
}

function flushAll(): void {
  const flushed = due;
  due = [];
  for (const client of flushed) client.flush();
}

const server = createServer((socket) => {
  const client = new Client(socket);
  ids.set(client, clients.push(client) - 1);
});
server.listen({ port: Number(portArgument), host: '127.0.0.1', backlog: 1_024 }, () => {
  const address = server.address();
  console.log(`listens on port ${typeof address === 'object' ? address?.port : ''}`);
});
