/** cmap version 2, in lines as docs/protocol.md has them. */

import { RawClient } from '../../harness/raw-client';
import { Inbox } from '../inbox';
import { type Heard, type Outcome, type Person, password, type Wire } from '../wire';

export interface CmapWire extends Wire {
  make(name: string): Promise<void>;
  enter(name: string): Promise<CmapPerson>;
}

export function cmapWire(port: number): CmapWire {
  return {
    name: 'cmap 2',
    identity: 'account',
    make: async (name) => {
      const client = await RawClient.connect(port);
      expect(await client.ask(`create ${name} ${password}`)).toBe(`201 ${name}`);
      client.close();
    },
    enter: async (name) => {
      const client = await RawClient.connect(port);
      const [status, ...lines] = await client.askBlock(`login ${name} ${password}`);
      expect(status?.toLowerCase()).toBe(`200 ${name.toLowerCase()} ${lines.length}`);
      return new CmapPerson(name, client, lines.map(heardIn));
    },
  };
}

export class CmapPerson implements Person {
  private readonly inbox = new Inbox(async () => {
    const line = await this.client.line();
    return line.startsWith('* ') ? { message: heardIn(line) } : { answer: line };
  });

  constructor(
    readonly name: string,
    private readonly client: RawClient,
    readonly missed: readonly Heard[],
  ) {}

  async send(to: string, text: string): Promise<Outcome> {
    const status = await this.ask(`send ${to} ${escaped(text)}`);
    const stored = /^(200|202) \d+ (live|queued)$/.exec(status);
    return stored === null ? { kind: 'refused', reason: status } : { kind: 'stored', live: stored[2] === 'live' };
  }

  next(): Promise<Heard> {
    return this.inbox.next();
  }

  async join(room: string): Promise<void> {
    expect(await this.ask(`join ${room}`)).toBe(`200 ${room}`);
  }

  /** Makes a room with these accounts in it. */
  async found(room: string, members: readonly string[]): Promise<void> {
    expect(await this.ask(`room ${room} ${members.join(' ')}`)).toBe(`201 ${room}`);
  }

  list(): Promise<string[]> {
    return this.names('list');
  }

  who(): Promise<string[]> {
    return this.names('who');
  }

  leave(): void {
    this.client.close();
  }

  private ask(request: string): Promise<string> {
    this.client.send(`${request}\n`);
    return this.inbox.answer();
  }

  private async names(request: string): Promise<string[]> {
    const status = await this.ask(request);
    const names: string[] = [];
    // No message stands inside a reply.
    for (let line = await this.client.line(); line !== ''; line = await this.client.line()) names.push(line);
    expect(status).toBe(`200 ${names.length} 0`);
    return names;
  }
}

function heardIn(line: string): Heard {
  const [, from, to, body] = /^\* \d+ \d{13} (\S+) (\S+) (.*)$/s.exec(line) ?? [];
  if (from === undefined || to === undefined || body === undefined) throw new Error(`no message: ${line.slice(0, 99)}`);
  return { from, text: unescaped(body), room: to.startsWith('#') ? to : undefined };
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

const meanings: Readonly<Record<string, string>> = { '\\n': '\n', '\\r': '\r', '\\\\': '\\' };

function unescaped(body: string): string {
  return body.replace(/\\./gs, (pair) => meanings[pair] ?? `not an escape: ${pair}`);
}
