/** The interactive prompt: what is typed becomes commands, what happens is shown above it. */

import type { Interface } from 'node:readline';
import type { ChatClient } from '../core/api';
import type { Clock } from '../core/clock';
import { sanitizeLine, sanitizeName } from '../core/sanitize';
import { parseLine, type TypedCommand } from './command-line';
import { type Asking, fillIn } from './missing-arguments';
import type { TypedPassword } from './password';
import { type Outcome, runCommand, TypingMistake } from './run-command';
import type { Screen } from './screen';
import { countMessages, type ScreenText } from './screen-text';
import type { SeenNames } from './seen-names';
import { Ticks } from './ticks';

export interface PromptNeeds {
  readonly client: ChatClient;
  readonly line: Interface;
  readonly screen: Screen;
  readonly text: ScreenText;
  readonly seen: SeenNames;
  readonly askPassword: (question: string) => TypedPassword;
  /** That there is no server, and what to do about it. */
  readonly notReached: (reason: string) => string;
  /** Runs `task` when what has come so far was read. */
  readonly nextTurn: (task: () => void) => void;
  readonly clock: Clock;
  /** The end, and how the program ends. */
  readonly leave: (exitCode: number) => void;
}

/** As shells tell of Ctrl-C. */
const interruptedExitCode = 130;

export class Prompt {
  private readonly ticks: Ticks;
  private body: { readonly lines: string[]; readonly done: (body: string | undefined) => void } | undefined;
  /** Takes a password that came in one piece with its command, as pasted lines do. */
  private typedAhead: ((password: string) => void) | undefined;
  /** A command is getting the arguments that it lacks. */
  private isFilling = false;
  /** The first attempt to connect is under way: what is typed or pasted at once is not refused for that. */
  private isStarting: boolean;
  /** Lines that came meanwhile. */
  private readonly waiting: string[] = [];
  private wasOnline = false;
  private isAway = false;
  private readonly asking: Asking;

  constructor(private readonly needs: PromptNeeds) {
    const { client, screen, text, clock } = needs;
    this.isStarting = !client.connected;
    this.ticks = new Ticks({
      screen,
      text,
      clock,
      isWaiting: () => !client.connected && client.username !== undefined,
      hasReceipts: () => client.agreement?.granted.has('receipts') === true,
    });
    this.asking = {
      password: (question) => this.askPassword(question),
      newPassword: (question) => this.askNewPassword(question),
      body: () => this.askBody(),
    };
    this.listenToServer();
    this.listenToKeys();
  }

  /** Whether what is typed now is no command, or may be none: lines of a message, or a password. */
  get isAsking(): boolean {
    return this.body !== undefined || this.typedAhead !== undefined || this.isFilling || this.isStarting;
  }

  private listenToServer(): void {
    const { client, seen, text } = this.needs;
    client.on('message', (message) => {
      seen.add(message.from, message.to);
      this.say(text.message(message));
    });
    client.on('loggedIn', ({ username }, again) => {
      seen.add(username);
      if (again) return;
      this.ticks.forget();
      this.say(text.good(`logged in as ${sanitizeName(username)}`));
    });
    client.on('burst', (count) => this.say(text.news(`${countMessages(count)} while you were away`)));
    client.on('receipt', (to, seq) => this.ticks.receipt(to, seq));
    client.on('resent', (to, body, outcome) => {
      const told = text.resent(to, body, outcome);
      if (outcome.kind === 'stored') this.ticks.resent(to, outcome.receipt, told);
      else this.say(told);
    });
    client.on('journalFailed', (reason) => {
      this.say(text.failure(new Error(`unsent messages would not survive a crash of this client (${reason})`)));
    });
    client.on('loggedOut', (reason) => this.say(text.failure(new Error(`logged out: ${reason}`))));
    client.on('notice', (_status, sentence) => this.say(text.news(`the server says: ${sentence}`)));
    client.on('online', () => {
      this.started();
      const wasAway = this.isAway;
      this.isAway = false;
      this.wasOnline = true;
      if (wasAway) this.say(text.news('back'));
      else this.showPrompt();
    });
    client.on('offline', (retryMs, reason) => {
      this.started();
      const wasAway = this.isAway;
      this.isAway = true;
      if (retryMs === undefined || wasAway) return;
      if (this.wasOnline) this.say(text.news(`server gone, retrying (${reason})`));
      else this.say(text.failure(new Error(this.needs.notReached(reason))));
      this.ticks.offline();
    });
  }

  private listenToKeys(): void {
    const { line } = this.needs;
    line.on('line', (typed) => {
      this.takeLine(typed);
      if (this.typedAhead === undefined) this.showPrompt();
    });
    line.on('SIGINT', () => this.interrupt());
    line.on('close', () => this.needs.leave(0));
    this.showPrompt();
  }

  private takeLine(typed: string): void {
    const { body } = this;
    if (this.typedAhead !== undefined) {
      this.typedAhead(typed);
    } else if (body === undefined) {
      if (this.isFilling || this.isStarting) this.waiting.push(typed);
      else void this.takeCommand(typed);
    } else if (typed === '.') {
      this.endBody(body.lines.join('\n'));
    } else {
      body.lines.push(typed);
    }
  }

  private async takeCommand(typed: string): Promise<void> {
    const parsed = parseLine(typed);
    if (parsed.kind === 'nothing') return;
    if (parsed.kind === 'mistake') {
      this.say(this.needs.text.failure(new Error(parsed.text)));
      return;
    }
    try {
      const command = await this.fillIn(parsed.command);
      if (command !== undefined) await this.carryOut(command);
    } catch (error) {
      this.say(this.needs.text.failure(error));
    }
  }

  private async fillIn(command: TypedCommand): Promise<TypedCommand | undefined> {
    this.isFilling = true;
    try {
      return await fillIn(command, this.asking, this.needs.client.username);
    } finally {
      this.isFilling = false;
      // Once this command has begun.
      queueMicrotask(() => this.takeWaiting());
    }
  }

  private started(): void {
    if (!this.isStarting) return;
    this.isStarting = false;
    // Once what is to be said about the connection is said.
    queueMicrotask(() => this.takeWaiting());
  }

  /** Lines that came in one piece with a command answer what it asks, or are the next commands. */
  private takeWaiting(): void {
    while (this.body !== undefined || this.typedAhead !== undefined || !this.isFilling) {
      const typed = this.waiting.shift();
      if (typed === undefined) return;
      this.takeLine(typed);
    }
  }

  private async carryOut(command: TypedCommand): Promise<void> {
    const { client, text, leave } = this.needs;
    if (command.spec.name === 'send') {
      await this.send(command);
      return;
    }
    const wasLoggedIn = client.username !== undefined;
    const outcome = await runCommand(client, command);
    this.remember(outcome);
    const shown = text.outcome(outcome);
    if (outcome.kind === 'drawn') this.ticks.begin(outcome.to).stored({ seq: outcome.seq, live: true });
    else if (shown === undefined) this.showPrompt();
    else this.say(shown);
    // Who is logged in can delete no other account than that.
    const isSessionOver = outcome.kind === 'loggedOut' || (outcome.kind === 'deleted' && wasLoggedIn);
    if (outcome.kind === 'quit' || isSessionOver) leave(0);
  }

  private async send(command: TypedCommand): Promise<void> {
    const { client, text } = this.needs;
    const tick = this.ticks.begin(command.args[0] ?? '');
    try {
      const outcome = await runCommand(client, command);
      this.remember(outcome);
      if (outcome.kind === 'sent') tick.stored(outcome);
    } catch (error) {
      tick.failed(text.failure(error));
    }
  }

  private remember(outcome: Outcome): void {
    const { seen } = this.needs;
    if (outcome.kind === 'names') seen.add(...outcome.page.names);
    if (outcome.kind === 'history') seen.add(...outcome.messages.flatMap(({ from, to }) => [from, to]));
    if (outcome.kind === 'sent') seen.add(outcome.to);
    if (outcome.kind === 'done' && outcome.about.startsWith('#')) seen.add(outcome.about);
  }

  private askPassword(question: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.typedAhead = (password) => {
        this.typedAhead = undefined;
        resolve(password === '' ? undefined : password);
      };
      this.takeWaiting();
      // Asking blocks, so what came in one piece with the command is read first.
      this.needs.nextTurn(() => {
        if (this.typedAhead !== undefined) this.askBlocking(question, this.typedAhead);
      });
    });
  }

  private askBlocking(question: string, answer: (password: string) => void): void {
    const typed = this.needs.askPassword(question);
    if (typed.kind === 'password') answer(typed.password);
    else this.needs.leave(interruptedExitCode);
  }

  private async askNewPassword(question: string): Promise<string | undefined> {
    const first = await this.askPassword(question);
    if (first === undefined) return undefined;
    const second = await this.askPassword('once more: ');
    if (second !== undefined && first !== second) throw new TypingMistake('these two passwords differ');
    return second;
  }

  private askBody(): Promise<string | undefined> {
    this.say(this.needs.text.news('a line that is a single dot sends, Ctrl-C gives up'));
    return new Promise((done) => {
      this.body = { lines: [], done };
      this.takeWaiting();
      this.showPrompt();
    });
  }

  private endBody(body: string | undefined): void {
    this.body?.done(body);
    this.body = undefined;
  }

  /** Once clears the line, on an empty one leaves. */
  private interrupt(): void {
    const { line } = this.needs;
    if (line.line !== '') {
      line.write(null, { ctrl: true, name: 'e' });
      line.write(null, { ctrl: true, name: 'u' });
    } else if (this.body !== undefined) {
      this.endBody(undefined);
      this.showPrompt();
    } else {
      line.close();
    }
  }

  private say(text: string): void {
    this.setPrompt();
    this.needs.screen.print(text);
  }

  private showPrompt(): void {
    this.setPrompt();
    this.needs.screen.redraw();
  }

  private setPrompt(): void {
    const { client, line } = this.needs;
    const away = this.isAway ? ' (offline)' : '';
    const name = client.username === undefined ? 'chateau' : sanitizeLine(client.username);
    line.setPrompt(this.body === undefined ? `${name}${away}> ` : '… ');
  }
}
