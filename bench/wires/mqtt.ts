/** MQTT 3.1.1 with QoS 1: a chat message is a PUBLISH to the topic of its recipient, PUBACK says that the server has it.
 *
 *  A recipient has a session that the server keeps (`clean_session` 0) with one subscription, and acknowledges each
 *  message, since MQTT has no acknowledgement for several.
 *  @see https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html */

import type { Out, Role, Sink, User, Wire, WireConnection } from '../load/wire';

const connect = 0x10;
const connack = 2;
const publish = 3;
const publishQos1 = 0x32;
const puback = 4;
const pubackFirst = 0x40;
const subscribe = 0x82;
const suback = 9;
const pingResponse = 13;
const pingRequest = Buffer.from([0xc0, 0]);
const packetIdMax = 0xffff;
const subscribePacketId = 1;

export const mqtt: Wire = {
  name: 'mqtt',
  acknowledges: true,
  enrols: true,
  address: (recipient) => text(topicOf(recipient)),
  open: (user, role, sink) => new MqttConnection(user, role, sink),
};

class MqttConnection implements WireConnection {
  private packetId = 0;
  /** PUBACKs of the bytes that are being read, to be told at once. */
  private pubacks = 0;

  constructor(
    private readonly user: User,
    private readonly role: Role,
    private readonly sink: Sink,
  ) {}

  begin(out: Out): void {
    out.raw(connectPacket(this.user, this.role === 'send'));
  }

  read(bytes: Buffer, start: number, end: number, out: Out): number {
    let at = start;
    while (at < end) {
      const next = this.packet(bytes, at, end, out);
      if (next < 0) break;
      at = next;
    }
    if (this.pubacks > 0) {
      this.sink.acked(this.pubacks);
      this.pubacks = 0;
    }
    return at;
  }

  writeSend(out: Out, to: Uint8Array, body: Uint8Array): void {
    this.packetId = this.packetId === packetIdMax ? 1 : this.packetId + 1;
    out.byte(publishQos1);
    writeLength(out, to.length + 2 + body.length);
    out.raw(to);
    writeUint16(out, this.packetId);
    out.raw(body);
  }

  /** Nothing is left to do: `read` has put the PUBACKs among the bytes of this turn. */
  writeAcks(): void {}

  writePing(out: Out): void {
    out.raw(pingRequest);
  }

  /** Where the packet after the one at `at` begins, or -1 when the latter has not come whole. */
  private packet(bytes: Buffer, at: number, end: number, out: Out): number {
    let length = 0;
    let start = at + 1;
    for (let shift = 0; ; shift += 7) {
      if (start >= end) return -1;
      const byte = bytes[start++] as number;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
      if (shift === 21) {
        this.sink.failed('mqtt: a remaining length of more than four bytes');
        return end;
      }
    }
    const next = start + length;
    if (next > end) return -1;
    this.dispatch(bytes, at, start, next, out);
    return next;
  }

  /** @param start of what follows the length, up to `end`, exclusive */
  private dispatch(bytes: Buffer, at: number, start: number, end: number, out: Out): void {
    const first = bytes[at] as number;
    switch (first >> 4) {
      case publish:
        this.published(bytes, (first & 0x06) !== 0, start, end, out);
        return;
      case puback:
        this.pubacks += 1;
        return;
      case connack:
        this.connected(bytes[start + 1] as number, out);
        return;
      case suback:
        if (bytes[end - 1] !== 1) this.sink.failed(`mqtt: SUBACK ${bytes[end - 1]}`);
        this.sink.ready();
        return;
      case pingResponse:
        this.sink.ponged();
        return;
      default:
        this.sink.failed(`mqtt: a server sent a packet of type ${first >> 4}`);
    }
  }

  private published(bytes: Buffer, isAcknowledged: boolean, start: number, end: number, out: Out): void {
    const afterTopic = start + 2 + (((bytes[start] as number) << 8) | (bytes[start + 1] as number));
    if (!isAcknowledged) {
      this.sink.received(bytes, afterTopic, end);
      return;
    }
    out.byte(pubackFirst);
    out.byte(2);
    out.byte(bytes[afterTopic] as number);
    out.byte(bytes[afterTopic + 1] as number);
    this.sink.received(bytes, afterTopic + 2, end);
  }

  private connected(returnCode: number, out: Out): void {
    if (returnCode !== 0) {
      this.sink.failed(`mqtt: CONNACK ${returnCode}`);
      return;
    }
    if (this.role === 'send') {
      this.sink.ready();
      return;
    }
    out.raw(subscribePacket(topicOf(this.user.name)));
  }
}

function topicOf(recipient: string): string {
  return `to/${recipient}`;
}

function connectPacket({ name, password }: User, isClean: boolean): Buffer {
  const flags = 0xc0 | (isClean ? 0x02 : 0);
  const keepAliveNever = [0, 0];
  const head = Buffer.from([...text('MQTT'), 4, flags, ...keepAliveNever]);
  return packetOf(connect, Buffer.concat([head, text(name), text(name), text(password)]));
}

function subscribePacket(topic: string): Buffer {
  return packetOf(subscribe, Buffer.from([0, subscribePacketId, ...text(topic), 1]));
}

/** @param body shorter than 128 bytes, as handshakes of short names are */
function packetOf(first: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([first, body.length]), body]);
}

/** Characters as MQTT writes them: their length in two bytes before them. */
function text(characters: string): Buffer {
  const bytes = Buffer.from(characters, 'latin1');
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** @param length below 2^21 */
function writeLength(out: Out, length: number): void {
  let rest = length;
  for (; rest >= 0x80; rest >>= 7) out.byte((rest & 0x7f) | 0x80);
  out.byte(rest);
}

function writeUint16(out: Out, value: number): void {
  out.byte(value >> 8);
  out.byte(value & 0xff);
}
