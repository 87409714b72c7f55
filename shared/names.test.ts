import fc from 'fast-check';
import { limits } from './limits';
import {
  isRoomName,
  isSameName,
  isUsername,
  nameKey,
  parseDestination,
  parseNewUsername,
  parseRoomName,
  parseUsername,
} from './names';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const first = fc.constantFrom(...letters);
const name = nameOf(limits.usernameLengthMax);
const roomName = nameOf(limits.roomNameLengthMax);

function nameOf(lengthMax: number): fc.Arbitrary<string> {
  const rest = fc.string({ unit: fc.constantFrom(...letters, '_', '.', '-'), maxLength: lengthMax - 1 });
  return fc.tuple(first, rest).map(([start, end]) => start + end);
}

const valid = ['a', 'Z', '0', '9lives', 'alice', 'Bob_2.x-y', 'a.', 'a-', 'a_', 'x'.repeat(32)];
const tooLong = 'x'.repeat(33);
const invalid = [
  '',
  ' ',
  '_a',
  '.a',
  '-a',
  '#a',
  'a b',
  ' a',
  'a ',
  'a\n',
  '\na',
  'a\0',
  'a#',
  'a@b',
  'a/b',
  'é',
  'a\u0301',
  '\u212a',
  '\uff41',
];

describe('a username', () => {
  test.each(valid)('may be %j', (text) => {
    expect(isUsername(text)).toBe(true);
    expect(parseUsername(text)).toBe(text);
    expect(parseNewUsername(text)).toBe(text);
    expect(parseDestination(text)).toBe(text);
  });

  test.each([...invalid, tooLong])('may not be %j', (text) => {
    expect(isUsername(text)).toBe(false);
    const refusal = expect.objectContaining({ code: 'name_invalid', detail: { name: text } });
    expect(() => parseUsername(text)).toThrow(refusal);
    expect(() => parseNewUsername(text)).toThrow(refusal);
  });

  test('is up to 32 letters, digits, _ . and -, and starts with a letter or digit', () => {
    fc.assert(fc.property(name, (text) => expect(isUsername(text)).toBe(true)));
  });

  test('is made of no other characters, in no place', () => {
    for (let code = 0; code < 0x180; code += 1) {
      const character = String.fromCharCode(code);
      expect(isUsername(character)).toBe(letters.includes(character));
      expect(isUsername(`a${character}b`)).toBe(`${letters}_.-`.includes(character));
    }
  });
});

describe('a reserved name', () => {
  test.each(['server', 'system', 'Server', 'SYSTEM'])('%s is not for a new account', (text) => {
    expect(() => parseNewUsername(text)).toThrow(
      expect.objectContaining({ code: 'name_reserved', message: `the name ${text} is reserved` }),
    );
    expect(parseUsername(text)).toBe(text);
  });

  test.each(['servers', 'my.system', 'serve'])('%s is none', (text) => {
    expect(parseNewUsername(text)).toBe(text);
  });
});

describe('a room', () => {
  test.each([...valid, tooLong, 'server', 'x'.repeat(254)])('is # and a name: #%s', (text) => {
    expect(isRoomName(`#${text}`)).toBe(true);
    expect(parseRoomName(`#${text}`)).toBe(`#${text}`);
    expect(parseDestination(`#${text}`)).toBe(`#${text}`);
  });

  test.each([...invalid, 'x'.repeat(255)])('is nothing else: # and %j', (text) => {
    expect(isRoomName(`#${text}`)).toBe(false);
    const refusal = expect.objectContaining({ code: 'room_name_invalid', detail: { name: `#${text}` } });
    expect(() => parseRoomName(`#${text}`)).toThrow(refusal);
    expect(() => parseDestination(`#${text}`)).toThrow(refusal);
  });

  test('is # and up to 254 letters, digits, _ . and -, the first of which is a letter or digit', () => {
    fc.assert(fc.property(roomName, (text) => expect(isRoomName(`#${text}`)).toBe(true)));
  });

  test.each(['garden', '', 'xa'])('does not go without its #: %j', (text) => {
    expect(isRoomName(text)).toBe(false);
    expect(() => parseRoomName(text)).toThrow(expect.objectContaining({ code: 'room_name_invalid' }));
  });
});

test('a destination that is neither is refused as a username', () => {
  expect(() => parseDestination('a b')).toThrow(expect.objectContaining({ code: 'name_invalid' }));
});

test('two names are the same when they differ in case alone', () => {
  expect(isSameName('Alice', 'aLICE')).toBe(true);
  expect(isSameName('#Garden', '#gARDEN')).toBe(true);
  expect(isSameName('alice', 'alicf')).toBe(false);
  expect(isSameName('garden', '#garden')).toBe(false);
});

test.each([
  ['names of accounts', name, ''],
  ['names of rooms', roomName, '#'],
])('two %s have one key exactly when they are the same', (_, names, before) => {
  fc.assert(
    fc.property(names, names, (a, b) => {
      const keyOf = (text: string) => nameKey(parseDestination(before + text));
      expect(keyOf(a)).toBe(keyOf(a.toUpperCase()));
      expect(keyOf(a) === keyOf(b)).toBe(isSameName(a, b));
    }),
  );
});

test('a room and an account of one name have different keys', () => {
  expect(nameKey(parseRoomName('#Garden'))).toBe('#garden');
  expect(nameKey(parseUsername('Garden'))).toBe('garden');
});
