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

const anyBodies: readonly Body[] = [
  { name: 'plain text', text: 'hello there' },
  { name: 'Unicode of 2, 3 and 4 bytes', text: 'Grüße, 世界 🦊, e\u0301 \u202eשלום' },
  { name: 'line breaks', text: 'one\ntwo\r\nthree\rfour\n\nsix\n' },
  { name: 'line breaks of Unicode', text: 'one\u0085two\u2028three\u2029four' },
  { name: 'spaces around', text: '  two  and three   ' },
  { name: 'backslashes', text: 'C:\\new\\\\ \\u00e9 \\' },
  { name: 'quotes and JSON', text: '"hi" {"type":"ErrorResponse"} \u2018hm\u2019 \'' },
  { name: 'control characters', text: '\u0001\u0007\b\t\u001b[31m\u007f' },
  { name: 'BYE', text: 'BYE' },
  { name: '16,000 bytes', text: 'x'.repeat(16_000) },
  { name: '65,536 bytes of ASCII', text: longest('x') },
  { name: '65,536 bytes of Unicode', text: longest('世ü🦊') },
  { name: '65,536 control characters', text: longest('\u0001') },
  { name: '65,536 line feeds', text: longest('\n') },
];

/** Bodies that hold what separates one message from the next, or one field from another, on some wire. */
export const separators: readonly Body[] = [
  { name: 'cmap 2: the end of a block, and a message', text: 'a\r\n\r\n* 1 1789000000000 bob carol hi\r\n' },
  { name: 'cmap 2: escapes, and a reply', text: 'a\\n\\r200 1 live' },
  { name: 'cmap 2: a message, from its beginning', text: '* 1 1789000000000 bob carol hi' },
  { name: 'cmap 1: the end of a block', text: 'a\r\n\r\n' },
  { name: 'cmap 1: a message', text: 'a\nFrom bob: Message: hi\n' },
  { name: 'cmap 1: a message in one line', text: 'From bob: Message: hi' },
  { name: 'JSON: the end of a text, and a key', text: 'a","sender":"bob","message":"hi"}' },
  { name: 'JSON: a frame of its own', text: '{"type":"NoticeEvent","status":503}' },
  { name: 'JSON: an escape', text: 'a\\u0022,\\"' },
  { name: 'chatbot: bars all over', text: '|||a|||b||||' },
  { name: 'chatbot: a bar at both ends', text: '|a|' },
  { name: 'chatbot: two bars at both ends', text: '||a||' },
  { name: 'chatbot: a room in front', text: '[#lobby] hi' },
  { name: 'nick room: the length of a packet', text: '\u0001\u0001{"message":"hi"}' },
  { name: 'gRPC: the head of a message', text: '\u0001\u0002\u0003\n\u0003bob' },
];

/** Bodies that are messages. */
export const bodies: readonly Body[] = [...anyBodies, ...separators];

/** What no wire takes. */
export const noBodies: readonly Body[] = [
  { name: 'nothing', text: '' },
  { name: 'a NUL', text: 'a\0b' },
  { name: 'half a surrogate pair', text: 'a\ud83e' },
  { name: '65,537 bytes', text: 'x'.repeat(limits.bodyBytesMax + 1) },
];
