/** What SQLite and the disk do by themselves, in a process on the server's core. */

import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BareFigure } from '../bare/commits';
import type { Stage } from '../stage';

export function bareLimits(stage: Stage): void {
  const folder = stage.makeFolder();
  const script = join(__dirname, '..', 'bare', 'commits.ts');
  const [program = '', ...args] = [...stage.cores.server, process.execPath, '--import', 'tsx', script, folder];
  for (const line of execFileSync(program, args).toString().trim().split('\n')) {
    const { value, ...metric } = JSON.parse(line) as BareFigure;
    stage.recorder.add({ workload: 'bare', contestant: 'SQLite and disk', metric, value });
  }
  rmSync(folder, { recursive: true, force: true });
}
