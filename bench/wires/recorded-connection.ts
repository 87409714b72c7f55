/** What a wire reports and writes, written down for its tests, and its bytes given in pieces. */

import { OutBuffer } from '../load/out-buffer';
import type { Role, Sink, Wire, WireConnection } from '../load/wire';

/** A connection whose reports are sentences in the order in which they came. */
export class RecordedConnection implements Sink {
  readonly said: string[] = [];
  readonly out = new OutBuffer();
  readonly connection: WireConnection;
  private carry = Buffer.alloc(0);

  constructor(wire: Wire, role: Role, name = 'r1') {
    this.connection = wire.open({ name, password: 'pw' }, role, this);
  }

  /** Gives these bytes to the wire as a link would: what it does not take stands before the next. */
  push(bytes: Buffer): void {
    const all = Buffer.concat([this.carry, bytes]);
    const taken = this.connection.read(all, 0, all.length, this.out);
    this.carry = Buffer.from(all.subarray(taken));
  }

  /** What was written since the last call, as latin1. */
  written(): string {
    const chunks: Buffer[] = [];
    const socket = { write: (bytes: Buffer) => chunks.push(Buffer.from(bytes)), writableLength: 0 };
    this.out.flushTo(socket as never);
    return Buffer.concat(chunks).toString('latin1');
  }

  /** Acceptances count one by one: how many are told at once depends on the pieces. */
  acked(count: number): void {
    for (let i = 0; i < count; i += 1) this.said.push('acked');
  }

  ready(): void {
    this.said.push('ready');
  }

  received(bytes: Uint8Array, start: number, end: number): void {
    this.said.push(`received ${Buffer.from(bytes.subarray(start, end)).toString('latin1')}`);
  }

  ponged(): void {
    this.said.push('ponged');
  }

  failed(reason: string): void {
    this.said.push(`failed ${reason}`);
  }
}

/** What a conversation must come to. */
export interface WireCase {
  readonly name: string;
  readonly role: Role;
  readonly from: string;
  readonly said: readonly string[];
  readonly written: string;
}

/** Runs the conversation whole, split at every byte, and byte by byte; gives what each came to. */
export function runSplit(wire: Wire, { role, from }: WireCase): { said: string[]; written: string }[] {
  const bytes = Buffer.from(from, 'latin1');
  const splits = [[bytes], [...bytes].map((byte) => Buffer.from([byte]))];
  for (let at = 1; at < bytes.length; at += 1) splits.push([bytes.subarray(0, at), bytes.subarray(at)]);
  return splits.map((pieces) => {
    const recorded = new RecordedConnection(wire, role);
    recorded.connection.begin(recorded.out);
    recorded.written();
    for (const piece of pieces) recorded.push(piece);
    return { said: recorded.said, written: recorded.written() };
  });
}
