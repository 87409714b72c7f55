/** Words that people try, and the commands that they mean. */

import { type CommandName, type CommandSpec, commands, findCommand } from '../../shared/cmap';

const words: Partial<Record<CommandName, readonly string[]>> = {
  create: ['register', 'signup', 'new', 'adduser'],
  list: ['ls', 'accounts', 'find', 'search'],
  login: ['signin', 'l'],
  send: ['msg', 'tell', 'm', 'message', 'say', 'dm', 'pm', 'w', 'whisper', 's'],
  delete: ['unregister', 'rm', 'remove'],
  deliver: ['inbox', 'fetch', 'read'],
  help: ['?', 'man', 'h', 'commands'],
  logout: ['signout'],
  history: ['log', 'hist', 'scrollback'],
  who: ['users', 'online', 'names'],
  room: ['mkroom', 'newroom', 'group'],
  leave: ['part'],
  members: ['roster'],
  random: ['rand'],
  passwd: ['password', 'pw'],
  quit: ['exit', 'bye', 'q', ':q', 'close', 'disconnect'],
  block: ['ignore', 'mute'],
  unblock: ['unignore', 'unmute'],
};

const byAlias: ReadonlyMap<string, CommandSpec> = new Map(
  commands.flatMap((spec) => aliasesOf(spec.name).map((alias) => [alias, spec] as const)),
);

/** Other words for a command. */
export function aliasesOf(name: CommandName): readonly string[] {
  return words[name] ?? [];
}

/** The command that a typed word means: its name or number in the table, or an alias; in any case, and with or without
 *  the slash that people know from elsewhere. */
export function commandMeant(word: string): CommandSpec | undefined {
  const bare = word.toLowerCase().replace(/^\/(?=.)/, '');
  return findCommand(bare) ?? byAlias.get(bare);
}

/** Every word that means a command, numbers left out. */
export const commandWords: readonly string[] = commands.flatMap((spec) => [spec.name, ...aliasesOf(spec.name)]);
