/** A disk that fails on command: disk-fault.c, compiled and preloaded into a server. Linux only. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Which calls fail, on which of the database's files, and how: see disk-fault.c. */
export interface Fault {
  readonly call: 'write' | 'sync' | 'truncate';
  /** What follows the database's name; `=` is the database itself. */
  readonly file: '-wal' | '-shm' | '=';
  /** `after`: the call does its work and fails all the same. `short`: it does half of it, and what follows fails. */
  readonly how: 'fail' | 'after' | 'short';
  readonly error: 'ENOSPC' | 'EIO';
  /** The first call that fails, from 1. */
  readonly first?: number;
  /** How many calls fail; without it all from the first on. */
  readonly count?: number;
}

export class FaultyDisk {
  private readonly folder = mkdtempSync(join(tmpdir(), 'chateau-fault-'));
  private readonly control = join(this.folder, 'control');
  private readonly hits = join(this.folder, 'hits');
  private faults = 0;

  constructor() {
    const source = join(__dirname, 'disk-fault.c');
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', this.library, source, '-ldl']);
  }

  /** What a server must be started with. */
  get environment(): NodeJS.ProcessEnv {
    return {
      LD_PRELOAD: this.library,
      CHATEAU_FAULT_CONTROL: this.control,
      CHATEAU_FAULT_HITS: this.hits,
    };
  }

  /** From now on these calls fail, and no others. */
  begin({ call, file, how, error, first = 1, count = 0 }: Fault): void {
    this.faults += 1;
    rmSync(this.hits, { force: true });
    const line = [this.faults, call, file, how, constants.errno[error], first, count].join(' ');
    writeFileSync(`${this.control}-new`, line);
    renameSync(`${this.control}-new`, this.control);
  }

  /** From now on the disk works. */
  end(): void {
    rmSync(this.control, { force: true });
  }

  /** How many calls have failed since {@link FaultyDisk.begin}. */
  get hitCount(): number {
    try {
      return readFileSync(this.hits).length;
    } catch {
      return 0;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get library(): string {
    return join(this.folder, 'disk-fault.so');
  }
}
