/** A journal on disk. Needs Node.
 *
 *  Each process writes files of its own, `<folder>/<server>/<account>.<process>.<random>.journal`, so that two clients of
 *  one account need no lock and cannot write into each other's lines. Whoever opens the journal next takes over the files
 *  of processes that are no more, by renaming them: of two that try, one succeeds. Should a process be taken for gone that
 *  is not (in another container with the same home, say), a send is made twice under one key, which is one message. */

import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JournaledSend, OpenJournal, SendJournal } from './journal';
import { isMissing, JournalFile, readJournal, removeFile } from './journal-file';
import { isRunning, thisOwner } from './journal-owner';
import { clientLimits } from './limits';

export interface FileJournalOptions {
  /** Where journals are kept; made when it is not there, for nobody else to read. */
  readonly folder: string;
  /** Tells servers apart, such as `127.0.0.1:8888`. */
  readonly server: string;
}

/** Keeps sends on disk:
 *
 *      createClient({ connect: tcp(address), journal: fileJournal({ folder, server: '127.0.0.1:8888' }) })
 */
export function fileJournal({ folder, server }: FileJournalOptions): OpenJournal {
  const place = join(folder, fileName(server));
  return (account) => new FileJournal(place, fileName(account));
}

/** Files of this process that are in use: those of its other clients are not to be taken over. */
const inUse = new Set<string>();

class FileJournal implements SendJournal {
  private readonly sends = new Map<string, JournaledSend>();
  /** Of everything that is pending, in characters. */
  private bodiesLength = 0;
  /** What this process writes; none as long as there is nothing to write. */
  private file: JournalFile | undefined;
  /** Files of processes that are no more, under names of this one. */
  private taken: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly account: string,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.taken = filesLeft(folder, account).flatMap((name) => this.take(name) ?? []);
    const answered = new Set<string>();
    for (const line of this.taken.flatMap(readJournal)) {
      if (line.kind === 'answered') answered.add(line.key);
      // A file that was begun anew and the one before it may hold the same.
      else if (!this.sends.has(line.send.key)) this.put(line.send);
    }
    for (const key of answered) this.drop(key);
    if (this.sends.size === 0) this.compact();
  }

  get pending(): readonly JournaledSend[] {
    return [...this.sends.values()];
  }

  add(send: JournaledSend): void {
    this.put(send);
    try {
      if (this.file?.isInPlace === true) this.file.append([send]);
      else this.beginFile();
    } catch (error) {
      this.drop(send.key);
      throw error;
    }
  }

  remove(key: string): void {
    if (!this.drop(key)) return;
    try {
      if (this.sends.size === 0 || this.isLarge) this.compact();
      // Files that were taken are not written to.
      else if (this.file === undefined) this.beginFile();
      else this.file.appendAnswered(key);
    } catch {
      // It will be repeated once more than needed, and its key makes that harmless.
    }
  }

  close(): void {
    try {
      if (this.sends.size === 0 && this.file !== undefined) removeFile(this.file.path);
      this.file?.close();
    } catch {
      // Whoever opens it next finds nothing in it, and removes it.
    }
    if (this.file !== undefined) inUse.delete(this.file.path);
    for (const path of this.taken) inUse.delete(path);
  }

  private get isLarge(): boolean {
    const { file } = this;
    return file !== undefined && file.size > clientLimits.journalBytesMin && file.size > 4 * this.bodiesLength;
  }

  private put(send: JournaledSend): void {
    this.sends.set(send.key, send);
    this.bodiesLength += send.body.length;
  }

  private drop(key: string): boolean {
    this.bodiesLength -= this.sends.get(key)?.body.length ?? 0;
    return this.sends.delete(key);
  }

  /** Leaves nothing on the disk but what is pending. */
  private compact(): void {
    if (this.sends.size > 0) {
      this.beginFile();
      return;
    }
    for (const path of this.taken.splice(0)) discard(path);
    this.file?.clear();
  }

  /** Begins a file with everything that is pending, and then removes what held it before. */
  private beginFile(): void {
    const path = this.newPath();
    const file = new JournalFile(path);
    inUse.add(path);
    try {
      file.append(this.pending);
    } catch (error) {
      file.close();
      discard(path);
      throw error;
    }
    const before = this.file;
    this.file = file;
    before?.close();
    for (const old of [...this.taken.splice(0), ...(before === undefined ? [] : [before.path])]) discard(old);
  }

  /** Takes a file that its process has left; gives its new path, or undefined when somebody else was faster. */
  private take(name: string): string | undefined {
    const path = this.newPath();
    inUse.add(path);
    try {
      renameSync(join(this.folder, name), path);
      return path;
    } catch (error) {
      inUse.delete(path);
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  private newPath(): string {
    const random = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0'));
    return join(this.folder, `${this.account}.${thisOwner()}.${random.join('')}.journal`);
  }
}

/** The files of an account whose processes are no more, the one that was written last at the end. */
function filesLeft(folder: string, account: string): string[] {
  const left: { readonly name: string; readonly writtenMs: number }[] = [];
  for (const name of readdirSync(folder)) {
    // A name may hold dots, what stands behind it does not.
    const [, whose, owner = ''] = /^(.+)\.(\d+-\d+)\.[0-9a-f]+\.journal$/.exec(name) ?? [];
    if (whose !== account) continue;
    const isOpen = owner === thisOwner() ? inUse.has(join(folder, name)) : isRunning(owner);
    const status = isOpen ? undefined : statSync(join(folder, name), { throwIfNoEntry: false });
    if (status !== undefined) left.push({ name, writtenMs: status.mtimeMs });
  }
  return left.sort((one, other) => one.writtenMs - other.writtenMs).map(({ name }) => name);
}

function discard(path: string): void {
  inUse.delete(path);
  removeFile(path);
}

/** A name as part of a path: the server's word for an account is not trusted to be one. */
function fileName(name: string): string {
  return encodeURIComponent(name.toLowerCase()).replace(/^\.+$/, (dots) => dots.replaceAll('.', '%2E'));
}
