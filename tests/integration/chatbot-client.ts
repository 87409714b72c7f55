/** A client of the chatbot wire, written from docs/protocols/chatbot.md without any part of the server's codec. */

import { ByteClient } from '../harness/byte-client';

export const opcodes = {
  CREATE: 0,
  LIST: 1,
  SEND: 2,
  DELIVER: 3,
  DELETE: 4,
  LOGIN: 5,
  RESPONSE: 6,
  LISTRESPONSE: 7,
} as const;

export type Opcode = keyof typeof opcodes;

const headerBytes = 42;

/** A frame as it goes over the wire; data in ASCII, or any bytes. */
export function frameOf(opcode: number, data: string | Uint8Array): Buffer {
  const content = Buffer.from(data as string, 'latin1');
  const bytes = Buffer.alloc(headerBytes + content.length);
  bytes[1] = opcode;
  bytes.writeUInt32BE(content.length, headerBytes - 4);
  content.copy(bytes, headerBytes);
  return bytes;
}

export class ChatbotClient {
  private constructor(readonly bytes: ByteClient) {}

  static async connect(port: number): Promise<ChatbotClient> {
    return new ChatbotClient(await ByteClient.connect(port));
  }

  send(command: Opcode, ...strings: readonly string[]): void {
    this.bytes.send(frameOf(opcodes[command], strings.join('|||')));
  }

  /** The next frame, as `SEND alice|||bob|||hi`; `RESPONSE` alone is success. */
  async frame(): Promise<string> {
    const header = await this.bytes.bytes(headerBytes);
    const name = Object.keys(opcodes).find((each) => opcodes[each as Opcode] === header[1]);
    const data = await this.bytes.bytes(header.readUInt32BE(headerBytes - 4));
    return data.length === 0 ? `${name}` : `${name} ${data.toString('latin1')}`;
  }

  /** The next `count` frames. */
  async frames(count: number): Promise<string[]> {
    const frames: string[] = [];
    while (frames.length < count) frames.push(await this.frame());
    return frames;
  }

  /** Sends a request and gives the next frame. */
  ask(command: Opcode, ...strings: readonly string[]): Promise<string> {
    this.send(command, ...strings);
    return this.frame();
  }

  /** Fails if anything but the answer to a LIST is waiting. */
  async expectSilence(): Promise<void> {
    expect(await this.ask('LIST', 'nobody')).toBe('LISTRESPONSE');
  }
}
