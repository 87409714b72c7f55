import { ChatError } from '../shared/errors';
import { createLogger, type LogLevel } from './logger';

function recorded(level: LogLevel = 'info') {
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line: string) => lines.push(line) });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

test('a line is one JSON object with level, time, event and facts', () => {
  const { logger, lines, last } = recorded();
  logger.info('connection_opened', { peer: '127.0.0.1', note: 'two\nlines' });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]*\n$/);
  expect(last()).toMatchObject({ level: 'info', msg: 'connection_opened', peer: '127.0.0.1', note: 'two\nlines' });
  expect(new Date(last().time).toISOString()).toBe(last().time);
});

test('an event without facts is logged', () => {
  const { logger, last } = recorded();
  logger.warn('queue_full');
  expect(last()).toMatchObject({ level: 'warn', msg: 'queue_full' });
});

test('an error is logged with its code, stack and causes', () => {
  const { logger, last } = recorded();
  const root = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
  logger.error('commit_failed', new ChatError('store_failed', {}, { cause: root }), { drafts: 3 });
  expect(last()).toMatchObject({
    level: 'error',
    msg: 'commit_failed',
    drafts: 3,
    err: {
      code: 'store_failed',
      stack: expect.any(String),
      cause: { message: 'disk I/O error', code: 'SQLITE_IOERR' },
    },
  });
});

test('a cause that is no error is logged as it is', () => {
  const { logger, last } = recorded();
  logger.error('odd', 'a string was thrown');
  expect(last()).toMatchObject({ msg: 'odd', err: 'a string was thrown' });
});

test('an error that is its own cause is logged', () => {
  const { logger, last } = recorded();
  const error: Error = new Error('around');
  error.cause = error;
  logger.error('loop', error);
  expect(last()).toMatchObject({ msg: 'loop', err: { message: 'around' } });
});

test('facts named password, passwordHash or body do not reach the log', () => {
  const { logger, lines } = recorded();
  logger.info('mistake', { password: 'pw-1', passwordHash: 'pw-2', request: { password: 'pw-3', body: 'pw-4' } });
  logger.error('mistake', new Error('x'), { body: 'pw-5' });
  expect(lines.join('')).not.toMatch(/pw-\d/);
});

test('a line below the level is not written, and silent writes nothing', () => {
  const warn = recorded('warn');
  warn.logger.info('not_shown');
  expect(warn.lines).toEqual([]);
  const silent = recorded('silent');
  silent.logger.error('not_shown', new Error('x'));
  expect(silent.lines).toEqual([]);
});
