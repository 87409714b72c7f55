import fc from 'fast-check';
import { ByteWriter, decodeText, encodeText, isPlainUtf8, utf8Length } from './bytes';

/** Lengths around those from which the engine's decoder and encoder are used. */
const aroundShort = [0, 1, 11, 12, 13, 39, 40, 41, 200];

const text = fc.string({ unit: 'binary', maxLength: 200 });

describe('isPlainUtf8', () => {
  test.each(aroundShort)('%i bytes of ASCII are', (length) => {
    expect(isPlainUtf8(new Uint8Array(length).fill(0x7f))).toBe(true);
  });

  test('every code point but NUL is', () => {
    for (let point = 1; point <= 0x10ffff; point += point < 0x3000 ? 1 : 97) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      if (!isPlainUtf8(Buffer.from(String.fromCodePoint(point)))) throw new Error(`U+${point.toString(16)}`);
    }
    expect(isPlainUtf8(Buffer.from('\u{10ffff}\ud7ff\ue000\ufeff\ufffd\uffff'))).toBe(true);
  });

  test('a NUL is not, wherever it stands', () => {
    for (const around of ['', 'a', 'é', 'x'.repeat(100)]) {
      expect(isPlainUtf8(Buffer.from(`${around}\0`))).toBe(false);
      expect(isPlainUtf8(Buffer.from(`\0${around}`))).toBe(false);
      expect(isPlainUtf8(Buffer.from(`${around}\0${around}`))).toBe(false);
    }
  });

  test('a byte from 0x80 on alone is not, and half a character leaves no trace in what is looked at next', () => {
    for (let byte = 0x80; byte < 0x100; byte += 1) {
      expect(isPlainUtf8(Uint8Array.of(byte))).toBe(false);
      expect(isPlainUtf8(Buffer.from('é'))).toBe(true);
    }
  });

  test.each([62, 63, 64, 65, 5_000])('%i bytes are like fewer, however they are looked at', (length) => {
    const bytes = Buffer.alloc(length, 'x');
    expect(isPlainUtf8(bytes)).toBe(true);
    for (const at of [0, length >> 1, length - 1]) {
      for (const wrong of [0, 0x80, 0xff]) {
        const changed = Buffer.from(bytes);
        changed[at] = wrong;
        expect(isPlainUtf8(changed)).toBe(false);
      }
    }
    bytes.write('é', length - 2);
    expect(isPlainUtf8(bytes)).toBe(true);
    expect(isPlainUtf8(bytes.subarray(0, -1))).toBe(false);
  });

  test('any bytes are exactly where Buffer finds nothing to replace', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const isUtf8 = Buffer.from(Buffer.from(bytes).toString('utf8')).equals(bytes);
        expect(isPlainUtf8(bytes)).toBe(isUtf8 && !bytes.includes(0));
      }),
    );
  });
});

describe('text', () => {
  test('comes back from its bytes as it was', () => {
    fc.assert(fc.property(text, (value) => expect(decodeText(encodeText(value))).toBe(value)));
  });

  test.each(aroundShort)('of %i characters of ASCII, or with one that is not at the end, comes back', (length) => {
    const ascii = 'x\x7f'.repeat(length).slice(0, length);
    expect(decodeText(Buffer.from(ascii))).toBe(ascii);
    expect(decodeText(Buffer.from(`${ascii}\u0080`))).toBe(`${ascii}\u0080`);
  });

  test('of a part of the bytes is what the part alone gives', () => {
    fc.assert(
      fc.property(text, text, text, (before, part, after) => {
        const start = Buffer.byteLength(before);
        const bytes = encodeText(before + part + after);
        expect(decodeText(bytes, start, start + Buffer.byteLength(part))).toBe(part);
      }),
    );
  });

  test('keeps a byte order mark', () => {
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
    expect(decodeText(Buffer.from(`\ufeff${'x'.repeat(100)}`))).toBe(`\ufeff${'x'.repeat(100)}`);
  });

  test.each(aroundShort)('is not made of %i bytes and one that is not UTF-8', (length) => {
    const bytes = new Uint8Array(length + 1).fill(0x61);
    bytes[length] = 0xff;
    expect(() => decodeText(bytes)).toThrow(expect.objectContaining({ name: 'TypeError' }));
  });

  test('is not made of any byte from 0x80 on alone', () => {
    for (let byte = 0x80; byte < 0x100; byte += 1) {
      expect(() => decodeText(Uint8Array.of(byte))).toThrow(expect.objectContaining({ name: 'TypeError' }));
    }
  });

  test('is measured in bytes', () => {
    fc.assert(fc.property(text, (value) => expect(utf8Length(value)).toBe(Buffer.byteLength(value))));
  });
});

describe('ByteWriter', () => {
  const piece = fc.oneof(
    fc.record({ byte: fc.nat({ max: 0xff }) }),
    fc.record({ raw: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({ text: fc.string({ unit: 'binary', maxLength: 90 }) }),
    fc.record({ text: fc.string({ unit: 'binary-ascii', maxLength: 90 }) }),
  );

  test('holds what was written in the order it was written, whatever its first size', () => {
    fc.assert(
      fc.property(fc.nat({ max: 64 }), fc.array(piece), (initialBytes, pieces) => {
        const out = new ByteWriter(initialBytes);
        const written = pieces.map((one) => {
          if ('byte' in one) {
            out.byte(one.byte);
            return Buffer.of(one.byte);
          }
          if ('raw' in one) {
            out.raw(one.raw);
            return Buffer.from(one.raw);
          }
          out.text(one.text);
          return Buffer.from(one.text);
        });
        const all = Buffer.concat(written);
        expect(out.length).toBe(all.length);
        expect(Buffer.from(out.take())).toEqual(all);
      }),
    );
  });

  test('is empty at first', () => {
    const out = new ByteWriter();
    expect(out.length).toBe(0);
    expect(out.take()).toHaveLength(0);
  });

  test('is empty after a take, and what was taken stays as it was', () => {
    const out = new ByteWriter(4);
    out.text('one');
    const first = out.take();
    expect(out.length).toBe(0);
    out.text('second');
    const second = out.take();
    out.raw(new Uint8Array(100));
    expect(Buffer.from(first).toString()).toBe('one');
    expect(Buffer.from(second).toString()).toBe('second');
    expect(first.buffer).not.toBe(second.buffer);
  });

  test('starts with the size it was given, also after a take', () => {
    const out = new ByteWriter(8);
    for (let round = 0; round < 2; round += 1) {
      out.raw(new Uint8Array(8));
      expect(out.take().buffer.byteLength).toBe(8);
      out.raw(new Uint8Array(8));
      out.byte(0);
      expect(out.take().buffer.byteLength).toBe(16);
    }
  });

  test('starts with 1,024 bytes where no size was given', () => {
    const out = new ByteWriter();
    out.byte(0);
    expect(out.take().buffer.byteLength).toBe(1_024);
  });

  test('takes no memory before the first byte', () => {
    const out = new ByteWriter();
    expect(out.take().buffer.byteLength).toBe(0);
    out.byte(0);
    out.take();
    expect(out.take().buffer.byteLength).toBe(0);
  });

  test('doubles rather than growing byte by byte', () => {
    const out = new ByteWriter(1);
    const memories = new Set<ArrayBuffer>();
    for (let i = 0; i < 4_096; i += 1) {
      out.byte(i);
      memories.add((out as unknown as { bytes: Uint8Array<ArrayBuffer> }).bytes.buffer);
    }
    expect(memories.size).toBe(13);
    expect(out.take().buffer.byteLength).toBe(4_096);
  });

  test('grows at once to what is needed where doubling is too little', () => {
    const out = new ByteWriter(8);
    out.byte(1);
    out.raw(new Uint8Array(99));
    expect(out.take().buffer.byteLength).toBe(100);
  });

  test.each(aroundShort)('writes a text of %i characters, ASCII up to its last one', (length) => {
    for (const last of ['', 'x', '\x7f', '\u0080', '\u{1f511}']) {
      const value = 'y'.repeat(length) + last;
      const out = new ByteWriter(1);
      out.byte(0x2e);
      out.text(value);
      out.byte(0x2e);
      expect(Buffer.from(out.take()).toString()).toBe(`.${value}.`);
    }
  });

  test('has room for a text of the widest characters', () => {
    const out = new ByteWriter(0);
    out.text('\uffff'.repeat(1_000));
    expect(out.length).toBe(3_000);
  });

  test('writes half a surrogate pair as a replacement character', () => {
    const out = new ByteWriter();
    out.text('a\ud83d');
    expect(Buffer.from(out.take()).toString()).toBe('a\ufffd');
  });
});
