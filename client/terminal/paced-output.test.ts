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
  output.print('one');
  await output.room();
  expect(told).toEqual([]);
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
