/** The least that a chat server in Node can be: names, lines, no store, no acknowledgement.
 *
 *  `router.js PORT each|joined`: one write for each message, or what a turn of the event loop gives in one. */

import { createServer, type Socket } from 'node:net';
import { LF, SP } from '../../shared/bytes';
import { OutBuffer } from '../load/out-buffer';

const [portArgument, mode] = process.argv.slice(2);
const isJoined = mode === 'joined';

class Peer {
  private readonly out = new OutBuffer();
  private isDue = false;
  private carry: Buffer = Buffer.alloc(0);
  private name: string | undefined;

  constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.name !== undefined && byName.get(this.name) === this) byName.delete(this.name);
    });
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
    if (this.name === undefined) {
      const name = bytes.toString('latin1', start, lf);
      this.name = name;
      byName.set(name, this);
      this.write(newLine);
      return;
    }
    if (lf === start) {
      this.write(newLine);
      return;
    }
    const space = bytes.indexOf(SP, start);
    byName.get(bytes.toString('latin1', start, space))?.write(bytes.subarray(space + 1, lf + 1));
  }

  private write(bytes: Buffer): void {
    if (!isJoined) {
      this.socket.write(bytes);
      return;
    }
    this.out.raw(bytes);
    if (this.isDue) return;
    this.isDue = true;
    if (due.push(this) === 1) setImmediate(flushAll);
  }

  flush(): void {
    this.isDue = false;
    this.out.flushTo(this.socket);
  }
}

const newLine = Buffer.from('\n');
const byName = new Map<string, Peer>();
let due: Peer[] = [];

function flushAll(): void {
  const peers = due;
  due = [];
  for (const peer of peers) peer.flush();
}

const server = createServer((socket) => new Peer(socket));
server.listen({ port: Number(portArgument), host: '127.0.0.1', backlog: 1_024 }, () => {
  const address = server.address();
  console.log(`listens on port ${typeof address === 'object' ? address?.port : ''}`);
});
