import { chatServiceOf, loadChatPackage } from '../../server/protocols/grpc/definition';
import { grpcReplyVectors, grpcRequestVectors } from './grpc-vectors';

const service = chatServiceOf(loadChatPackage());

test.each(grpcRequestVectors)('$name is read', ({ call, bytes, value }) => {
  expect(service[call]!.requestDeserialize(Buffer.from(bytes))).toEqual(value);
});

test.each(grpcReplyVectors)('$name is written', ({ call, bytes, value }) => {
  expect(service[call]!.responseSerialize(value)).toEqual(Buffer.from(bytes));
});

test.each(grpcRequestVectors)('$name survives being written and read again', ({ call, value }) => {
  const { requestSerialize, requestDeserialize } = service[call]!;
  expect(requestDeserialize(requestSerialize(value))).toEqual(value);
});

test('the vectors hold every call', () => {
  const calls = new Set(grpcRequestVectors.map(({ call }) => call));
  expect([...Object.keys(service)].filter((call) => !calls.has(call) && call !== 'DeliverMessages')).toEqual([]);
});

test.each([
  ['a text that is cut short', [0x0a, 9, 0x62]],
  ['a text that is not UTF-8', [0x0a, 2, 0xc3, 0x28]],
  ['a text of half a surrogate pair', [0x0a, 3, 0xed, 0xa0, 0x80]],
  ['a key that is cut short', [0x8a]],
  ['a length that is cut short', [0x0a]],
  ['a length beyond all memory', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ['a number that is cut short', [0x20, 0xff]],
  ['a number that does not end', [0x20, ...Array.from({ length: 11 }, () => 0xff)]],
  ['eight bytes that are fewer', [0xf9, 0x07, 1, 2, 3]],
  ['a type that there is not', [0x0f]],
])('%s is refused', (_, bytes) => {
  expect(() => service.LoginAccount!.requestDeserialize(Buffer.from(bytes))).toThrow();
});

test('a request that is cut anywhere is refused, or is the shorter message that its bytes are', () => {
  for (const { call, bytes } of grpcRequestVectors) {
    for (let end = 0; end < bytes.length; end += 1) {
      let whole: unknown;
      try {
        whole = service[call]!.requestDeserialize(Buffer.from(bytes.subarray(0, end)));
      } catch {
        continue;
      }
      const again = service[call]!.requestDeserialize(service[call]!.requestSerialize(whole));
      expect(again).toEqual(whole);
    }
  }
});
