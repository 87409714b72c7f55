/** One append-only file of a journal: a line of JSON for each send, and one for each that was answered. Needs Node. */

import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { encodeText } from '../../shared/bytes';
import type { JournaledSend } from './journal';

/** What a line says. */
export type JournalLine =
  | { readonly kind: 'send'; readonly send: JournaledSend }
  | { readonly kind: 'answered'; readonly key: string };

/** The lines of a file, without those that are torn: JSON that is cut off is no JSON. A file that is not there has none. */
export function readJournal(path: string): readonly JournalLine[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => readLine(line) ?? []);
}

/** A file of this process, open for as long as it is appended to. */
export class JournalFile {
  private readonly descriptor: number;
  private readonly inode: number;
  private bytes = 0;
  private isTorn = false;

  /** Makes the file, for nobody else to read: message bodies are in it. Throws when it cannot, or is there already. */
  constructor(readonly path: string) {
    this.descriptor = openSync(path, 'ax', 0o600);
    this.inode = fstatSync(this.descriptor).ino;
    syncFolder(dirname(path));
  }

  /** Its length. */
  get size(): number {
    return this.bytes;
  }

  /** Whether it still stands where it was made: somebody may have removed it, or taken it for that of a process that
   *  is no more. */
  get isInPlace(): boolean {
    return statSync(this.path, { throwIfNoEntry: false })?.ino === this.inode;
  }

  /** Appends sends. When this returns they are on the disk. Throws when they are not. */
  append(sends: readonly JournaledSend[]): void {
    this.write(sends.map(({ key, to, body }) => ({ send: { key, to, body } })));
    fdatasyncSync(this.descriptor);
  }

  /** Appends that a send was answered. Does not wait for the disk. */
  appendAnswered(key: string): void {
    this.write([{ answered: key }]);
  }

  /** Makes it empty. */
  clear(): void {
    ftruncateSync(this.descriptor, 0);
    this.bytes = 0;
    this.isTorn = false;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private write(lines: readonly object[]): void {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    // What stands there of a line that could not be written must not spoil the next one.
    const bytes = encodeText(this.isTorn ? `\n${text}` : text);
    this.isTorn = true;
    for (let written = 0; written < bytes.length; ) {
      const count = writeSync(this.descriptor, bytes, written);
      written += count;
      this.bytes += count;
    }
    this.isTorn = false;
  }
}

/** Removes a file; one that is not there is removed already. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Whether this is how Node says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return isRecord(error) && error.code === 'ENOENT';
}

function readLine(line: string): JournalLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { send, answered } = value;
  if (typeof answered === 'string') return { kind: 'answered', key: answered };
  if (!isRecord(send)) return undefined;
  const { key, to, body } = send;
  if (typeof key !== 'string' || typeof to !== 'string' || typeof body !== 'string') return undefined;
  return { kind: 'send', send: { key, to, body } };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A new file is found after a power cut only if its folder was written too. */
function syncFolder(path: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    // Not every system opens folders.
    return;
  }
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
