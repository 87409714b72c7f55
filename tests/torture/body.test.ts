import { bodyOf, nameOf } from './body';
import { type Alphabet, alphabets, asShownOn, wires } from './wires';

const all: readonly Alphabet[] = ['any', 'line', 'ascii'];
const asSent = (sender: number, number: number): string => bodyOf(sender, number, 'any');

describe('a body', () => {
  it.each(all)('of the alphabet %s tells its sender and number', (alphabet) => {
    const expected = (sender: number, number: number): string => bodyOf(sender, number, alphabet);
    for (let number = 1; number < 3_000; number++) {
      const sender = number % 40;
      expect(nameOf(bodyOf(sender, number, alphabet), expected)).toEqual({ sender, number });
    }
  });

  it('fits into a line however it is escaped, and survives as UTF-8', () => {
    for (let number = 1; number < 20_000; number++) {
      const body = bodyOf(3, number, 'any');
      expect(Buffer.byteLength(body.replaceAll(/[\\\r\n]/g, '\\n'))).toBeLessThanOrEqual(65_536);
      expect(Buffer.from(body).toString()).toBe(body);
    }
  });

  it('is not cut in a packet of the nick room', () => {
    for (let number = 1; number < 20_000; number++) {
      const message = { timestamp: '2026-09-10 00:26:40', nickname: 'a'.repeat(32), message: bodyOf(3, number, 'any') };
      expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(65_535);
    }
  });

  it('of each wire reaches its server as it was sent', () => {
    for (let number = 1; number < 5_000; number++) {
      expect(bodyOf(3, number, alphabets.chatbot)).toMatch(/^\p{ASCII}*$/u);
      expect(bodyOf(3, number, alphabets.classic)).not.toMatch(/[\r\n]/);
    }
  });

  it('is told apart from every other on each wire that changes it', () => {
    for (const wire of wires) {
      const shown = (sender: number, number: number): string => asShownOn(wire, asSent(sender, number));
      expect(nameOf(shown(3, 77), shown)).toEqual({ sender: 3, number: 77 });
      expect(nameOf(shown(3, 77).slice(0, -1), shown).sender).toBe(-1);
    }
    expect(asShownOn('chatbot', 'é 🦊 |||')).toBe('? ? ???');
    expect(asShownOn('classic', 'a\r\n\nb\u2028c')).toBe('a b c');
  });

  it.each([
    ['is cut', (body: string) => body.slice(0, -1)],
    ['is longer', (body: string) => `${body}.`],
    ['has a byte changed', (body: string) => `${body.slice(0, 20)}X${body.slice(21)}`],
    ['has another number', (body: string) => body.replace('3.77', '3.78')],
    ['is empty', () => ''],
  ])('is nobody’s when it %s', (_how, spoil) => {
    const body = bodyOf(3, 77, 'any');
    expect(body.length).toBeGreaterThan(30);
    expect(nameOf(spoil(body), asSent).sender).toBe(-1);
  });
});
