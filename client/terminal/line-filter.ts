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

export interface LineFilterNeeds {
  readonly client: ChatClient;
  readonly lines: AsyncIterator<string>;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Resolves when there is room for more output. */
  readonly room: () => Promise<void>;
  /** Asks for a password; undefined: it is the next line. */
  readonly askPassword?: ((question: string) => Promise<string | undefined>) | undefined;
}

/** Sends that may be without an answer at once. */
const sendsMax = 256;

export class LineFilter {
  private lineNumber = 0;
  private failures = 0;
  private readonly sends = new Set<Promise<void>>();
  private printed: Promise<void> = Promise.resolve();
  private readonly asking: Asking;

  constructor(private readonly needs: LineFilterNeeds) {
    const password = needs.askPassword ?? (() => this.nextLine());
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

  private async nextLine(): Promise<string | undefined> {
    await this.needs.room();
    const { value, done } = await this.needs.lines.next();
    if (done) return undefined;
    this.lineNumber += 1;
    return value;
  }

  private async take(line: string): Promise<'quit' | undefined> {
    const number = this.lineNumber;
    const parsed = parseLine(line);
    if (parsed.kind === 'nothing') return undefined;
    if (parsed.kind === 'mistake') {
      await this.settle();
      this.fail(parsed.text, number);
      return undefined;
    }
    const command = await fillIn(parsed.command, this.asking, this.needs.client.username);
    if (command === undefined) {
      this.fail(`${parsed.command.spec.name}: the input ended before it was complete`, number);
      return undefined;
    }
    if (command.spec.name === 'send') {
      await this.startSend(command, number);
      return undefined;
    }
    await this.settle();
    await this.carryOut(command, number);
    return command.spec.name === 'quit' ? 'quit' : undefined;
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

  private async readBody(): Promise<string | undefined> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.nextLine();
      if (line === undefined) return undefined;
      if (line === '.') return lines.join('\n');
      lines.push(line);
    }
  }
}

function describe(error: unknown): string {
  const text = sanitizeLine(error instanceof Error ? error.message : String(error));
  return error instanceof RequestFailure ? `${error.status} ${text}` : text;
}
