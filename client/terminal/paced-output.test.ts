import { once } from 'node:events';
import { Writable } from 'node:stream';
import { PacedOutput } from './paced-output';

test('a slow reader makes whoever writes wait, once until everything was taken', async () => {
  const taken: string[] = [];
  let take = (): void => {};
  const stream = new Writable({
    highWaterMark: 8,
    decodeStrings: false,
    write(chunk, _encoding, done) {
      taken.push(String(chunk));
      take = done;
    },
  });
  const told: string[] = [];
  const output = new PacedOutput({ stream, full: () => told.push('full'), drained: () => told.push('drained') });
  await output.room();
  output.print('one');
  expect(told).toEqual(['full']);
  output.print('two');
  output.print('three');
  expect(told).toEqual(['full']);
  const room = output.room().then(() => told.push('room'));
  for (let lines = 0; lines < 3; lines += 1) {
    expect(told).toEqual(['full']);
    take();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await room;
  expect(told).toEqual(['full', 'drained', 'room']);
  expect(taken.join('')).toBe('one\ntwo\nthree\n');
});

test('a reader who takes each line at once makes nobody wait', async () => {
  const taken: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      taken.push(String(chunk));
      done();
    },
  });
  const told: string[] = [];
  const output = new PacedOutput({ stream, full: () => told.push('full'), drained: () => told.push('drained') });
  output.print('one');
  output.print('two');
  await output.room();
  expect(taken).toEqual(['one\n', 'two\n']);
  expect(told).toEqual([]);
});

test('what could not be written does not count as taken', async () => {
  const told: string[] = [];
  const stream = new Writable({ write: (_chunk, _encoding, done) => void setImmediate(() => done(new Error('gone'))) });
  const failed = once(stream, 'error');
  const output = new PacedOutput({ stream, full: () => told.push('full'), drained: () => told.push('drained') });
  output.print('one');
  expect(await failed).toEqual([new Error('gone')]);
  expect(told).toEqual(['full']);
});
