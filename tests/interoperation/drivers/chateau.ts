/** JSON over WebSocket, in both dialects, with accounts and as guests. */

import { once } from 'node:events';
import WebSocket from 'ws';
import { shownByChateau } from '../../integration/existing-clients';
import { asciiJson } from '../ascii-json';
import { Inbox } from '../inbox';
import { type Heard, type Outcome, type Person, password, type Wire } from '../wire';

type Frame = Readonly<Record<string, unknown>>;

export function chateauWire(port: number): Wire {
  return {
    name: 'Chateau',
    identity: 'account',
    make: async (name) => {
      const socket = await FrameSocket.open(port);
      expect(await socket.ask({ type: 'CreateRequest', username: name, password })).toMatchObject({ status: 200 });
      socket.close();
    },
    enter: (name) => NamedPerson.register(port, { username: name, password }),
  };
}

export function chateauGuestWire(port: number): Wire {
  return {
    name: 'Chateau, guest',
    identity: 'guest',
    enter: (name) => NamedPerson.register(port, { username: name }),
  };
}

export function chateauNumericWire(port: number): Wire {
  return {
    name: 'Chateau, numeric',
    identity: 'guest',
    enter: async (name) => {
      const socket = await FrameSocket.open(port);
      expect(await socket.ask({ type: 1, username: name })).toEqual({ status: 200 });
      return new NumericPerson(name, socket);
    },
  };
}

/** One connection: frames sorted into answers and messages. */
class FrameSocket {
  private readonly frames: Frame[] = [];
  private waiting: (() => void)[] = [];
  readonly inbox = new Inbox<Frame>(async () => {
    const frame = await this.frame();
    const message = heardIn(frame);
    return message === undefined ? { answer: frame } : { message };
  });

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.frames.push(JSON.parse(data.toString()));
      this.wake();
    });
    socket.on('close', () => this.wake());
  }

  static async open(port: number): Promise<FrameSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
    await once(socket, 'open');
    return new FrameSocket(socket);
  }

  ask(request: object): Promise<Frame> {
    this.socket.send(asciiJson(request));
    return this.inbox.answer();
  }

  async send(request: object): Promise<Outcome> {
    const answer = await this.ask(request);
    if (answer.status !== 200) return { kind: 'refused', reason: JSON.stringify(answer) };
    return { kind: 'stored', live: answer.live as boolean | undefined };
  }

  close(): void {
    this.socket.close();
  }

  private async frame(): Promise<Frame> {
    for (;;) {
      const frame = this.frames.shift();
      if (frame !== undefined) return frame;
      if (this.socket.readyState !== WebSocket.OPEN) throw new Error('closed');
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

class NamedPerson implements Person {
  private constructor(
    readonly name: string,
    private readonly socket: FrameSocket,
    readonly missed: readonly Heard[],
  ) {}

  static async register(port: number, who: { username: string; password?: string }): Promise<NamedPerson> {
    const socket = await FrameSocket.open(port);
    const answer = await socket.ask({ type: 'RegisterRequest', ...who });
    expect(answer).toMatchObject({ type: 'RegisterResponse', status: 200 });
    const missed: Heard[] = [];
    while (missed.length < Number(answer.undelivered)) missed.push(await socket.inbox.next());
    return new NamedPerson(who.username, socket, missed);
  }

  send(to: string, content: string): Promise<Outcome> {
    if (to.startsWith('#')) return this.socket.send({ type: 'GroupMessageRequest', chatname: to.slice(1), content });
    return this.socket.send({ type: 'SingleMessageRequest', recipient: to, content });
  }

  next(): Promise<Heard> {
    return this.socket.inbox.next();
  }

  join(room: string): Promise<void> {
    return joinChat(this.socket, room);
  }

  async list(): Promise<string[]> {
    return namesIn(await this.socket.ask({ type: 'ListRequest' }), 'names');
  }

  async who(): Promise<string[]> {
    const names = namesIn(await this.socket.ask({ type: 'WhoRequest' }), 'names');
    expect(namesIn(await this.socket.ask({ type: 'ClientListRequest' }), 'clients')).toEqual(names);
    return names;
  }

  leave(): void {
    this.socket.close();
  }
}

class NumericPerson implements Person {
  readonly missed: readonly Heard[] = [];

  constructor(
    readonly name: string,
    private readonly socket: FrameSocket,
  ) {}

  send(to: string, content: string): Promise<Outcome> {
    return this.socket.send({ type: 3, clients: [to], content });
  }

  next(): Promise<Heard> {
    return this.socket.inbox.next();
  }

  /** This dialect has no word for it. A request by name leaves the connection what it is. */
  join(room: string): Promise<void> {
    return joinChat(this.socket, room);
  }

  async who(): Promise<string[]> {
    return namesIn(await this.socket.ask({ type: 4 }), 'clients');
  }

  leave(): void {
    this.socket.close();
  }
}

async function joinChat(socket: FrameSocket, room: string): Promise<void> {
  const answer = await socket.ask({ type: 'ChatJoinRequest', chatname: room.slice(1) });
  expect(answer).toMatchObject({ type: 'ChatJoinResponse', status: 200, log: room });
}

function namesIn(answer: Frame, key: 'names' | 'clients'): string[] {
  expect(answer.status).toBe(200);
  return answer[key] as string[];
}

/** The types of frames that are messages; numeric answers have no type. */
const messageTypes: readonly unknown[] = ['SingleMessageRecvResponse', 'GroupMessageRecv', 3];

function heardIn(frame: Frame): Heard | undefined {
  const { type, chatname } = frame;
  if (!messageTypes.includes(type)) return undefined;
  const room = chatname === undefined ? undefined : `#${String(chatname)}`;
  return { ...shownByChateau(frame), room };
}
