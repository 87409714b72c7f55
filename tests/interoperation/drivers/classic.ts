/** cmap version 1: one request a read, replies without an end of their own. */

import { RawClient } from '../../harness/raw-client';
import { type ShownMessage, shownByClassic } from '../../integration/existing-clients';
import { withoutClassicPadding } from '../expectations';
import { type Heard, type Outcome, type Person, password, type Wire } from '../wire';

/** A question whose answer is known: everything before that answer came before the question was read. */
const fence = { question: '1 1 -nobody-', answer: 'No matching accounts' } as const;

export function classicWire(port: number): Wire {
  return {
    name: 'cmap 1',
    identity: 'account',
    make: async (name) => {
      const client = await RawClient.connect(port);
      await client.sendNow(`1 0 ${name} ${password}`);
      await client.until('Account successfully created');
      client.close();
    },
    enter: async (name) => {
      const client = await RawClient.connect(port);
      await client.sendNow(`1 2 ${name} ${password}`);
      const burst = (await client.until('\r\n\r\n')).slice(0, -'\r\n\r\n'.length);
      const { greeting, messages } = shownByClassic(burst);
      const undelivered = messages.length === 0 ? '' : 'Account has undelivered messages: ';
      expect(greeting).toBe(`Login successful\n${undelivered}`);
      return new ClassicPerson(name, client, messages.map(heard));
    },
  };
}

class ClassicPerson implements Person {
  private readonly waiting: Heard[] = [];

  constructor(
    readonly name: string,
    private readonly client: RawClient,
    readonly missed: readonly Heard[],
  ) {}

  /** Only when no message is on its way to this person: the end of one could not be told from the reply. */
  async send(to: string, text: string): Promise<Outcome> {
    const reply = await this.exchange(`1 3 ${to} ${text}`);
    if (reply === 'Message delivered!') return { kind: 'stored', live: true };
    if (reply === 'Recipient not online. Will deliver on demand :)') return { kind: 'stored', live: false };
    return { kind: 'refused', reason: reply };
  }

  async next(): Promise<Heard> {
    const waiting = this.waiting.shift();
    if (waiting !== undefined) return waiting;
    const { greeting, messages } = shownByClassic(await this.upToNow());
    expect(greeting).toBe('');
    this.waiting.push(...messages.map(heard));
    return this.next();
  }

  async list(): Promise<string[]> {
    return (await this.exchange('1 1')).split('\n');
  }

  leave(): void {
    this.client.close();
  }

  private async exchange(request: string): Promise<string> {
    await this.client.sendNow(request);
    return this.upToNow();
  }

  /** Waits until something comes, and gives all of it. */
  private async upToNow(): Promise<string> {
    await this.client.received(1);
    await this.client.sendNow(fence.question);
    return (await this.client.until(fence.answer)).slice(0, -fence.answer.length);
  }
}

/** A message on this wire names no room. */
function heard(message: ShownMessage): Heard {
  return { ...message, text: withoutClassicPadding(message.text), room: undefined };
}
