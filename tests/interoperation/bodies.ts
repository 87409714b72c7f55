/** What is said on every wire: plain words, and whatever a wire could stumble over. */

import { limits } from '../../shared/limits';

export interface Body {
  /** For people. */
  readonly name: string;
  readonly text: string;
}

/** The beginning of a text that has as many bytes of UTF-8 as a message may, in whole repetitions. */
function longest(unit: string): string {
  const count = Math.floor(limits.bodyBytesMax / Buffer.byteLength(unit));
  const rest = limits.bodyBytesMax - count * Buffer.byteLength(unit);
  return unit.repeat(count) + 'x'.repeat(rest);
}

/** Bodies that are messages. */
export const bodies: readonly Body[] = [
  { name: 'plain text', text: 'hello there' },
  { name: 'Unicode of 2, 3 and 4 bytes', text: 'Grüße, 世界 🦊, e\u0301 \u202eשלום' },
  { name: 'line breaks', text: 'one\ntwo\r\nthree\rfour\n\nsix\n' },
  { name: 'line breaks of Unicode', text: 'one\u0085two\u2028three\u2029four' },
  { name: 'spaces around', text: '  two  and three   ' },
  { name: 'backslashes', text: 'C:\\new\\\\ \\u00e9 \\' },
  { name: 'quotes and JSON', text: '"hi" {"type":"ErrorResponse"} \u2018hm\u2019 \'' },
  { name: 'bars', text: '|||a|||b||||' },
  { name: 'control characters', text: '\u0001\u0007\b\t\u001b[31m\u007f' },
  { name: 'another wire in it', text: '* 1 1789000000000 bob carol hi' },
  { name: 'BYE', text: 'BYE' },
  { name: '16,000 bytes', text: 'x'.repeat(16_000) },
  { name: '65,536 bytes of ASCII', text: longest('x') },
  { name: '65,536 bytes of Unicode', text: longest('世ü🦊') },
  { name: '65,536 control characters', text: longest('\u0001') },
  { name: '65,536 line feeds', text: longest('\n') },
];

/** What no wire takes. */
export const noBodies: readonly Body[] = [
  { name: 'nothing', text: '' },
  { name: 'a NUL', text: 'a\0b' },
  { name: 'half a surrogate pair', text: 'a\ud83e' },
  { name: '65,537 bytes', text: 'x'.repeat(limits.bodyBytesMax + 1) },
];
