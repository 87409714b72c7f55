/** The chatbot wire, in frames. */

import { ByteClient } from '../../harness/byte-client';
import { frameOf, opcodes } from '../../integration/chatbot-client';
import { responseOnChatbot, shownByChatbot } from '../../integration/existing-clients';
import { chatbotHears } from '../expectations';
import { Inbox } from '../inbox';
import type { Heard, Outcome, Person, Wire } from '../wire';

interface Frame {
  readonly opcode: number;
  readonly data: string;
}

export function chatbotWire(port: number): Wire {
  return {
    name: 'chatbot',
    identity: 'account',
    make: async (name) => {
      const bot = await Bot.connect(port, name);
      expect(await bot.ask('CREATE', name)).toEqual({ opcode: opcodes.RESPONSE, data: '' });
      bot.leave();
    },
    enter: async (name) => {
      const bot = await Bot.connect(port, name);
      expect(await bot.ask('LOGIN', name)).toEqual({ opcode: opcodes.RESPONSE, data: '' });
      await bot.deliver();
      return bot;
    },
  };
}

const headerBytes = 42;

class Bot implements Person {
  missed: readonly Heard[] = [];
  private readonly inbox = new Inbox<Frame>(async () => {
    const frame = await this.frame();
    if (frame.opcode === opcodes.RESPONSE) responseOnChatbot(Buffer.from(frame.data, 'latin1'));
    if (frame.opcode !== opcodes.SEND) return { answer: frame };
    const { from, text } = shownByChatbot(this.name, Buffer.from(frame.data, 'latin1'));
    // Its own name is on the echo that answers a send.
    if (from === this.name) return { answer: frame };
    return { message: { from, text, room: undefined } };
  });

  private constructor(
    readonly name: string,
    private readonly bytes: ByteClient,
  ) {}

  static async connect(port: number, name: string): Promise<Bot> {
    return new Bot(name, await ByteClient.connect(port));
  }

  /** Sends a request and gives its answer. */
  ask(command: keyof typeof opcodes, ...strings: readonly string[]): Promise<Frame> {
    this.bytes.send(frameOf(opcodes[command], Buffer.from(strings.join('|||'))));
    return this.inbox.answer();
  }

  async deliver(): Promise<void> {
    this.bytes.send(frameOf(opcodes.DELIVER, ''));
    // DELIVER has no answer of its own: what it brings is what comes before the next one.
    expect(await this.ask('LIST', '-nobody-')).toEqual({ opcode: opcodes.LISTRESPONSE, data: '' });
    this.missed = this.inbox.takeAll();
  }

  async send(to: string, text: string): Promise<Outcome> {
    const { opcode, data } = await this.ask('SEND', this.name, to, text);
    if (opcode === opcodes.RESPONSE) return { kind: 'refused', reason: data };
    expect(data).toBe([this.name, to, chatbotHears(text)].join('|||'));
    return { kind: 'stored', live: undefined };
  }

  next(): Promise<Heard> {
    return this.inbox.next();
  }

  async list(): Promise<string[]> {
    const { opcode, data } = await this.ask('LIST');
    expect(opcode).toBe(opcodes.LISTRESPONSE);
    return data.split('|||');
  }

  leave(): void {
    this.bytes.close();
  }

  private async frame(): Promise<Frame> {
    const header = await this.bytes.bytes(headerBytes);
    const data = await this.bytes.bytes(header.readUInt32BE(headerBytes - 4));
    // Were a byte of it beyond ASCII it would show.
    return { opcode: header[1] as number, data: data.toString('latin1') };
  }
}
