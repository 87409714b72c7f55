/** Carries a typed command out. What comes of it is a value, which each face shows in its own way. */

import type { CommandName } from '../../shared/cmap';
import type { ChatClient, IncomingMessage, NamePage } from '../core/api';
import type { TypedCommand } from './command-line';
import { helpText } from './help';

export type Outcome =
  | { readonly kind: 'created'; readonly username: string }
  | { readonly kind: 'loggedIn'; readonly username: string; readonly undelivered: number }
  | { readonly kind: 'loggedOut' }
  | { readonly kind: 'sent'; readonly to: string; readonly seq: number; readonly live: boolean }
  | { readonly kind: 'drawn'; readonly to: string; readonly seq: number }
  | { readonly kind: 'deleted'; readonly username: string; readonly undelivered: number }
  | { readonly kind: 'delivered'; readonly undelivered: number }
  | { readonly kind: 'names'; readonly of: 'list' | 'who' | 'members'; readonly page: NamePage }
  | { readonly kind: 'history'; readonly messages: readonly IncomingMessage[] }
  | { readonly kind: 'pong'; readonly tripMs: number }
  | { readonly kind: 'help'; readonly lines: readonly string[] }
  /** Done, and there is one thing to say about it: a name, or what the server is. */
  | { readonly kind: 'done'; readonly about: string }
  /** There was nothing to do, and why. */
  | { readonly kind: 'needless'; readonly why: string }
  | { readonly kind: 'quit' };

/** A command that was typed wrongly; the message is one sentence for whoever typed it. */
export class TypingMistake extends Error {
  override readonly name = 'TypingMistake';
}

/** @throws RequestFailure, RequestLost, TypingMistake */
export function runCommand(client: ChatClient, { spec, args }: TypedCommand): Promise<Outcome> {
  // A table of commands names this one, so it has an entry here.
  return runners[spec.name as CommandName](client, args);
}

type Runner = (client: ChatClient, args: readonly string[]) => Promise<Outcome>;

const runners: Record<CommandName, Runner> = {
  create: async (client, [username = '', password = '']) => ({
    kind: 'created',
    username: await client.create(username, password),
  }),
  list: async (client, [pattern, after]) => ({ kind: 'names', of: 'list', page: await client.list(pattern, after) }),
  login: async (client, [username = '', password = '']) => ({
    kind: 'loggedIn',
    ...(await client.login(username, password)),
  }),
  takeover: async (client, [username = '', password = '']) => ({
    kind: 'loggedIn',
    ...(await client.takeover(username, password)),
  }),
  send: async (client, [to = '', body = '']) => ({ kind: 'sent', to, ...(await client.send(to, body)) }),
  delete: async (client, [username, password = '']) => {
    if (username === undefined) throw new TypingMistake('delete whom? delete <username> <password>');
    return { kind: 'deleted', username, undelivered: await client.delete(username, password) };
  },
  deliver: async (client, [username, password]) => ({
    kind: 'delivered',
    undelivered: await client.deliver(username, password),
  }),
  help: async (_client, [word]) => {
    const lines = helpText(word);
    if (lines === undefined) throw new TypingMistake(`there is no command ${word}; help lists them`);
    return { kind: 'help', lines };
  },
  hello: async (client) => ({ kind: 'done', about: describeServer(client) }),
  logout: async (client) => {
    await client.logout();
    return { kind: 'loggedOut' };
  },
  ack: async () => ({ kind: 'needless', why: 'messages are acknowledged by themselves as they are shown' }),
  history: async (client, [other = '', before, limit]) => ({
    kind: 'history',
    messages: await client.history(other, toNumber(before), toNumber(limit)),
  }),
  who: async (client, [pattern]) => ({ kind: 'names', of: 'who', page: await client.who(pattern) }),
  room: async (client, [room = '', ...members]) => ({ kind: 'done', about: await client.createRoom(room, members) }),
  join: async (client, [room = '']) => done(room, client.join(room)),
  leave: async (client, [room = '']) => done(room, client.leave(room)),
  members: async (client, [room = '']) => ({
    kind: 'names',
    of: 'members',
    page: { names: await client.members(room), more: false },
  }),
  random: async (client, [body = '']) => {
    const { seq, username } = await client.random(body);
    return { kind: 'drawn', to: username, seq };
  },
  passwd: async (client, [old = '', changed = '']) => done('', client.passwd(old, changed)),
  ping: async (client) => ({ kind: 'pong', tripMs: await client.ping() }),
  quit: async () => ({ kind: 'quit' }),
  block: async (client, [username = '']) => done(username, client.block(username)),
  unblock: async (client, [username = '']) => done(username, client.unblock(username)),
};

async function done(about: string, work: Promise<void>): Promise<Outcome> {
  await work;
  return { kind: 'done', about };
}

function toNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function describeServer({ agreement }: ChatClient): string {
  if (agreement === undefined) return 'not connected';
  return [agreement.server || 'a server that did not say which', ...agreement.granted].join(' ');
}
