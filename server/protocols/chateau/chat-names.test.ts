import fc from 'fast-check';
import { limits } from '../../../shared/limits';
import { isRoomName, isSameName, nameKey, type RoomName } from '../../../shared/names';
import { chatOfRoom, roomOfChat } from './chat-names';

const { roomNameLengthMax } = limits;

/** Letters that are often what escaping is about. */
const character = fc.oneof(
  fc.constantFrom('0', '_', '2', '4', 'a', 'A', 'e', 'E', '-', '.', ' ', '#', 'é', 'ж', '週', '🦊'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
/** A few of them, as many as may be, or more. */
const chatname = fc
  .oneof(
    fc.string({ unit: character, minLength: 1, maxLength: 12 }),
    fc.string({ unit: character, minLength: 1, maxLength: roomNameLengthMax + 9 }),
    fc.string({ unit: fc.constantFrom('0', '_', 'a', 'B', '.'), minLength: 1, maxLength: roomNameLengthMax + 9 }),
  )
  .filter((name) => !/\p{Cs}/u.test(name));
const room = fc
  .oneof(
    fc.stringMatching(/^#[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/),
    fc.stringMatching(/^#[A-Za-z0-9][A-Za-z0-9_.-]{0,253}$/, { size: 'max' }),
    fc.stringMatching(/^#0_([a-z0-9]|_[0-9a-fA-F]{2}){1,9}$/),
    fc.stringMatching(/^#0_([a-z0-9]|_d0_[b9][0-9a-f]){1,84}$/, { size: 'max' }),
  )
  .filter(isRoomName);

/** How long the name of a chat is when it is escaped. */
function escapedLength(name: string): number {
  const bytes = [...Buffer.from(name)].map((byte) => String.fromCharCode(byte));
  return '0_'.length + bytes.reduce((length, byte) => length + (/[A-Za-z0-9.-]/.test(byte) ? 1 : 3), 0);
}

function roomIfAny(name: string): RoomName | undefined {
  try {
    return roomOfChat(name);
  } catch (error) {
    expect(error).toMatchObject({ code: 'chat_name_invalid' });
    return undefined;
  }
}

test.each([
  ['garden', '#garden'],
  ['Garden.2', '#Garden.2'],
  ['my friends', '#0_my_20friends'],
  ['#garden', '#0__23garden'],
  ['é', '#0__c3_a9'],
  ['123e4567-e89b-12d3-a456-426614174000', '#123e4567-e89b-12d3-a456-426614174000'],
  ['Пятничный созыв', '#0__d0_9f_d1_8f_d1_82_d0_bd_d0_b8_d1_87_d0_bd_d1_8b_d0_b9_20_d1_81_d0_be_d0_b7_d1_8b_d0_b2'],
  ['週末のパーティー', '#0__e9_80_b1_e6_9c_ab_e3_81_ae_e3_83_91_e3_83_bc_e3_83_86_e3_82_a3_e3_83_bc'],
  ['週末0-🦊.', '#0__e9_80_b1_e6_9c_ab0-_f0_9f_a6_8a.'],
  ['\0', '#0__00'],
  ['_', '#0__5f'],
  ['0_', '#0_'],
  ['0_garden', '#0_garden'],
  ['0__5f', '#0_0_5f_5f5f'],
  // What they would stand for is written otherwise, or is no text.
  ['0__41', '#0__41'],
  ['0_a', '#0_a'],
  ['0__c3', '#0__c3'],
  ['0__c0_af', '#0__c0_af'],
])('the chat %s is the room %s, and the other way round', (chat, name) => {
  expect(roomOfChat(chat)).toBe(name);
  expect(chatOfRoom(name as RoomName)).toBe(chat);
});

test.each([
  ['letters of A to Z', 'x', 254],
  ['digits', '0', 254],
  ['underscores behind a letter', '_', 253, 'a'],
  ['underscores', '_', 84],
  ['spaces', ' ', 84],
  ['spaces with two letters', ' ', 83, 'abc'],
  ['Cyrillic letters', 'ж', 42],
  ['Japanese letters', '週', 28],
  ['emoji', '🦊', 21],
])('the longest name of %s is that of a chat, and with one more it is refused', (_, letter, countMax, before = '') => {
  const longest = before + letter.repeat(countMax);
  expect(chatOfRoom(roomOfChat(longest))).toBe(longest);
  expect(() => roomOfChat(longest + letter)).toThrow(
    expect.objectContaining({
      code: 'chat_name_invalid',
      message:
        'the name of a chat is 1 to 254 characters; a space or sign counts for 3, a letter beyond A to Z for 6 or more',
    }),
  );
});

test.each(['', 'x'.repeat(400_000), '週'.repeat(20_000)])('no name of a chat is one without end, or none', (name) => {
  expect(roomIfAny(name)).toBeUndefined();
});

test('a name is refused exactly where it is too long, escaped if it has to be', () => {
  fc.assert(
    fc.property(chatname, (name) => {
      const found = roomIfAny(name);
      const isRoom = isRoomName(`#${name}`);
      if (found === undefined) expect(escapedLength(name)).toBeGreaterThan(roomNameLengthMax);
      else expect([`#${name}`.length, 1 + escapedLength(name)]).toContain(found.length);
      if (found === undefined && isRoom) expect(name.startsWith('0_')).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('every chat that has a room is called by its own name there', () => {
  fc.assert(
    fc.property(chatname, (name) => {
      const found = roomIfAny(name);
      if (found !== undefined) expect(chatOfRoom(found)).toBe(name);
    }),
    { numRuns: 2_000 },
  );
});

test('every room is one chat, which leads to that room', () => {
  fc.assert(
    fc.property(room, (name) => expect(nameKey(roomOfChat(chatOfRoom(name)))).toBe(nameKey(name))),
    { numRuns: 2_000 },
  );
});

test('two chats are one room only where their names differ in nothing but the case of A to Z', () => {
  fc.assert(
    fc.property(chatname, chatname, (one, other) => {
      const [first, second] = [roomIfAny(one), roomIfAny(other)];
      if (first === undefined || second === undefined || !isSameName(first, second)) return;
      const folded = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
      expect(folded(one)).toBe(folded(other));
    }),
    { numRuns: 2_000 },
  );
});
