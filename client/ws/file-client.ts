/** The file-driven client: sends JSON files as frames and prints what comes back. */

import { readFileSync } from 'node:fs';
import * as readline from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { WebSocket } from 'ws';
import { decodeText } from '../../shared/bytes';
import { sanitizeLine } from '../core/sanitize';
import { tlsFailure } from '../core/tls-failure';
import { FrameReader } from './frame-reader';

/** How long an answer may take, and the server's goodbye. */
const answerMs = 2_000;
const goodbyeMs = 1_000;

const promptText = 'file, or r to read: ';

export interface FileClientNeeds {
  readonly url: string;
  readonly input: Readable;
  readonly output: Writable;
  readonly errors: Writable;
  /** Somebody types: they are asked, and what comes while they do is written above what they have typed. */
  readonly isTerminal: boolean;
  /** How long whatever listens there may take to turn out to speak WebSocket. */
  readonly handshakeMsMax: number;
}

/** Runs until the input ends or the server closes. Gives the exit status: 1 when the server was not there or went, or
 *  when a file of a script could not be sent. */
export async function runFileClient(needs: FileClientNeeds): Promise<number> {
  const tell = (text: string): void => void needs.errors.write(`${text}\n`);
  // Node would otherwise ask the environment whether to verify.
  const socket = new WebSocket(needs.url, {
    perMessageDeflate: false,
    rejectUnauthorized: true,
    handshakeTimeout: needs.handshakeMsMax,
  });
  const lines = readline.createInterface({
    input: needs.input,
    output: needs.isTerminal ? needs.output : undefined,
    terminal: needs.isTerminal,
    prompt: promptText,
  });
  // From the beginning: a line that comes before somebody waits for it would be lost.
  const names = lines[Symbol.asyncIterator]();
  const print = needs.isTerminal
    ? printer(lines, needs.output)
    : (line: string) => void needs.output.write(`${line}\n`);
  const frames = new FrameReader(socket, print);
  const refusal = await opened(socket);
  if (refusal !== undefined) {
    tell(`no WebSocket at ${needs.url} ${refusal}`);
    lines.close();
    return 1;
  }
  void frames.ended().then(() => lines.close());
  const mistakes = await converse({ lines, names, frames, socket, tell, isTerminal: needs.isTerminal });
  lines.close();
  if (frames.ending !== undefined) {
    tell(`closed by the server: ${frames.ending}`);
    return 1;
  }
  await frames.close(goodbyeMs);
  return mistakes > 0 && !needs.isTerminal ? 1 : 0;
}

interface Talk {
  readonly lines: readline.Interface;
  readonly names: AsyncIterableIterator<string>;
  readonly frames: FrameReader;
  readonly socket: WebSocket;
  readonly tell: (text: string) => void;
  readonly isTerminal: boolean;
}

/** Gives the number of files that could not be sent. */
async function converse({ lines, names, frames, socket, tell, isTerminal }: Talk): Promise<number> {
  let mistakes = 0;
  if (isTerminal) lines.prompt();
  for await (const line of names) {
    const name = line.trim();
    const text = name === '' || name === 'r' ? undefined : contentOf(name, tell);
    if (text !== undefined) {
      frames.forget();
      socket.send(text);
    } else if (name !== '' && name !== 'r') mistakes += 1;
    if (text !== undefined || name === 'r') {
      const came = await frames.quiet(answerMs);
      if (!came && frames.ending === undefined) tell('(nothing came back)');
    }
    // Somebody may be typing the next name already: the cursor stays where it is.
    if (isTerminal && frames.ending === undefined) lines.prompt(true);
  }
  return mistakes;
}

function contentOf(name: string, tell: (text: string) => void): string | undefined {
  const shown = sanitizeLine(name);
  try {
    return decodeText(readFileSync(name));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') tell(`there is no file ${shown}`);
    else if (code === 'EISDIR') tell(`${shown} is a folder, not a file`);
    else if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') tell(`${shown} is not UTF-8, and was not sent`);
    else tell(`${shown} cannot be read: ${sanitizeLine(message)}`);
    return undefined;
  }
}

/** Undefined once the connection is open; otherwise why it could not be, and what to do. */
function opened(socket: WebSocket): Promise<string | undefined> {
  return new Promise((resolve) => {
    socket.once('open', () => resolve(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(refusalOf(error, socket.url)));
  });
}

function refusalOf(error: NodeJS.ErrnoException, url: string): string {
  const failure = new URL(url).protocol === 'wss:' ? tlsFailure(error) : undefined;
  if (failure !== undefined) return `(${failure}): what can be done is in docs/tls.md`;
  return `(${sanitizeLine(error.code ?? error.message)}): start a server with npm run server, or name its url`;
}

/** Writes above the line that is being typed. */
function printer(lines: readline.Interface, output: Writable): (line: string) => void {
  return (line) => {
    readline.moveCursor(output, 0, -lines.getCursorPos().rows);
    readline.cursorTo(output, 0);
    readline.clearScreenDown(output);
    output.write(`${line}\n`);
    // readline would go up once more for the lines that are gone.
    (lines as unknown as { prevRows: number }).prevRows = 0;
    lines.prompt(true);
  };
}
