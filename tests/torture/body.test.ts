import { bodyOf, nameOf } from './body';

describe('a body', () => {
  it('tells its sender and number', () => {
    for (let number = 1; number < 3_000; number++) {
      expect(nameOf(bodyOf(number % 40, number))).toEqual({ sender: number % 40, number });
    }
  });

  it('fits into a line however it is escaped, and survives as UTF-8', () => {
    for (let number = 1; number < 20_000; number++) {
      const body = bodyOf(3, number);
      expect(Buffer.byteLength(body.replaceAll(/[\\\r\n]/g, '\\n'))).toBeLessThanOrEqual(65_536);
      expect(Buffer.from(body).toString()).toBe(body);
    }
  });

  it.each([
    ['is cut', (body: string) => body.slice(0, -1)],
    ['is longer', (body: string) => `${body}.`],
    ['has a byte changed', (body: string) => `${body.slice(0, 20)}X${body.slice(21)}`],
    ['has another number', (body: string) => body.replace('3.77', '3.78')],
    ['is empty', () => ''],
  ])('is nobody’s when it %s', (_how, spoil) => {
    const body = bodyOf(3, 77);
    expect(body.length).toBeGreaterThan(30);
    expect(nameOf(spoil(body)).sender).toBe(-1);
  });
});
