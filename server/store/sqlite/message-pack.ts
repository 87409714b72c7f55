/** Pages of messages on their way from a reader: one buffer each. */

import type { DestinationName, Username } from '../../../shared/names';
import type { AddressedMessage, Message, Seq, UnixMs } from '../../core/ports';
import { messageOverheadBytes, storeBounds } from './limits';
import { PackReader, PackWriter } from './pack';

/** A message as its row has it. */
export interface MessageRow {
  readonly seq: number;
  readonly at: number;
  readonly sender: string;
  readonly body: Uint8Array;
}

/** A packed page. The whole buffer counts. */
export class MessagePacker {
  private readonly pack = new PackWriter(storeBounds.packBytesMin);

  /** `to` is left empty in a page of one log, whose reader knows it. */
  add(row: MessageRow, to = ''): void {
    const { pack } = this;
    pack.reserve(messageOverheadBytes + row.sender.length + to.length + row.body.length);
    pack.f64(row.seq);
    pack.f64(row.at);
    pack.ascii(row.sender);
    pack.ascii(to);
    pack.body(row.body);
  }

  take(): ArrayBuffer {
    return this.pack.buffer.slice(0, this.pack.length);
  }
}

/** The messages of a page; their bodies are views of it. */
export function unpackMessages(page: ArrayBuffer): Message[] {
  return unpack(page, (message) => message);
}

/** The messages of a page of a conversation; their bodies are views of it. */
export function unpackAddressed(page: ArrayBuffer): AddressedMessage[] {
  return unpack(page, (message, to) => ({ ...message, to }));
}

function unpack<T>(page: ArrayBuffer, finish: (message: Message, to: DestinationName) => T): T[] {
  const pack = new PackReader(page, page.byteLength);
  const messages: T[] = [];
  while (!pack.isAtEnd) {
    const seq = pack.f64() as Seq;
    const at = pack.f64() as UnixMs;
    const from = pack.ascii() as Username;
    const to = pack.ascii() as DestinationName;
    messages.push(finish({ seq, at, from, body: pack.body() }, to));
  }
  return messages;
}
