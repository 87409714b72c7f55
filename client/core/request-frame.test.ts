import { limits } from '../../shared/limits';
import { bodyBytes, RequestFramer } from './request-frame';

const room = `#${'r'.repeat(limits.roomNameLengthMax)}`;
const key = 'k'.repeat(limits.keyLengthMax);
const framer = new RequestFramer();

test('a send with the longest name, key and body is written', () => {
  const { bytes } = framer.frame('send', [room, key, bodyBytes('b'.repeat(limits.bodyBytesMax))], true);
  expect(bytes.length - 1).toBeLessThanOrEqual(limits.headBytesMax + limits.bodyBytesMax);
  expect(Buffer.from(bytes.subarray(0, 330)).toString()).toContain(` ${room} ${key} bbb`);
});

test('a line that is as long as the server reads is written, and a longer one is not: it would cost the connection', () => {
  const longest = limits.headBytesMax + limits.bodyBytesMax;
  const pattern = 'r'.repeat(longest - '11 '.length);
  expect(framer.frame('who', [pattern], true).bytes.length - 1).toBe(longest);
  expect(() => framer.frame('who', [`${pattern}r`], true)).toThrow(
    expect.objectContaining({ status: 413, message: 'this line is too long' }),
  );
});
