/** The programs of a run, bundled once as `npm run build` does it: they start faster, which leaves more of a run between two
 *  kills, and a source that is edited meanwhile does not change what is being tried. */

import { cpSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(__dirname, '..', '..');
/** What the programs start or read, each beside them under its own name. */
const parts = [
  'server/store/sqlite/thread.ts',
  'server/auth/hash-worker.ts',
  'server/protocols/grpc/chat.proto',
  'tests/torture/client-process.ts',
  'tests/torture/store-audit.ts',
];

/** Programs ready to be run by node. */
export class Build {
  private constructor(private readonly programs: string) {}

  /** Builds into `folder`, which is made. `server` is the server's source, a path from the root of the project.
   *  @throws Error when a source cannot be built */
  static into(folder: string, server: string): Build {
    const programs = join(folder, 'programs');
    const entries = [...parts, server].map((source) => ({ in: join(root, source), out: nameOf(source) }));
    buildSync({
      entryPoints: entries,
      outdir: programs,
      bundle: true,
      platform: 'node',
      target: 'node20',
      packages: 'external',
      loader: { '.proto': 'copy' },
      logLevel: 'warning',
    });
    // Where the server looks for them from its program.
    cpSync(join(root, 'migrations'), join(folder, 'migrations'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    return new Build(programs);
  }

  /** The built form of a source, which is a path from the root of the project. */
  programOf(source: string): string {
    return join(this.programs, `${nameOf(source)}.js`);
  }
}

function nameOf(source: string): string {
  return basename(source).replace(/\.\w+$/, '');
}
