/** A client of the nick room, written from docs/protocols/nickroom.md without any part of the server's codec. */

import { ByteClient } from '../harness/byte-client';

/** A packet as it goes over the wire. */
export function packetOf(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content as string);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

export class NickroomClient {
  private constructor(readonly bytes: ByteClient) {}

  /** Connects and takes the server's first two packets. */
  static async connect(port: number): Promise<NickroomClient> {
    const client = new NickroomClient(await ByteClient.connect(port));
    expect([await client.packet(), await client.packet()]).toEqual(['HELLO', 'NICK']);
    return client;
  }

  /** Joins under a name that is free. */
  static async join(port: number, nickname: string): Promise<NickroomClient> {
    const client = await NickroomClient.connect(port);
    expect(await client.choose(nickname)).toBe('READY');
    return client;
  }

  /** Sends a nickname and gives the answer. */
  choose(nickname: string): Promise<string> {
    this.bytes.send(packetOf(nickname));
    return this.packet();
  }

  say(message: string): void {
    this.bytes.send(packetOf(JSON.stringify({ timestamp: '', nickname: '', message })));
  }

  async packet(): Promise<string> {
    const length = await this.bytes.bytes(2);
    return (await this.bytes.bytes(length.readUInt16BE())).toString();
  }

  /** The next message, as `alice: hi`. */
  async heard(): Promise<string> {
    const { nickname, message } = JSON.parse(await this.packet());
    return `${nickname}: ${message}`;
  }

  /** The next `count` messages. */
  async heardAll(count: number): Promise<string[]> {
    const heard: string[] = [];
    while (heard.length < count) heard.push(await this.heard());
    return heard;
  }
}
