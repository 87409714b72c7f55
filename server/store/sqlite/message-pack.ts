/** Pages of conversations on their way from a reader: one buffer each. */

import type { DestinationName, Username } from '../../../shared/names';
import type { AddressedMessage, Seq, UnixMs } from '../../core/ports';
import { messageOverheadBytes, storeBounds } from './limits';
import { PackReader, PackWriter } from './pack';

/** A packed page of messages from different logs. */
export class MessagePacker {
  private readonly pack = new PackWriter(storeBounds.packBytesMin);

  add({ seq, at, from, to, body }: AddressedMessage): void {
    const { pack } = this;
    pack.reserve(messageOverheadBytes + from.length + to.length + body.length);
    pack.f64(seq);
    pack.f64(at);
    pack.ascii(from);
    pack.ascii(to);
    pack.body(body);
  }

  take(): ArrayBuffer {
    return this.pack.buffer.slice(0, this.pack.length);
  }
}

/** The messages of a page; their bodies are views of it. */
export function unpackAddressed(page: ArrayBuffer): AddressedMessage[] {
  const pack = new PackReader(page, page.byteLength);
  const messages: AddressedMessage[] = [];
  while (!pack.isAtEnd) {
    const seq = pack.f64() as Seq;
    const at = pack.f64() as UnixMs;
    const from = pack.ascii() as Username;
    const to = pack.ascii() as DestinationName;
    messages.push({ seq, at, from, to, body: pack.body() });
  }
  return messages;
}
