/** A voice on each wire. Names, passwords and tokens are drawn from the system: no attacker's seed leads to them. */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';
import { RawClient } from '../harness/raw-client';
import { ChatbotClient } from '../integration/chatbot-client';
import { Caller } from '../integration/grpc-caller';
import { NickroomClient } from '../integration/nickroom-client';
import { Ear, Pair, type Voice } from './voice';

interface Person {
  readonly name: string;
  readonly password: string;
  readonly ear: Ear;
}

type Enter = (self: Person, partner: Person) => Promise<Voice>;

/** Two people in conversation on a wire. */
export async function openPair(wire: string, enter: Enter): Promise<Pair> {
  const [one, other] = [person(), person()];
  return new Pair(wire, [await enter(one, other), await enter(other, one)]);
}

function person(): Person {
  const word = (): string => randomBytes(8).toString('hex');
  return { name: `p${word()}`, password: word(), ear: new Ear(word()) };
}

/** Version 2 of cmap, on a port in the clear, or by TLS to whoever has a certificate of `ca`. */
export function onCmap(port: number, ca?: string): Enter {
  return async (self, partner) => {
    const client = await (ca === undefined ? RawClient.connect(port) : RawClient.connectTls(port, ca));
    expect(await client.ask(`create ${self.name} ${self.password}`)).toBe(`201 ${self.name}`);
    expect(await client.askBlock(`login ${self.name} ${self.password}`)).toEqual([`200 ${self.name} 0`]);
    void forEver(async () => {
      const line = await client.line();
      if (line.startsWith('* ') && line.split(' ')[3] === partner.name) self.ear.hear(line);
    });
    return {
      ear: self.ear,
      say: (text) => client.send(`send ${partner.name} ${text}\n`),
      close: () => client.close(),
    };
  };
}

/** Version 1 of cmap: its pushes have no end, but what is said here has one. */
export function onClassic(port: number): Enter {
  return async (self, partner) => {
    const client = await RawClient.connect(port);
    client.send(`1 0 ${self.name} ${self.password}\n`);
    await client.until('Account successfully created');
    client.send(`1 2 ${self.name} ${self.password}\n`);
    await client.until('\r\n\r\n');
    const start = `From ${partner.name}: Message: ${self.ear.token}-`;
    void forEver(async () => {
      await client.until(start);
      self.ear.hear(`${self.ear.token}-${await client.until('.')}`);
    });
    return {
      ear: self.ear,
      say: (text) => client.send(`1 3 ${partner.name} ${text}\n`),
      close: () => client.close(),
    };
  };
}

export function onWebSocket(port: number): Enter {
  return async (self, partner) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
    await once(socket, 'open');
    const send = (frame: object): void => socket.send(JSON.stringify(frame));
    send({ type: 'RegisterRequest', username: self.name, password: self.password });
    const [answer] = await once(socket, 'message');
    expect(JSON.parse(String(answer))).toMatchObject({ type: 'RegisterResponse', status: 200 });
    socket.on('message', (data) => {
      const { type, sender, content } = JSON.parse(String(data));
      if (type === 'SingleMessageRecvResponse' && sender === partner.name) self.ear.hear(content);
    });
    return {
      ear: self.ear,
      say: (content) => send({ type: 'SingleMessageRequest', recipient: partner.name, content }),
      close: () => socket.terminate(),
    };
  };
}

export function onChatbot(port: number): Enter {
  return async (self, partner) => {
    const client = await ChatbotClient.connect(port);
    expect(await client.ask('CREATE', self.name)).toBe('RESPONSE');
    void forEver(async () => {
      const frame = await client.frame();
      if (frame.startsWith(`SEND ${partner.name}|||${self.name}|||`)) self.ear.hear(frame);
    });
    return {
      ear: self.ear,
      say: (text) => client.send('SEND', self.name, partner.name, text),
      close: () => client.bytes.close(),
    };
  };
}

/** Both are in the lobby, as everybody is there. */
export function onNickroom(port: number): Enter {
  return async (self, partner) => {
    const client = await NickroomClient.join(port, self.name);
    void forEver(async () => {
      const { nickname, message } = JSON.parse(await client.packet());
      if (nickname === partner.name) self.ear.hear(message);
    });
    return { ear: self.ear, say: (text) => client.say(text), close: () => client.bytes.close() };
  };
}

export function onGrpc(port: number): Enter {
  return async (self, partner) => {
    const caller = new Caller(port);
    const stream = await caller.stream().opened();
    const account = { username: self.name, password: self.password };
    expect(await caller.ask('CreateAccount', account)).toMatchObject({ success: true });
    stream.call.on('data', ({ fromUsername, message }) => {
      if (fromUsername === partner.name) self.ear.hear(message);
    });
    const say = (message: string): void => {
      // A call that fails is heard of by what does not arrive.
      caller.ask('SendMessage', { fromUsername: self.name, toUsername: partner.name, message }).catch(() => undefined);
    };
    return { ear: self.ear, say, close: () => caller.close() };
  };
}

/** Until it fails: the connection is gone, and what is missing tells. */
async function forEver(step: () => Promise<void>): Promise<void> {
  try {
    for (;;) await step();
  } catch {
    return;
  }
}
