/** Values as bytes in one growing buffer, which crosses to another thread without being copied. */

/** Writes values behind one another. Text is ASCII, as names and keys are, and at most 255 characters. */
export class PackWriter {
  private bytes: Uint8Array<ArrayBuffer>;
  private view: DataView;
  private used = 0;

  /** `bytesInitial` is a guess; the buffer doubles when it is short. */
  constructor(bytesInitial: number) {
    this.bytes = new Uint8Array(bytesInitial);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.used;
  }

  /** What holds the bytes; only the first {@link PackWriter.length} of it count. */
  get buffer(): ArrayBuffer {
    return this.bytes.buffer;
  }

  /** Makes sure that `more` bytes fit: the methods below do not look. */
  reserve(more: number): void {
    const needed = this.used + more;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, needed));
    grown.set(this.bytes.subarray(0, this.used));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  u8(value: number): void {
    this.bytes[this.used++] = value;
  }

  u32(value: number): void {
    this.view.setUint32(this.used, value);
    this.used += 4;
  }

  /** An integer that a number can hold exactly, as SQLite writes them: big-endian, two's complement. */
  i64(value: number): void {
    this.view.setInt32(this.used, Math.floor(value / 2 ** 32));
    this.view.setUint32(this.used + 4, value);
    this.used += 8;
  }

  /** Any number, such as an id, a seq or a time. */
  f64(value: number): void {
    this.view.setFloat64(this.used, value);
    this.used += 8;
  }

  /** Takes one byte more than `text` has characters. */
  ascii(text: string): void {
    const { bytes } = this;
    const { length } = text;
    let at = this.used;
    bytes[at++] = length;
    for (let i = 0; i < length; i += 1) bytes[at++] = text.charCodeAt(i);
    this.used = at;
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.used);
    this.used += bytes.length;
  }

  /** Writes from the beginning again, over what was there. */
  clear(): void {
    this.used = 0;
  }

  /** A view of the bytes written so far. */
  get written(): Uint8Array {
    return this.bytes.subarray(0, this.used);
  }

  /** Takes four bytes more than `body` has. */
  body(body: Uint8Array): void {
    this.u32(body.length);
    this.raw(body);
  }
}

/** Reads what a {@link PackWriter} wrote, in the same order. Bodies are views of the buffer. */
export class PackReader {
  private readonly bytes: Buffer<ArrayBuffer>;
  private readonly view: DataView;
  private at = 0;

  constructor(
    buffer: ArrayBuffer,
    private readonly length: number,
  ) {
    this.bytes = Buffer.from(buffer, 0, length);
    this.view = new DataView(buffer, 0, length);
  }

  get isAtEnd(): boolean {
    return this.at >= this.length;
  }

  u8(): number {
    const value = this.view.getUint8(this.at);
    this.at += 1;
    return value;
  }

  u32(): number {
    const value = this.view.getUint32(this.at);
    this.at += 4;
    return value;
  }

  f64(): number {
    const value = this.view.getFloat64(this.at);
    this.at += 8;
    return value;
  }

  ascii(): string {
    const length = this.u8();
    const start = this.at;
    this.at += length;
    return length === 0 ? '' : this.bytes.toString('latin1', start, this.at);
  }

  body(): Uint8Array<ArrayBuffer> {
    return this.raw(this.u32());
  }

  /** The next `length` bytes, as a view. */
  raw(length: number): Buffer<ArrayBuffer> {
    const start = this.at;
    this.at += length;
    return this.bytes.subarray(start, this.at);
  }
}
