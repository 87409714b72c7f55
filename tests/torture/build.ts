/** The programs of a run, bundled once as `npm run build` does it: they start faster, which leaves more of a run between two
 *  kills, and a source that is edited meanwhile does not change what is being tried. */

import { symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundle } from '../../bundle.js';

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
    const entries = Object.fromEntries([...parts, server].map((source) => [nameOf(source), source]));
    const programs = bundle({ folder, entries });
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
