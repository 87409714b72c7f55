import fc from 'fast-check';
import { roomKey, roomNameFor, textOfRoomName } from './escaped-names';
import { isSameName, nameKey, type RoomName } from './names';

const keyOf = (text: string): string => roomKey(roomNameFor(text) as RoomName);

test.each([
  ['caf\u00e9', 'cafe\u0301', 'two Unicode forms'],
  ['Caf\u00e9', 'CAFE\u0301', 'case and two Unicode forms'],
  ['\u1e9b\u0323', '\u1e69', 'a character with a compatibility form'],
  ['ＡＢＣ', 'abc', 'full width'],
  ['ﬁne', 'fine', 'a ligature'],
  ['Straße', 'STRASSE', 'a sharp s'],
  ['STRAẞE', 'strasse', 'a capital sharp s'],
  ['ΟΔΟΣ', 'οδος', 'a final sigma'],
  ['οδοσ', 'οδος', 'a sigma that is not final'],
  ['ПЯТНИЧНЫЙ созыв', 'пятничный Созыв', 'Cyrillic case'],
  ['Å', '\u212b', 'the sign of the ångström'],
  ['my friends', 'My Friends', 'ASCII'],
])('the texts %s and %s have one key (%#: %s)', (one, other) => {
  expect(keyOf(one)).toBe(keyOf(other));
});

test.each([
  ['cafe', 'café'],
  ['ı', 'i'],
  ['ö', 'oe'],
  ['my friends', 'my  friends'],
  ['週', '周'],
  ['0_a', '0_b'],
  ['0_garden', '0__garden'],
])('the texts %s and %s have different keys', (one, other) => {
  expect(keyOf(one)).not.toBe(keyOf(other));
});

test('each character has the key of its other forms and of its upper and lower case', () => {
  const different: string[] = [];
  for (let point = 1; point <= 0x10ffff; point += 1) {
    // Half a surrogate pair is no text, and the upper case of the Turkish ı is that of another letter.
    if ((point >= 0xd800 && point <= 0xdfff) || point === 0x131) continue;
    const text = `${String.fromCodePoint(point)}!`;
    const normalized = ['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => text.normalize(form));
    const forms = [...normalized, text.toLowerCase(), text.toUpperCase()].filter((form) => form !== text);
    if (forms.some((form) => keyOf(form) !== keyOf(text))) different.push(`U+${point.toString(16)}`);
  }
  expect(different).toEqual([]);
});

test('a key is the key of itself, and names that differ in the case of A to Z have one key', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.stringMatching(/^0_[a-f0-9_A-F]{1,9}$/));
  fc.assert(
    fc.property(text, (typed) => {
      const name = roomNameFor(typed) as RoomName;
      const key = roomKey(name);
      expect(roomKey(key as string as RoomName)).toBe(key);
      expect(roomKey(name.toUpperCase() as RoomName)).toBe(key);
      expect(textOfRoomName(name)).toBe(typed);
    }),
    { numRuns: 2_000 },
  );
});

test.each(['#garden', '#Garden.2', '#0_', '#0_garden', '#0__41', '#0__c3'])(
  'the room %s, which stands for itself, has its name in lower case as its key',
  (name) => {
    expect(roomKey(name as RoomName)).toBe(nameKey(name as RoomName));
    expect(isSameName(roomKey(name as RoomName), name)).toBe(true);
  },
);
