import type { IncomingMessage } from '../core/api';
import { RequestFailure, RequestLost } from '../core/failures';
import { ansiColours, coloursFor, noColours } from './colours';
import { messageLine, outcomeLines } from './filter-text';
import { localTime } from './local-time';
import { countMessages, ScreenText } from './screen-text';

const now = new Date(2026, 10, 21, 12, 30);
const text = new ScreenText({ colours: noColours, now: () => now, columns: () => 20 });

function messageOf(given: Partial<IncomingMessage>): IncomingMessage {
  return { to: 'alice', seq: 7, at: new Date(2026, 10, 21, 12, 4), from: 'bob', body: 'hi', ...given };
}

describe('times', () => {
  test('of today are hours and minutes, of other days they have the date', () => {
    expect(localTime(new Date(2026, 10, 21, 0, 5), now)).toBe('00:05');
    expect(localTime(new Date(2026, 10, 20, 23, 58), now)).toBe('2026-11-20 23:58');
    expect(localTime(new Date(2025, 10, 21, 12, 30), now)).toBe('2025-11-21 12:30');
  });

  test('that no calendar has do not stop anything', () => {
    expect(localTime(new Date(Number.NaN), now)).toBe('--:--');
  });
});

describe('messages on the screen', () => {
  test('show time, sender and body, and the room they are for', () => {
    expect(text.message(messageOf({}))).toBe('12:04 bob: hi');
    expect(text.message(messageOf({ to: '#garden' }))).toBe('12:04 #garden bob: hi');
  });

  test('of several lines go on under their first line', () => {
    expect(text.message(messageOf({ body: 'one\ntwo\r\nthree' }))).toBe(
      '12:04 bob: one\n           two\n           three',
    );
  });

  test('of several lines have a place for them under a head that takes the row', () => {
    const to = `#${'x'.repeat(254)}`;
    expect(text.message(messageOf({ to, body: 'one\ntwo' }))).toBe(`12:04 ${to} bob: one\n    two`);
    expect(text.message(messageOf({ from: 'robert', body: 'one\ntwo' }))).toBe(
      `12:04 robert: one\n${' '.repeat(14)}two`,
    );
    expect(text.message(messageOf({ from: 'roberta1', body: 'one\ntwo' }))).toBe('12:04 roberta1: one\n    two');
  });

  test('hold nothing that a terminal obeys, in no part of them', () => {
    const shown = text.message(messageOf({ from: '\x1b[31mbob', to: '#g\x07', body: '\x1b]0;x\x07a\x9b2Jb\u202e' }));
    expect(shown).toBe('12:04 #g bob: ab');
  });

  test('are counted in words', () => {
    expect([countMessages(1), countMessages(3)]).toEqual(['1 message', '3 messages']);
  });
});

describe('outcomes on the screen', () => {
  test('a message has one tick once it is stored and two when it has arrived', () => {
    expect(text.tick('sending', 'bob', 1, false)).toBe('… bob');
    expect(text.tick('sending', 'bob', 3, true)).toBe('… bob (3 messages) – kept until the server is back');
    expect(text.tick('stored', 'bob', 1, false)).toBe('✓ bob');
    expect(text.tick('stored, away', 'bob', 2, false)).toBe('✓ bob (2 messages) – away');
    expect(text.tick('stored, nobody there', '#g', 1, false)).toBe('✓ #g – nobody else is here');
    expect(text.tick('delivered', 'b\x1b[31mob', 1, false)).toBe('✓✓ bob');
  });

  test('names stand in columns, and more of them are told', () => {
    const page = { names: ['alice', 'bob', 'carol', 'dave'], more: true };
    expect(text.outcome({ kind: 'names', of: 'list', page })).toBe(
      'alice  bob\ncarol  dave\n… and more: list <pattern> dave',
    );
    expect(text.outcome({ kind: 'names', of: 'who', page: { names: [], more: false } })).toBe('nobody');
  });

  test('a failure says what to do about it', () => {
    expect(text.failure(new RequestFailure(403, 'log in first'))).toBe('✗ log in first: login <name>');
    expect(text.failure(new RequestFailure(409, 'bob is logged in on another connection'))).toBe(
      '✗ bob is logged in on another connection; takeover <name> ends that session',
    );
    expect(text.failure(new RequestFailure(409, 'this connection is logged in as bob; log out first'))).toBe(
      '✗ this connection is logged in as bob; log out first (logout ends the client: start it again)',
    );
    expect(text.failure(new RequestLost('offline'))).toBe('✗ not connected; try again when the server is back');
    expect(text.failure(new RequestFailure(404, 'no \x1b[31maccount'))).toBe('✗ no account');
  });
});

describe('colours', () => {
  test('are left out without a terminal, with NO_COLOR and on a dumb terminal', () => {
    expect(coloursFor({}, true)).toBe(ansiColours);
    expect(coloursFor({ NO_COLOR: '' }, true)).toBe(ansiColours);
    for (const environment of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      expect(coloursFor(environment, true)).toBe(noColours);
    }
    expect(coloursFor({}, false)).toBe(noColours);
  });

  test('of a name do not depend on its case', () => {
    expect(ansiColours.name('Bob').replace('Bob', '')).toBe(ansiColours.name('bob').replace('bob', ''));
  });
});

describe('lines of the filter', () => {
  const at = new Date(Date.UTC(2026, 10, 21, 8, 0, 0, 5));

  test('a message is one line, whatever its body is', () => {
    expect(messageLine(messageOf({ at, body: 'a\nb \\n \x1b[31mc' }))).toBe(
      'message 2026-11-21T08:00:00.005Z 7 bob alice a\\nb \\\\n c',
    );
  });

  test('a command ends with its ok', () => {
    expect(outcomeLines('login', { kind: 'loggedIn', username: 'bob', undelivered: 2 })).toEqual(['ok login bob 2']);
    expect(outcomeLines('send', { kind: 'sent', to: 'bob', seq: 4, live: false })).toEqual(['ok send bob 4 queued']);
    expect(outcomeLines('list', { kind: 'names', of: 'list', page: { names: ['a', 'b'], more: true } })).toEqual([
      'name a',
      'name b',
      'ok list 2 more',
    ]);
    expect(outcomeLines('history', { kind: 'history', messages: [messageOf({ at })] })).toEqual([
      'history 2026-11-21T08:00:00.005Z 7 bob alice hi',
      'ok history 1',
    ]);
    expect(outcomeLines('passwd', { kind: 'done', about: '' })).toEqual(['ok passwd']);
  });
});
