import fc from 'fast-check';
import {
  failureText,
  messageText,
  noticeText,
  pastMessage,
  receiptText,
  successText,
} from '../../server/protocols/chateau/answers';
import { decodeFrame } from '../../server/protocols/chateau/codec';
import { namedRequests, numericRequests } from '../../server/protocols/chateau/requests';
import { ChatError } from '../../shared/errors';
import { eventVectors, failureVectors, successVectors } from './chateau-answer-vectors';
import { chateauFailureVectors, namedRequestVectors, numericRequestVectors } from './chateau-request-vectors';

const requestVectors = [...numericRequestVectors, ...namedRequestVectors];

describe('a frame asks', () => {
  test.each(requestVectors)('$value.dialect: $name', ({ text, value }) => {
    expect(decodeFrame(text)).toEqual(value);
  });

  test('in every way that the tables know', () => {
    const named = new Set(namedRequestVectors.map(({ value }) => value.request.type));
    expect([...named].sort()).toEqual(Object.keys(namedRequests).sort());
    const numeric = new Set(numericRequestVectors.map(({ text }) => String(JSON.parse(text).type)));
    expect([...numeric]).toEqual(Object.keys(numericRequests));
  });
});

describe('a frame is no request', () => {
  test.each(chateauFailureVectors)('$name', ({ text, value }) => {
    const frame = decodeFrame(text);
    if (!('error' in frame)) throw new Error('it is one');
    expect({ code: frame.error.code, dialect: frame.dialect, ...(frame.id !== undefined && { id: frame.id }) }).toEqual(
      value,
    );
  });
});

test('whatever a frame holds, it is read or refused', () => {
  const types = [...Object.keys(namedRequests), ...Object.keys(numericRequests).map(Number)];
  const names = Object.values(namedRequests).flatMap((fields) => Object.keys(fields));
  const object = fc
    .record({ type: fc.constantFrom(...types), id: fc.jsonValue() })
    .chain((known) =>
      fc
        .dictionary(
          fc.constantFrom(...names, '__proto__', 'clients', 'recipients'),
          fc.oneof(fc.string(), fc.jsonValue()),
        )
        .map((given) => JSON.stringify({ ...given, ...known })),
    );
  fc.assert(
    fc.property(fc.oneof(object, fc.json(), fc.string({ unit: 'binary' })), (text) => {
      const frame = decodeFrame(text);
      if ('error' in frame) expect(frame.error).toBeInstanceOf(ChatError);
      else expect(JSON.parse(text)).toHaveProperty('type');
    }),
    { numRuns: 3_000 },
  );
});

describe('is written byte by byte', () => {
  test.each(successVectors)('the success $name', ({ text, value }) => {
    expect(successText(value.asked, value.facts, value.more)).toBe(text);
  });

  test.each(failureVectors)('the failure $name', ({ text, value }) => {
    expect(failureText(value.error, value.dialect, value.id)).toBe(text);
  });

  test.each(eventVectors)('the event $name', ({ text, value }) => {
    const { dialect, message, way } = value;
    expect(messageText(dialect, { me: 'bob' as never, message, log: message.to, way })).toBe(text);
  });

  test('a receipt', () => {
    expect(receiptText('bob' as never, 7 as never)).toBe(
      '{"type":"ReceiptEvent","status":200,"recipient":"bob","seq":7}',
    );
  });

  test('a notice', () => {
    expect(noticeText(new ChatError('closing', { seconds: 5 }))).toBe(
      '{"type":"NoticeEvent","status":300,"message":"closing in 5 s","code":"closing"}',
    );
  });

  test.each([
    ['bob', '{"sender":"alice","recipient":"bob","content":"hi","log":"bob","seq":1,"time":1789000000000}'],
    ['#garden', '{"sender":"alice","content":"hi","chatname":"garden","log":"#garden","seq":2,"time":1789000000000}'],
  ])('a past message to %s', (to, text) => {
    const vector = eventVectors.find(({ value }) => value.message.to === to && value.message.seq === 1);
    if (vector === undefined) throw new Error(`no vector to ${to}`);
    const seq = to === 'bob' ? 1 : 2;
    expect(JSON.stringify(pastMessage({ ...vector.value.message, seq: seq as never }))).toBe(text);
  });
});
