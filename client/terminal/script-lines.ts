/** The lines of a script, each UTF-8 or not by itself. */

import * as readline from 'node:readline';
import type { Readable } from 'node:stream';
import { decodeText } from '../../shared/bytes';

/** Stands for a line that is not UTF-8: guessed at, it would be another message than the one that was meant. */
export const notText = Symbol('a line that is not UTF-8');

export type ScriptLine = string | typeof notText;

export interface Script {
  readonly lines: AsyncIterator<ScriptLine>;
  close(): void;
}

/** Reads from now on, so that no line is lost that comes before somebody waits for it. A line ends with LF, CR LF or CR. */
export function readScript(input: Readable): Script {
  // A character for each byte: lines are told apart first.
  input.setEncoding('latin1');
  const reader = readline.createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const lines = reader[Symbol.asyncIterator]();
  async function* decoded(): AsyncGenerator<ScriptLine> {
    for await (const line of lines) yield textOf(line);
  }
  return { lines: decoded(), close: () => reader.close() };
}

function textOf(line: string): ScriptLine {
  try {
    return decodeText(Buffer.from(line, 'latin1'));
  } catch {
    return notText;
  }
}
