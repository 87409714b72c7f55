/** What the interactive client shows, as text. Everything from outside is made harmless here. */

import type { IncomingMessage, ResentOutcome } from '../core/api';
import { RequestFailure, RequestLost } from '../core/failures';
import { sanitizeBody, sanitizeLine, sanitizeName } from '../core/sanitize';
import type { Colours } from './colours';
import { localTime } from './local-time';
import type { Outcome } from './run-command';

export interface ScreenTextNeeds {
  readonly colours: Colours;
  readonly now: () => Date;
  /** The width of the terminal in columns. */
  readonly columns: () => number;
}

/** How many messages, as words. */
export function countMessages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}

/** How far a message of ours has come. */
export type TickStage = 'sending' | 'stored' | 'stored, away' | 'stored, nobody there' | 'delivered';

/** How much of a body reminds whoever wrote it, in characters. */
const excerptLengthMax = 40;

/** What may stand before a body so that its further lines stand below it, as a share of the row. */
const headShareMax = 3 / 4;
const indentUnderLongHead = 4;

export class ScreenText {
  constructor(private readonly needs: ScreenTextNeeds) {}

  /** `12:04 bob: hi`, or `12:04 #garden bob: hi`; further lines stand under the first one's body, where it leaves them
   *  a place. */
  message({ to, at, from, body }: IncomingMessage): string {
    const { colours, now } = this.needs;
    const time = localTime(at, now());
    const room = to.startsWith('#') ? `${sanitizeName(to)} ` : '';
    const name = sanitizeName(from);
    const headLength = time.length + 1 + room.length + name.length + 2;
    // A room's name may be longer than a row: beside it there would be no place for the body.
    const indent = ' '.repeat(headLength <= this.needs.columns() * headShareMax ? headLength : indentUnderLongHead);
    const text = sanitizeBody(body).split('\n').join(`\n${indent}`);
    return `${colours.dim(time)} ${colours.dim(room)}${colours.name(name)}: ${text}`;
  }

  /** What came of a command; undefined when events have said it all. */
  outcome(outcome: Outcome): string | undefined {
    const { colours } = this.needs;
    switch (outcome.kind) {
      case 'created': {
        const name = sanitizeName(outcome.username);
        return this.good(`account ${name} is made; now: login ${name}`);
      }
      case 'loggedIn':
      case 'quit':
      case 'sent':
      case 'drawn':
        return undefined;
      case 'loggedOut':
        return this.good('logged out');
      case 'deleted':
        return this.good(`account ${sanitizeName(outcome.username)} is deleted`);
      case 'delivered':
        return outcome.undelivered === 0 ? colours.dim('nothing is undelivered') : undefined;
      case 'names':
        return this.names(outcome);
      case 'history':
        if (outcome.messages.length === 0) return colours.dim('no messages yet');
        return outcome.messages.map((message) => this.message(message)).join('\n');
      case 'pong':
        return this.good(outcome.tripMs < 1 ? 'under 1 ms' : `${Math.round(outcome.tripMs)} ms`);
      case 'help':
        return outcome.lines.join('\n');
      case 'done':
        return this.good(outcome.about === '' ? 'done' : sanitizeLine(outcome.about));
      case 'needless':
        return colours.dim(outcome.why);
    }
  }

  /** Why a command failed, and what to do about it. */
  failure(error: unknown): string {
    if (error instanceof RequestLost && error.kept) return this.news(error.message);
    const text = error instanceof Error ? sanitizeLine(error.message) : String(error);
    const hint =
      error instanceof RequestFailure ? hintFor(error) : error instanceof RequestLost ? offlineHint(error) : '';
    return this.needs.colours.bad(`✗ ${text}${hint}`);
  }

  /** Something that happened by itself. */
  news(text: string): string {
    return this.needs.colours.dim(`· ${sanitizeLine(text)}`);
  }

  good(text: string): string {
    return `${this.needs.colours.good('✓')} ${text}`;
  }

  /** `… bob`, `✓ bob`, `✓✓ bob`: what became of `count` messages to `to`. */
  tick(stage: TickStage, to: string, count: number, isWaiting: boolean): string {
    const { dim, good } = this.needs.colours;
    const whom = `${sanitizeName(to)}${count === 1 ? '' : ` (${countMessages(count)})`}`;
    switch (stage) {
      case 'sending':
        return dim(`… ${whom}${isWaiting ? ' – kept until the server is back' : ''}`);
      case 'stored':
        return this.good(dim(whom));
      case 'stored, away':
        return this.good(dim(`${whom} – away`));
      case 'stored, nobody there':
        return this.good(dim(`${whom} – nobody else is here`));
      case 'delivered':
        return `${good('✓✓')} ${dim(whom)}`;
    }
  }

  /** `✓ bob: hi (kept from before)`: what became of a message of an earlier session. */
  resent(to: string, body: string, outcome: ResentOutcome): string {
    const { dim, bad } = this.needs.colours;
    const letters = [...sanitizeLine(body)];
    const excerpt = letters.slice(0, excerptLengthMax).join('') + (letters.length > excerptLengthMax ? '…' : '');
    const what = `${sanitizeName(to)}: ${excerpt} (kept from before)`;
    if (outcome.kind === 'stored') return this.good(dim(what));
    return bad(`✗ ${what}: ${sanitizeLine(outcome.failure.message)}`);
  }

  private names({ of, page }: Extract<Outcome, { kind: 'names' }>): string {
    const { dim } = this.needs.colours;
    if (page.names.length === 0) return dim(of === 'who' ? 'nobody' : of === 'list' ? 'no such account' : 'no members');
    const names = page.names.map(sanitizeName);
    const more = page.more ? [dim(`… and more: list <pattern> ${names.at(-1)}`)] : [];
    return [...this.inColumns(names), ...more].join('\n');
  }

  private inColumns(names: readonly string[]): string[] {
    const width = Math.max(...names.map((name) => name.length)) + 2;
    const perLine = Math.max(1, Math.floor(this.needs.columns() / width));
    const lines: string[] = [];
    for (let start = 0; start < names.length; start += perLine) {
      const cells = names
        .slice(start, start + perLine)
        .map((name) => this.needs.colours.name(name) + ' '.repeat(width - name.length));
      lines.push(cells.join('').trimEnd());
    }
    return lines;
  }
}

function hintFor({ status, message }: RequestFailure): string {
  if (status === 409 && message.includes('another connection')) return '; takeover <name> ends that session';
  if (status === 409 && message.includes('log out')) return ' (logout ends the client: start it again)';
  if (status === 403 && message.includes('log in')) return ': login <name>';
  return '';
}

function offlineHint({ reason }: RequestLost): string {
  return reason === 'offline' ? '; try again when the server is back' : '';
}
