/** The bare servers that show how far Node and SQLite go by themselves. */

import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Peer, Promises, Running } from '../peers/peer';
import { ServerChild } from './server-child';

const root = join(__dirname, '..', '..');
const bundles = join(root, 'build', 'bare');

const nothingKept: Promises = { onDisk: 'no store', settings: 'no acknowledgement, nothing kept' };

export const routerEach = bare('bare-router-each', 'lines', nothingKept, () => ['router.js', 'each']);
export const routerJoined = bare('bare-router-joined', 'lines', nothingKept, () => ['router.js', 'joined']);
export const bareStore = bare(
  'bare-store',
  'stored-lines',
  { onDisk: 'yes', settings: 'a row for each message, synchronous=FULL, group commit, deleted when acknowledged' },
  (folder) => ['store.js', join(folder, 'bare.db')],
);

function bare(name: string, wire: string, promises: Promises, script: (folder: string) => readonly string[]): Peer {
  return {
    name,
    wire,
    cores: name === 'bare-store' ? '2' : '1',
    promises,
    version: () => `Node ${process.versions.node}`,
    start: ({ folder, prefix }): Promise<Running> => {
      bundle();
      const [file = '', ...args] = script(folder);
      return ServerChild.start({
        prefix,
        command: (port) => [process.execPath, join(bundles, file), String(port), ...args],
        listening: /listens on port (\d+)/,
      });
    },
  };
}

/** As `npm run build` does it with this project's server: a loader of TypeScript must not be measured along. */
function bundle(): void {
  buildSync({
    entryPoints: ['router', 'store', 'store-thread'].map((name) => join(root, 'bench', 'bare', `${name}.ts`)),
    outdir: bundles,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['better-sqlite3'],
  });
}
