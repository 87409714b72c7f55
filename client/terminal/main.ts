/** `npm run client`: the terminal client, put together. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import * as readline from 'node:readline';
import { formatHostPort } from '../../shared/host-port';
import { productVersion } from '../../shared/version';
import type { ChatClient } from '../core/api';
import { createClient } from '../core/client';
import { systemClock } from '../core/clock';
import { fileJournal } from '../core/file-journal';
import type { OpenJournal } from '../core/journal';
import { sanitizeLine } from '../core/sanitize';
import { tcp } from '../core/tcp';
// biome-ignore lint/style/noRestrictedImports: `npm run client` is the one entry of both faces
import { startFileClient } from '../ws/start';
import { coloursFor } from './colours';
import { complete } from './completion';
import { mayBeKept } from './history';
import { LineFilter } from './line-filter';
import { endWithOutput } from './lost-output';
import { readStart, type TerminalOptions, usageText } from './options';
import { PacedOutput } from './paced-output';
import { askHiddenPassword, type TypedPassword } from './password';
import { Prompt } from './prompt';
import { Screen } from './screen';
import { ScreenText } from './screen-text';
import { readScript } from './script-lines';
import { SeenNames } from './seen-names';
import { stateFolder } from './state-folder';

/** Exit codes: a command failed, or the start was wrong. */
const failed = 1;
const misused = 2;

/** Lines that the arrow keys bring back. */
const historySize = 1_000;

function main(): void {
  endWithOutput(process.stdout, process.stderr);
  const argv = process.argv.slice(2);
  if (argv[0] === 'ws') {
    startFileClient(argv.slice(1));
    return;
  }
  const start = readStart({
    argv,
    environment: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  switch (start.kind) {
    case 'help':
      process.stdout.write(usageText);
      break;
    case 'version':
      process.stdout.write(`chateau ${productVersion}\n`);
      break;
    case 'mistakes':
      process.stderr.write(`${start.mistakes.join('\n')}\n`);
      process.exitCode = misused;
      break;
    case 'run':
      run(start.options).catch(fatal);
  }
}

function run(options: TerminalOptions): Promise<void> {
  // Names the journal's folder: in another form the sends kept there by former versions would not be found.
  const server = `${options.host}:${options.port}`;
  // Here, since a user whom the system does not know has no home: then that is told, and messages are sent all the same.
  const journal: OpenJournal = (account) =>
    fileJournal({ folder: stateFolder(process.env, homedir()), server })(account);
  const client = createClient({ connect: tcp(options), device: options.device, journal });
  return process.stdin.isTTY && process.stdout.isTTY ? runPrompt(client, options) : runFilter(client, options);
}

async function runFilter(client: ChatClient, options: TerminalOptions): Promise<void> {
  const script = readScript(process.stdin);
  const output = new PacedOutput({
    stream: process.stdout,
    full: () => client.pause(),
    drained: () => client.resume(),
  });
  const filter = new LineFilter({
    client,
    lines: script.lines,
    print: (line) => output.print(line),
    room: () => output.room(),
    printError: (line) => void process.stderr.write(`${line}\n`),
    askPassword: process.stdin.isTTY ? async (question) => passwordOrExit(askHiddenPassword(question)) : undefined,
  });
  try {
    await client.connect();
  } catch (error) {
    process.stderr.write(`${notReached(options, sanitizeLine(messageOf(error)))}\n`);
    process.exitCode = failed;
    script.close();
    process.stdin.destroy();
    return;
  }
  const failures = await filter.run();
  await client.close();
  script.close();
  process.stdin.destroy();
  if (failures > 0) process.exitCode = failed;
}

async function runPrompt(client: ChatClient, options: TerminalOptions): Promise<void> {
  const { stdin, stdout } = process;
  const seen = new SeenNames();
  const colours = coloursFor(process.env, true);
  const text = new ScreenText({ colours, now: () => new Date(), columns: () => stdout.columns || 80 });
  const line = readline.createInterface({
    input: stdin,
    output: stdout,
    historySize,
    removeHistoryDuplicates: true,
    completer: (typed: string) => {
      // What it offers is written below what was said.
      screen.settle();
      return complete(typed, seen);
    },
  });
  const screen: Screen = new Screen(line, stdout);
  stdout.write(`${welcome(options, colours.bold)}\n`);
  const prompt = new Prompt({
    client,
    line,
    screen,
    text,
    seen,
    askPassword: (question) => {
      screen.settle();
      return askBelow(line, question);
    },
    notReached: (reason) => `${notReached(options, reason)} I keep trying.`,
    nextTurn: (task) => void setImmediate(task),
    clock: systemClock,
    leave: (exitCode) => void leave(client, screen, exitCode),
  });
  // The array is readline's own: what is taken out of it is forgotten.
  line.on('history', (history: string[]) => {
    if (history[0] !== undefined && (prompt.isAsking || !mayBeKept(history[0]))) history.shift();
  });
  // It fails only when the client is closed before, and then the program ends anyway.
  await client.connect({ keepTrying: true }).catch(() => {});
}

function welcome({ host, port }: TerminalOptions, bold: (text: string) => string): string {
  return [
    `chateau ${productVersion} at ${formatHostPort(host, port)}. help lists everything, Tab completes, Ctrl-D leaves.`,
    `New here? ${bold('create <name> <password>')}, then ${bold('login <name>')} and ${bold('send <name> <message>')}.`,
  ].join('\n');
}

function notReached({ host, port }: TerminalOptions, reason: string): string {
  return `no server at ${formatHostPort(host, port)} (${reason}): ${adviceOn(reason)}.`;
}

function adviceOn(reason: string): string {
  return /certificate|TLS/.test(reason)
    ? 'what can be done is in docs/tls.md'
    : 'start one with npm run server, or say where it is with --host and --port';
}

/** readline-sync leaves the terminal in cooked mode without readline's knowing it. */
function askBelow(line: readline.Interface, question: string): TypedPassword {
  line.pause();
  process.stdin.setRawMode(false);
  try {
    return askHiddenPassword(question);
  } finally {
    process.stdin.setRawMode(true);
    line.resume();
  }
}

function passwordOrExit(typed: TypedPassword): string {
  if (typed.kind === 'interrupted') process.exit(130);
  return typed.password;
}

async function leave(client: ChatClient, screen: Screen, exitCode: number): Promise<void> {
  screen.leave();
  process.stdout.write('\n');
  await client.close();
  process.exit(exitCode);
}

function fatal(error: unknown): void {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(failed);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main();
