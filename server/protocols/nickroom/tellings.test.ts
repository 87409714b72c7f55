import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChatError, type ErrorCode, errorCodes } from '../../../shared/errors';
import { failuresLeftOut, messageOf, messagesLeftOut, tellings } from './tellings';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'protocols', 'nickroom.md'), 'utf8');

test('there is a telling for every failure, and for nothing else', () => {
  expect(Object.keys(tellings).sort()).toEqual([...errorCodes].sort());
});

test.each(errorCodes)('%s is told in a sentence', (code) => {
  expect(messageOf(new ChatError(code, { name: 'N', usage: 'U', seconds: 5, version: 'V' }))).toMatch(/^[A-Z].+\.$/);
});

test('docs/protocols/nickroom.md has every sentence of this wire', () => {
  for (const [code, telling] of Object.entries(tellings)) {
    if (telling === 'own') continue;
    expect(page).toContain(`\`${messageOf(new ChatError(code as ErrorCode, { seconds: 5 }))}\``);
  }
  for (const sentence of [failuresLeftOut(3), messagesLeftOut(2_401)]) expect(page).toContain(`\`${sentence}\``);
});

test('one message that is left out is told in the singular', () => {
  expect(messagesLeftOut(1)).toBe('The next message is left out: you were not reading.');
});
