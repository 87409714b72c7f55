/** A connection of the load generator: a socket and its wire's side of the conversation. */

import { connect, type Socket } from 'node:net';
import { OutBuffer } from './out-buffer';
import type { Turn, TurnEnder } from './turn';
import type { Role, Sink, User, Wire, WireConnection } from './wire';

/** What may be left of the bytes of a read, and how many one read takes. */
const carryBytesMax = 65_536;
const readBytesMax = 262_144;

/** All connections are read into the same memory: a read is parsed before the next begins. What was left of the last one
 *  is put right before the bytes of the next, so that a wire sees whole frames only, and nothing else is copied. */
const arena = Buffer.allocUnsafeSlow(carryBytesMax + readBytesMax);
const readInto = arena.subarray(carryBytesMax);

/** What happens on a link, told to the workload that it serves. */
export interface Workload {
  acked(link: Link, count: number): void;
  received(link: Link, bytes: Uint8Array, start: number, end: number): void;
  /** At the end of a turn in which {@link Link.later} was called, once the link is ready: the place to write. */
  turnEnds(link: Link): void;
  failed(reason: string): void;
}

export interface LinkOptions {
  readonly wire: Wire;
  readonly port: number;
  readonly user: User;
  readonly role: Role;
  /** The workload's own number for it. */
  readonly index: number;
  readonly turn: Turn;
  readonly workload: Workload;
}

export class Link implements Sink, TurnEnder {
  readonly index: number;
  readonly role: Role;
  /** Resolves once the handshake is over. */
  readonly opened: Promise<void>;
  isDue = false;
  /** When the bytes came that are being read, in milliseconds as `performance.now` counts. */
  readAtMs = 0;
  private readonly out = new OutBuffer();
  private readonly wire: WireConnection;
  private readonly socket: Socket;
  private readonly workload: Workload;
  private readonly turn: Turn;
  private carry = Buffer.alloc(0);
  private carried = 0;
  private owesAcks = false;
  private isReady = false;
  private isClosing = false;
  private onReady: () => void = () => {};
  private onPong: (() => void) | undefined;

  constructor({ wire, port, user, role, index, turn, workload }: LinkOptions) {
    this.index = index;
    this.role = role;
    this.turn = turn;
    this.workload = workload;
    this.wire = wire.open(user, role, this);
    const onread = { buffer: readInto, callback: (bytes: number) => this.read(bytes) };
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.opened = new Promise((resolve, reject) => {
      this.onReady = resolve;
      this.socket.on('error', reject);
      this.socket.on('close', () => reject(new Error(`the server closed the connection of ${user.name}`)));
    });
    this.socket.on('error', (error) => this.lost(`${user.name}: ${error.message}`));
    this.socket.on('close', () => this.lost(`the server closed the connection of ${user.name}`));
    this.socket.on('connect', () => {
      this.wire.begin(this.out);
      this.later();
    });
  }

  /** Has `turnEnds` called at the end of this turn, and what was written flushed after it. */
  later(): void {
    this.turn.add(this);
  }

  /** To be called in `turnEnds` only, or followed by {@link Link.later}. */
  send(to: Uint8Array, body: Uint8Array): void {
    this.wire.writeSend(this.out, to, body);
  }

  /** Resolves when the server has read everything that was written before. */
  ping(): Promise<void> {
    return new Promise((resolve) => {
      this.onPong = resolve;
      this.acknowledge();
      this.wire.writePing(this.out);
      this.later();
    });
  }

  endTurn(): void {
    if (this.isReady) this.workload.turnEnds(this);
    this.acknowledge();
    if (!this.isClosing) this.out.flushTo(this.socket);
  }

  close(): void {
    this.isClosing = true;
    this.socket.destroy();
  }

  ready(): void {
    this.isReady = true;
    this.onReady();
  }

  acked(count: number): void {
    this.workload.acked(this, count);
  }

  received(bytes: Uint8Array, start: number, end: number): void {
    this.owesAcks = true;
    this.workload.received(this, bytes, start, end);
  }

  ponged(): void {
    this.onPong?.();
  }

  failed(reason: string): void {
    this.workload.failed(reason);
  }

  private acknowledge(): void {
    if (!this.owesAcks) return;
    this.owesAcks = false;
    this.wire.writeAcks(this.out);
  }

  private read(bytes: number): boolean {
    if (this.isClosing) return true;
    this.readAtMs = performance.now();
    const start = carryBytesMax - this.carried;
    const end = carryBytesMax + bytes;
    this.carry.copy(arena, start, 0, this.carried);
    const taken = this.wire.read(arena, start, end, this.out);
    this.carried = end - taken;
    if (this.carried > carryBytesMax) {
      this.failed(`a frame is longer than ${carryBytesMax} bytes`);
      this.carried = 0;
    }
    if (this.carried > this.carry.length) this.carry = Buffer.allocUnsafeSlow(this.carried * 2);
    arena.copy(this.carry, 0, taken, end);
    if (this.owesAcks || !this.out.isEmpty) this.later();
    return true;
  }

  private lost(reason: string): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.failed(reason);
  }
}
