/** What each wire does to a text, as its page in docs/ says. */

import { limits } from '../../shared/limits';
import { asciiJson } from './ascii-json';

/** `whole` it is sent, and stored as it is; `refused` the wire can say it, and the server does not take it; `no form` it
 *  cannot be said there. */
export type Saying = 'whole' | 'refused' | 'no form';

/** Where a message that was sent to a room names it: in a field of its own, in front of the text, or nowhere. */
export type RoomPlace = 'in a field' | 'in the text' | 'not named';

export interface Expectation {
  says(text: string, from: string): Saying;
  /** How it arrives. */
  hears(text: string, from: string): string;
  /** Where a message that was sent to a room names it. */
  readonly roomIn: RoomPlace;
  /** What it can send to. */
  readonly sendsTo: readonly ('one' | 'room')[];
}

function unchanged(text: string): string {
  return text;
}

/** The rules that hold on every wire. */
function sayable(text: string): Saying {
  const bytes = Buffer.byteLength(text);
  return bytes === 0 || bytes > limits.bodyBytesMax || /\0|\p{Cs}/u.test(text) ? 'refused' : 'whole';
}

/** Of JSON alone can a text be written that has no UTF-8. */
function utf8Says(text: string): Saying {
  return /\p{Cs}/u.test(text) ? 'no form' : sayable(text);
}

/** @see docs/protocol.md#requests: the limit is that of the body as escaped */
function cmapSays(text: string): Saying {
  return utf8Says(text.replace(/[\\\r\n]/g, '\\$&'));
}

/** What surely comes in one read, in bytes: how much that is at most is for the operating system to say. */
const classicReadBytes = 16_384;

/** @see docs/protocol.md#version-1-classic: a request is one read, and one line */
function classicSays(text: string): Saying {
  const isOneLine = !text.includes('\n');
  const isOneRead = limits.headBytesMax + Buffer.byteLength(text) <= classicReadBytes;
  return isOneLine && isOneRead ? utf8Says(text) : 'no form';
}

const classicReadOfClientBytes = 1_024;

/** A text that version 1 may have padded, in a form that is the same with the padding and without.
 *  @see docs/protocol.md#reads-of-1024-bytes */
export function withoutClassicPadding(text: string): string {
  const mayBePadded =
    Buffer.byteLength(text) > classicReadOfClientBytes - limits.headBytesMax && /[^\0-\u007f]/u.test(text);
  return mayBePadded ? text.replaceAll(' ', '') : text;
}

/** @see docs/protocols/chatbot.md#errors */
function chatbotSays(text: string): Saying {
  const saying = utf8Says(text);
  return saying === 'whole' && /[^\0-\u007f]/u.test(text) ? 'refused' : saying;
}

/** @see docs/protocols/chatbot.md#text-of-other-wires */
export function chatbotHears(text: string): string {
  const ascii = Array.from(text, (character) => (character > '\u007f' ? '?' : character)).join('');
  return ascii.replace(/^\|+|\|{3,}/g, (bars) => '?'.repeat(bars.length));
}

const packetBytesMax = 65_535;

/** The packet in which a client says `message`. */
export function nickroomPacket(nickname: string, message: string): string {
  return asciiJson({ timestamp: 'YYYY-MM-DD HH:MM:SS', nickname, message });
}

/** @see docs/protocols/nickroom.md#packets */
function nickroomSays(text: string, from: string): Saying {
  if (text === 'BYE' || nickroomPacket(from, text).length > packetBytesMax) return 'no form';
  return sayable(text);
}

/** The longest beginning that fits, found by trying. @see docs/protocols/nickroom.md#long-messages */
function nickroomHears(text: string, from: string): string {
  const fits = (message: string): boolean => {
    const packet = JSON.stringify({ timestamp: 'YYYY-MM-DD HH:MM:SS', nickname: from, message });
    return Buffer.byteLength(packet) <= packetBytesMax;
  };
  if (fits(text)) return text;
  const characters = [...text];
  const cut = (length: number): string => `${characters.slice(0, length).join('')}…`;
  let [most, tooMany] = [0, characters.length];
  while (tooMany - most > 1) {
    const middle = Math.floor((most + tooMany) / 2);
    if (fits(cut(middle))) most = middle;
    else tooMany = middle;
  }
  return cut(most);
}

const anything = {
  says: sayable,
  hears: unchanged,
  roomIn: 'in a field',
  sendsTo: ['one', 'room'],
} as const;

const expectations = {
  'cmap 2': { ...anything, says: cmapSays },
  'cmap 1': {
    ...anything,
    says: classicSays,
    hears: (text) => withoutClassicPadding(text.replace(/[\r\n\u0085\u2028\u2029]+/g, ' ')),
    roomIn: 'not named',
  },
  Chateau: anything,
  'Chateau, guest': anything,
  'Chateau, numeric': { ...anything, sendsTo: ['one'] },
  chatbot: { ...anything, says: chatbotSays, hears: chatbotHears, roomIn: 'in the text' },
  'nick room': {
    says: nickroomSays,
    hears: nickroomHears,
    roomIn: 'not named',
    sendsTo: ['room'],
  },
  gRPC: { ...anything, says: utf8Says },
} as const satisfies Record<string, Expectation>;

export type WireName = keyof typeof expectations;

export const wireNames = Object.keys(expectations) as readonly WireName[];

export function expectationOf(wire: WireName): Expectation {
  return expectations[wire];
}
