import { messageText, parseClassic, sentences, splitRequests } from '../../server/protocols/cmap/v1/codec';
import { classicMessageVectors, classicReadVectors, classicSentenceVectors } from './classic-vectors';

// A request of version 1 is what one read brought: there is nothing to split.
test.each(classicReadVectors)('a read of $name', ({ bytes, value }) => {
  const texts = splitRequests(bytes).map((request) => Buffer.from(request).toString('utf8'));
  expect(texts.map(parseClassic)).toEqual(value);
});

test.each(classicSentenceVectors)('the sentence "$name" is the one that clients know', ({ bytes, value }) => {
  expect(Buffer.from(sentences[value])).toEqual(Buffer.from(bytes));
});

test('the vectors hold every sentence', () => {
  expect(classicSentenceVectors.map(({ name }) => name)).toEqual(Object.keys(sentences));
});

test.each(classicMessageVectors)('$name', ({ bytes, value }) => {
  expect(Buffer.from(messageText(value.from, value.body))).toEqual(Buffer.from(bytes));
});
