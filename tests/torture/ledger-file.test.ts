import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerWriter, ledgerPath, readLedger } from './ledger-file';
import { type LedgerRecord, untoldLog, untoldSeq } from './ledger-record';

const records: readonly LedgerRecord[] = [
  { kind: 'sent', number: 1, log: 3 },
  { kind: 'acknowledged', number: 1, seq: 12 },
  { kind: 'shown', log: 0, seq: 123_456, at: 1_789_000_000_000, sender: 7, number: 1_234 },
  { kind: 'shown', log: -1, seq: 1, at: 1, sender: -1, number: 0 },
  { kind: 'refused', number: 2, status: 507 },
  { kind: 'connected', visit: 3 },
  { kind: 'shown', log: untoldLog, seq: untoldSeq, at: 0, sender: 1, number: 2 },
];

describe('a ledger', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    path = ledgerPath(folder, 3);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function append(written: readonly LedgerRecord[]): void {
    const writer = new LedgerWriter(path);
    for (const record of written) writer.write(record);
    writer.close();
  }

  it('gives back what was written, by one life of its client after the other', () => {
    append(records);
    append(records.slice(0, 2));
    expect([...readLedger(path)]).toEqual([...records, ...records.slice(0, 2)]);
  });

  it('has no records before it was begun', () => {
    expect([...readLedger(path)]).toEqual([]);
  });

  it('has nothing of a line that was cut off, wherever it was, and goes on after it', () => {
    append([records[2]!]);
    const line = 'm 0 123456 1789000000000 7 1234.';
    for (let end = 1; end < line.length; end++) {
      writeFileSync(path, `${line}\n${line.slice(0, end)}`);
      expect([...readLedger(path)]).toEqual([records[2]]);
      append([records[0]!]);
      expect([...readLedger(path)]).toEqual([records[2], records[0]]);
    }
  });

  it('has a last line that lacks nothing but its end', () => {
    writeFileSync(path, 's 1 3.');
    expect([...readLedger(path)]).toEqual([records[0]]);
  });

  it('is no ledger when a line in its midst is none', () => {
    append([records[0]!]);
    appendFileSync(path, 'a 1 1\na 1 12.\n');
    expect(() => [...readLedger(path)]).toThrow('not a line of a ledger: a 1 1');
  });

  it('is read across the chunks of a large file', () => {
    const writer = new LedgerWriter(path);
    const count = 100_000;
    for (let number = 1; number <= count; number++) writer.write({ kind: 'acknowledged', number, seq: number });
    writer.close();
    let last = 0;
    for (const record of readLedger(path)) {
      if (record.kind === 'acknowledged' && record.number === last + 1) last += 1;
    }
    expect(last).toBe(count);
  });
});
