/** Asks for what was left out of a command: passwords, and bodies of several lines. */

import { isPassword, type TypedCommand, typedArguments } from './command-line';

/** Where answers come from. Undefined: whoever was asked would rather not. */
export interface Asking {
  /** With nothing shown. */
  password(question: string): Promise<string | undefined>;
  /** As password, where a slip would lock somebody out. */
  newPassword(question: string): Promise<string | undefined>;
  /** Lines up to one that is a single dot. */
  body(): Promise<string | undefined>;
}

/** The account that is logged in, as `delete` may call it. */
export const ownAccountWord = 'account';

/** The command with everything that it needs; undefined when an answer was refused.
 *  `username` is who is logged in: `delete` alone and `delete account` mean that account. */
export async function fillIn(
  command: TypedCommand,
  asking: Asking,
  username: string | undefined,
): Promise<TypedCommand | undefined> {
  const { spec } = command;
  const args = [...command.args];
  const [whom = ownAccountWord] = args;
  if (spec.name === 'delete' && username !== undefined && whom.toLowerCase() === ownAccountWord) args[0] = username;
  for (const argument of typedArguments(spec).slice(args.length)) {
    if (argument.kind === 'words' || (argument.optional && args.length === 0)) break;
    let answer: string | undefined;
    if (argument.kind === 'body') answer = await asking.body();
    else if (isPassword(argument)) answer = await askPassword(spec.name, argument.name, args[0], asking);
    else break;
    if (answer === undefined) return undefined;
    args.push(answer);
  }
  return { spec, args };
}

function askPassword(
  command: string,
  argument: string,
  username: string | undefined,
  asking: Asking,
): Promise<string | undefined> {
  if (argument === 'old') return asking.password('old password: ');
  if (argument === 'new') return asking.newPassword('new password: ');
  return command === 'create'
    ? asking.newPassword(`password for ${username}: `)
    : asking.password(`password of ${username}: `);
}
