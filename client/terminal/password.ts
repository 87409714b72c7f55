/** A password asked for at the terminal, with nothing shown. */

import * as readlineSync from 'readline-sync';

/** The library has it; its types do not. */
const library = readlineSync as typeof readlineSync & { getRawInput(): string };

/** What came of a question. */
export type TypedPassword =
  | { readonly kind: 'password'; readonly password: string }
  /** Ctrl-C. */
  | { readonly kind: 'interrupted' };

/** Asks at /dev/tty; blocks until there is an answer, so nothing else happens meanwhile.
 *  Throws when there is no terminal. */
export function askHiddenPassword(question: string): TypedPassword {
  library.question(question, { hideEchoBack: true, mask: '' });
  return replayKeys(library.getRawInput());
}

/** What the keys make: readline-sync shows nothing, but drops the keys that correct a slip and the one that gives up. */
export function replayKeys(raw: string): TypedPassword {
  let typed: string[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys such as the arrows are control sequences
  const keys = raw.split(/[\r\n]/, 1)[0]?.replace(/\x1b(?:[[O][0-9;]*[@-~])?/g, '') ?? '';
  for (const key of keys) {
    if (key === ctrlC) return { kind: 'interrupted' };
    if (key === backspace || key === ctrlH) typed = typed.slice(0, -1);
    else if (key === ctrlU) typed = [];
    else if (key >= ' ') typed.push(key);
  }
  return { kind: 'password', password: typed.join('') };
}

const ctrlC = '\x03';
const ctrlH = '\b';
const ctrlU = '\x15';
const backspace = '\x7f';
