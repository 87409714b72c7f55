/** `npm run torture`: see docs/torture.md. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ignoreOutputErrors } from '../../client/terminal/lost-output';
import { readFlags, type TortureFlags, usageText } from './flags';
import { showProgress } from './progress';
import { Run, RunFailure } from './run';
import { summaryOf, whyNoProof } from './summary';

const exitStatus = { kept: 0, broken: 1, misused: 2 } as const;

ignoreOutputErrors(process.stdout, process.stderr);
void main();

async function main(): Promise<void> {
  const start = readFlags(process.argv.slice(2));
  switch (start.kind) {
    case 'help':
      process.stdout.write(usageText);
      break;
    case 'mistake':
      misused(start.mistake);
      break;
    case 'run': {
      const folder = makeFolder(start.flags.folder);
      if (folder !== undefined) await torture(start.flags, folder);
    }
  }
}

async function torture({ seconds, clients, wires, keep, progress, program, ...flags }: TortureFlags, folder: string) {
  const seed = flags.seed ?? Math.floor(Math.random() * 2 ** 32);
  console.log(`torture: seed ${seed}, ${seconds} s, on ${wires.join(', ')}, in ${folder}`);
  const run = new Run({ seed, seconds, clients, wires, folder, program });
  // The first Ctrl-C ends the torture and goes on to its verdict, the second one ends everything.
  process.once('SIGINT', () => {
    run.cutShort();
    process.once('SIGINT', () => process.exit(exitStatus.broken));
  });
  process.once('SIGTERM', () => process.exit(exitStatus.broken));
  process.once('exit', () => run.abandon());
  const begun = performance.now();
  const style = progress ?? (process.stderr.isTTY ? 'bar' : 'lines');
  const stopShowing = showProgress(run, style, seconds);
  let problem: string | undefined;
  try {
    const outcome = await run.run();
    stopShowing();
    console.log(summaryOf(outcome, { seed, seconds }));
    problem = whyNoProof(outcome, { seconds, wires });
  } catch (error) {
    stopShowing();
    if (!(error instanceof RunFailure)) throw error;
    problem = error.message;
  }
  console.log(`took ${Math.round((performance.now() - begun) / 1_000)} s`);
  if (problem !== undefined) {
    console.error(`torture: ${problem}`);
    process.exitCode = exitStatus.broken;
  }
  if (keep || problem !== undefined) console.log(`database, ledgers and logs are in ${folder}`);
  else rmSync(folder, { recursive: true });
}

/** Gives an empty folder, or says why there is none. */
function makeFolder(wanted: string | undefined): string | undefined {
  try {
    if (wanted === undefined) {
      mkdirSync('data', { recursive: true });
      return resolve(mkdtempSync(join('data', 'torture-')));
    }
    mkdirSync(wanted, { recursive: true });
    if (readdirSync(wanted).length === 0) return resolve(wanted);
    misused(`--folder: ${wanted} is not empty`);
  } catch (error) {
    misused(`--folder: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

function misused(mistake: string): void {
  console.error(`torture: ${mistake}`);
  process.exitCode = exitStatus.misused;
}
