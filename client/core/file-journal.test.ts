import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileJournal } from './file-journal';
import type { SendJournal } from './journal';
import { ownerOf, thisOwner } from './journal-owner';
import { clientLimits } from './limits';

let folder: string;
const journals: SendJournal[] = [];

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'chateau-journal-')), 'state');
});
afterEach(() => {
  for (const journal of journals.splice(0)) journal.close();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

function open(account = 'alice', server = 'host:1'): SendJournal {
  const journal = fileJournal({ folder, server })(account);
  journals.push(journal);
  return journal;
}

function send(key: string, body = `body of ${key}`) {
  return { key, to: 'bob', body };
}

function keys(journal: SendJournal): string[] {
  return journal.pending.map(({ key }) => key);
}

/** All files below the folder. */
function files(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function onlyFile(): string {
  const [file, ...others] = files();
  if (file === undefined || others.length > 0) throw new Error(`not one file: ${files()}`);
  return file;
}

/** As if the file's process had been another one. */
function giveTo(owner: string, file: string): void {
  renameSync(file, file.replace(thisOwner(), owner));
}

/** A process that has ended: its number may be somebody else's by now, when it started is not. */
const gone = `${process.pid}-1`;

describe('what is pending', () => {
  test('is found by the next process as it was sent, in its order, without what was answered', () => {
    const first = open();
    const bodies = ['two\nlines', 'a "quote" and a \\', 'ünïcode 🔑', '\u2028', ' '];
    for (const [index, body] of bodies.entries()) first.add(send(`k${index}`, body));
    first.remove('k1');
    giveTo(gone, onlyFile());
    expect(open().pending).toEqual([0, 2, 3, 4].map((index) => send(`k${index}`, bodies[index])));
  });

  test('is found again by the process after that, whether that one has answered some of it or crashed', () => {
    const first = open();
    for (const key of ['a', 'b', 'c']) first.add(send(key));
    giveTo(gone, onlyFile());
    const second = open();
    second.remove('b');
    second.add(send('d'));
    for (const file of files()) giveTo(gone, file);
    expect(keys(open())).toEqual(['a', 'c', 'd']);
  });

  test('is found without what the process in between has had an answer to, and nothing else to write', () => {
    const first = open();
    for (const key of ['a', 'b', 'c']) first.add(send(key));
    giveTo(gone, onlyFile());
    const second = open();
    second.remove('b');
    second.close();
    expect(keys(open())).toEqual(['a', 'c']);
  });

  test('is left by a client that was closed to the next one of the same process', () => {
    const first = open();
    first.add(send('a'));
    first.close();
    expect(keys(open())).toEqual(['a']);
  });

  test('of one account or server is not that of another', () => {
    open('alice').add(send('a'));
    open('alice.1-1', 'host:1').add(send('b'));
    open('alice', 'host:2').add(send('c'));
    for (const file of files()) giveTo(gone, file);
    expect([keys(open('alice')), keys(open('alice.1-1')), keys(open('alice', 'host:2')), keys(open('bob'))]).toEqual([
      ['a'],
      ['b'],
      ['c'],
      [],
    ]);
  });

  test('survives a line that is torn at any byte, all but that line', () => {
    const first = open();
    first.add(send('a'));
    first.add(send('b'));
    first.remove('a');
    first.add(send('c'));
    first.close();
    const whole = readFileSync(onlyFile());
    const ends = [...whole.entries()].flatMap(([index, byte]) => (byte === 10 ? [index] : []));
    const expected = [['a'], ['a', 'b'], ['b'], ['b', 'c']];
    for (let length = 0; length <= whole.length; length += 1) {
      for (const file of files()) rmSync(file);
      writeFileSync(join(folder, 'host%3A1', `alice.${gone}.ab.journal`), whole.subarray(0, length));
      const journal = fileJournal({ folder, server: 'host:1' })('alice');
      const lines = ends.filter((end) => end <= length).length;
      expect(keys(journal)).toEqual(expected[lines - 1] ?? []);
      journal.close();
    }
  });
});

describe('two clients of one account', () => {
  test('write files of their own, and neither takes what the other waits for', () => {
    const [first, second] = [open(), open()];
    first.add(send('a'));
    second.add(send('b'));
    expect(files()).toHaveLength(2);
    expect([keys(first), keys(second), keys(open())]).toEqual([['a'], ['b'], []]);
  });

  test('in two processes: what a running one waits for is not taken, what one that was killed waited for is', async () => {
    open().add(send('a'));
    const other = spawn('sleep', ['60']);
    await once(other, 'spawn');
    giveTo(ownerOf(other.pid ?? 0), onlyFile());
    expect(keys(open())).toEqual([]);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(keys(open())).toEqual(['a']);
  });

  test('a file that was taken by mistake, or removed, is begun anew with everything in it', () => {
    const journal = open();
    journal.add(send('a'));
    rmSync(onlyFile());
    journal.add(send('b'));
    giveTo(gone, onlyFile());
    expect(keys(open())).toEqual(['a', 'b']);
  });
});

describe('on the disk', () => {
  test('nobody else may read it', () => {
    open().add(send('a'));
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
    expect(statSync(join(onlyFile(), '..')).mode & 0o777).toBe(0o700);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('there is nothing before the first send, and nothing of bodies once all are answered', () => {
    const journal = open();
    expect(files()).toEqual([]);
    journal.add(send('a'));
    journal.add(send('b'));
    journal.remove('a');
    journal.remove('b');
    expect(statSync(onlyFile()).size).toBe(0);
    journal.close();
    expect(files()).toEqual([]);
  });

  test('a file in which little is pending is written anew, without the rest', () => {
    const journal = open();
    journal.add(send('first'));
    for (let index = 0; index < 40; index += 1) {
      journal.add(send(`k${index}`, 'x'.repeat(65_536)));
      journal.remove(`k${index}`);
    }
    expect(statSync(onlyFile()).size).toBeLessThan(clientLimits.journalBytesMin + 2 * 65_536);
    giveTo(gone, onlyFile());
    expect(keys(open())).toEqual(['first']);
  });

  test('a name that leads elsewhere leads nowhere', () => {
    open('../../../evil/x', '..').add(send('a'));
    expect(onlyFile().startsWith(`${folder}/`)).toBe(true);
    giveTo(gone, onlyFile());
    expect(keys(open('../../../evil/x', '..'))).toEqual(['a']);
  });

  test('a folder that cannot be made is told', () => {
    writeFileSync(folder, '');
    expect(() => open()).toThrow(/EEXIST|ENOTDIR/);
  });

  test('a send that cannot be kept is told, and is not pending; the next one may be', () => {
    const journal = open();
    rmSync(folder, { recursive: true });
    expect(() => journal.add(send('a'))).toThrow(/ENOENT/);
    expect(keys(journal)).toEqual([]);
    mkdirSync(join(folder, 'host%3A1'), { recursive: true });
    journal.add(send('b'));
    giveTo(gone, onlyFile());
    expect(keys(open())).toEqual(['b']);
  });
});
