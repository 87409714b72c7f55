/** The bare servers that show how far Node and SQLite go by themselves. */

import { join } from 'node:path';
import { bundle } from '../../bundle.js';
import type { Peer, Promises, Running } from '../peers/peer';
import { ServerChild } from './server-child';

const root = join(__dirname, '..', '..');
const sources = ['router', 'store', 'store-thread'];

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
      const programs = bundled();
      const [file = '', ...args] = script(folder);
      return ServerChild.start({
        prefix,
        command: (port) => [process.execPath, join(programs, file), String(port), ...args],
        listening: /listens on port (\d+)/,
      });
    },
  };
}

/** The folder of the built programs: a loader of TypeScript must not be measured along. */
function bundled(): string {
  const entries = Object.fromEntries(sources.map((name) => [name, `bench/bare/${name}.ts`]));
  return bundle({ folder: join(root, 'build', 'bare'), entries });
}
