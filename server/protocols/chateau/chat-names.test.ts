import fc from 'fast-check';
import { isRoomName, isSameName, nameKey, type RoomName } from '../../../shared/names';
import { chatOfRoom, roomOfChat } from './chat-names';

/** Letters that are often what escaping is about. */
const character = fc.oneof(
  fc.constantFrom('0', '_', '2', '4', 'a', 'A', 'e', 'E', '-', '.', ' ', '#', 'é'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const chatname = fc.string({ unit: character, minLength: 1, maxLength: 12 }).filter((name) => !/\p{Cs}/u.test(name));
const room = fc
  .oneof(
    fc.stringMatching(/^#[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/),
    fc.stringMatching(/^#0_([a-z0-9]|_[0-9a-fA-F]{2}){1,9}$/),
  )
  .filter(isRoomName);

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
  ['_', '#0__5f'],
  ['0_', '#0_'],
  ['0_garden', '#0_garden'],
  ['0__5f', '#0_0_5f_5f5f'],
])('the chat %s is the room %s, and the other way round', (chat, name) => {
  expect(roomOfChat(chat)).toBe(name);
  expect(chatOfRoom(name as RoomName)).toBe(chat);
});

test.each(['', ' '.repeat(11), 'x'.repeat(33), 'é'.repeat(6)])('%j is no name of a chat', (name) => {
  expect(() => roomOfChat(name)).toThrow(expect.objectContaining({ code: 'chat_name_invalid' }));
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
