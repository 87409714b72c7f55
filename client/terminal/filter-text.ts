/** What the client writes when it is a filter: lines that other programs can rely on.
 *
 *      message <ISO time> <seq> <from> <to> <body>     as messages come
 *      history <ISO time> <seq> <from> <to> <body>     for each message of `history`
 *      name <name>                                     for each name of `list`, `who`, `members`
 *      help <text>                                     for each line of `help`
 *      ok <command> [facts]                            after all else that a command brought
 *
 *  In a body `\n`, `\\` stand for a line feed and a backslash, so that each message is one line. */

import type { IncomingMessage } from '../core/api';
import { sanitizeBody, sanitizeLine, sanitizeName } from '../core/sanitize';
import type { Outcome } from './run-command';

/** A message that came. */
export function messageLine(message: IncomingMessage): string {
  return `message ${describe(message)}`;
}

/** What a command brought; its `ok` line is the last. */
export function outcomeLines(command: string, outcome: Outcome): string[] {
  return [...itemLines(outcome), ['ok', command, ...facts(outcome)].join(' ')];
}

function describe({ at, seq, from, to, body }: IncomingMessage): string {
  const time = Number.isNaN(at.getTime()) ? '-' : at.toISOString();
  const text = sanitizeBody(body).replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `${time} ${seq} ${sanitizeName(from)} ${sanitizeName(to)} ${text}`;
}

function itemLines(outcome: Outcome): string[] {
  switch (outcome.kind) {
    case 'names':
      return outcome.page.names.map((name) => `name ${sanitizeName(name)}`);
    case 'history':
      return outcome.messages.map((message) => `history ${describe(message)}`);
    case 'help':
      return outcome.lines.map((line) => `help ${line}`.trimEnd());
    default:
      return [];
  }
}

function facts(outcome: Outcome): (string | number)[] {
  switch (outcome.kind) {
    case 'created':
      return [sanitizeName(outcome.username)];
    case 'loggedIn':
    case 'deleted':
      return [sanitizeName(outcome.username), outcome.undelivered];
    case 'delivered':
      return [outcome.undelivered];
    case 'sent':
      return [sanitizeName(outcome.to), outcome.seq, outcome.live ? 'live' : 'queued'];
    case 'drawn':
      return [sanitizeName(outcome.to), outcome.seq];
    case 'names':
      return [outcome.page.names.length, ...(outcome.page.more ? ['more'] : [])];
    case 'history':
      return [outcome.messages.length];
    case 'pong':
      return [`${outcome.tripMs} ms`];
    case 'done':
      return outcome.about === '' ? [] : [sanitizeLine(outcome.about)];
    case 'needless':
      return [`(${outcome.why})`];
    default:
      return [];
  }
}
