/** The client as a filter: one command per line in, one result per line out.
 *
 *  Commands are carried out one after the other, but sends that follow each other do not wait for each other's answers. */

import type { ChatClient } from '../core/api';
import { RequestFailure } from '../core/failures';
import { sanitizeLine, sanitizeName } from '../core/sanitize';
import { parseLine, type TypedCommand } from './command-line';
import { messageLine, outcomeLines } from './filter-text';
import { type Asking, fillIn } from './missing-arguments';
import { runCommand } from './run-command';
import { notText, type ScriptLine } from './script-lines';

export interface LineFilterNeeds {
  readonly client: ChatClient;
  readonly lines: AsyncIterator<ScriptLine>;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Resolves when there is room for more output. */
  readonly room: () => Promise<void>;
  /** Asks for a password; undefined: it is the next line. */
  readonly askPassword?: ((question: string) => Promise<string | undefined>) | undefined;
}

/** Sends that may be without an answer at once. */
const sendsMax = 256;

/** A line that a command needs is not UTF-8. */
class UnreadableLine extends Error {
  override readonly name = 'UnreadableLine';

  constructor(line: number) {
    super(`line ${line} is not UTF-8`);
  }
}

export class LineFilter {
  private lineNumber = 0;
  private failures = 0;
  private readonly sends = new Set<Promise<void>>();
  private printed: Promise<void> = Promise.resolve();
  private readonly asking: Asking;

  constructor(private readonly needs: LineFilterNeeds) {
    const password = needs.askPassword ?? (() => this.nextText());
    this.asking = { password, newPassword: password, body: () => this.readBody() };
    needs.client.on('message', (message) => needs.print(messageLine(message)));
    needs.client.on('loggedOut', (reason) => this.fail(`logged out: ${reason}`));
    needs.client.on('notice', (status, text) => needs.printError(`notice: ${status} ${sanitizeLine(text)}`));
    needs.client.on('resent', (to, _body, outcome) => {
      const name = sanitizeName(to);
      if (outcome.kind === 'refused') this.fail(`resent: ${name}: ${describe(outcome.failure)}`);
      else needs.printError(`resent: ${name} ${outcome.receipt.seq} ${outcome.receipt.live ? 'live' : 'queued'}`);
    });
    needs.client.on('journalFailed', (reason) => {
      needs.printError(`notice: unsent messages would not survive a crash of this client (${sanitizeLine(reason)})`);
    });
    needs.client.on('offline', (retryMs, reason) => {
      if (retryMs !== undefined) needs.printError(`server gone (${sanitizeLine(reason)}), retrying`);
    });
  }

  /** Carries out all lines; resolves to how many of them failed. */
  async run(): Promise<number> {
    for (;;) {
      const line = await this.nextLine();
      if (line === undefined) break;
      if ((await this.take(line)) === 'quit') break;
    }
    await this.settle();
    // What an earlier run has left is ours to bring to its end.
    await this.needs.client.settled();
    // What its reader has not taken is not acknowledged.
    await this.needs.room();
    return this.failures;
  }

  private async nextLine(): Promise<ScriptLine | undefined> {
    await this.needs.room();
    const { value, done } = await this.needs.lines.next();
    if (done) return undefined;
    this.lineNumber += 1;
    return value;
  }

  /** @throws UnreadableLine */
  private async nextText(): Promise<string | undefined> {
    const line = await this.nextLine();
    if (line === notText) throw new UnreadableLine(this.lineNumber);
    return line;
  }

  private async take(line: ScriptLine): Promise<'quit' | undefined> {
    const number = this.lineNumber;
    if (line === notText) {
      await this.settle();
      this.fail('it is not UTF-8', number);
      return undefined;
    }
    const parsed = parseLine(line);
    if (parsed.kind === 'nothing') return undefined;
    if (parsed.kind === 'mistake') {
      await this.settle();
      this.fail(parsed.text, number);
      return undefined;
    }
    const command = await this.completed(parsed.command, number);
    if (command === undefined) return undefined;
    if (command.spec.name === 'send') {
      await this.startSend(command, number);
      return undefined;
    }
    await this.settle();
    // What the reader takes meanwhile is acknowledged while there is a session: this may be its end.
    await this.needs.room();
    await this.carryOut(command, number);
    return command.spec.name === 'quit' ? 'quit' : undefined;
  }

  /** The command with what follows it in lines of its own; undefined when that is no good, which is told. */
  private async completed(command: TypedCommand, number: number): Promise<TypedCommand | undefined> {
    let mistake = 'the input ended before it was complete';
    try {
      const complete = await fillIn(command, this.asking, this.needs.client.username);
      if (complete !== undefined) return complete;
    } catch (error) {
      if (!(error instanceof UnreadableLine)) throw error;
      mistake = error.message;
    }
    await this.settle();
    this.fail(`${command.spec.name}: ${mistake}`, number);
    return undefined;
  }

  private async startSend(command: TypedCommand, number: number): Promise<void> {
    const sending = this.carryOut(command, number).finally(() => this.sends.delete(sending));
    this.sends.add(sending);
    if (this.sends.size >= sendsMax) await Promise.race(this.sends);
  }

  private async settle(): Promise<void> {
    await Promise.all(this.sends);
    await this.printed;
  }

  /** Results are printed in the order of their lines. */
  private async carryOut(command: TypedCommand, number: number): Promise<void> {
    const { name } = command.spec;
    const work = runCommand(this.needs.client, command).then(
      (outcome) => () => {
        for (const line of outcomeLines(name, outcome)) this.needs.print(line);
      },
      (error: unknown) => () => this.fail(`${name}: ${describe(error)}`, number),
    );
    this.printed = this.printed.then(() => work).then((print) => print());
    await this.printed;
  }

  private fail(text: string, line?: number): void {
    this.failures += 1;
    this.needs.printError(line === undefined ? text : `line ${line}: ${text}`);
  }

  /** Reads to its end whatever is in it: what follows are commands.
   *  @throws UnreadableLine */
  private async readBody(): Promise<string | undefined> {
    const lines: string[] = [];
    let unreadable: UnreadableLine | undefined;
    for (;;) {
      const line = await this.nextLine();
      if (line === undefined) return undefined;
      if (line === '.') break;
      if (line === notText) unreadable ??= new UnreadableLine(this.lineNumber);
      else lines.push(line);
    }
    if (unreadable !== undefined) throw unreadable;
    return lines.join('\n');
  }
}

function describe(error: unknown): string {
  const text = sanitizeLine(error instanceof Error ? error.message : String(error));
  return error instanceof RequestFailure ? `${error.status} ${text}` : text;
}
