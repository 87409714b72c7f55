import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChatError, type ErrorCode, errorCodes } from '../../../shared/errors';
import { tellings, textOf } from './tellings';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'protocols', 'chatbot.md'), 'utf8');

const detail = { name: 'N\u00e9', usage: 'U\u2026', seconds: 5, version: 'V' };

test('there is a telling for every failure, and for nothing else', () => {
  expect(Object.keys(tellings).sort()).toEqual([...errorCodes].sort());
});

test.each(errorCodes)('%s is told in ASCII, and not as success', (code) => {
  expect(textOf(new ChatError(code, detail))).toMatch(/^[ -~]+$/);
});

test('docs/protocols/chatbot.md has every text of this wire, and says what closes', () => {
  for (const [code, { text, closes }] of Object.entries(tellings)) {
    if (text === undefined && !closes) continue;
    const told = textOf(
      new ChatError(code as ErrorCode, code === 'command_unknown' ? { name: '\u2026' } : { name: 'alice' }),
    );
    const row = page.split('\n').find((line) => line.startsWith(`| \`${told.replace('?', '\u2026')}\``));
    expect([code, row?.includes('closes')]).toEqual([code, closes]);
  }
});
