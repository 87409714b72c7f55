/** The bare servers that show how far Node and SQLite go by themselves. */

import { join } from 'node:path';
import type { Peer, Promises, Running } from '../peers/peer';
import { ServerChild } from './server-child';

const nothingKept: Promises = { onDisk: 'no store', settings: 'no acknowledgement, nothing kept' };

export const routerEach = bare('bare-router-each', 'lines', nothingKept, () => ['router.ts', 'each']);
export const routerJoined = bare('bare-router-joined', 'lines', nothingKept, () => ['router.ts', 'joined']);
export const bareStore = bare(
  'bare-store',
  'stored-lines',
  { onDisk: 'yes', settings: 'a row for each message, synchronous=FULL, group commit, deleted when acknowledged' },
  (folder) => ['store.ts', join(folder, 'bare.db')],
);

function bare(name: string, wire: string, promises: Promises, script: (folder: string) => readonly string[]): Peer {
  return {
    name,
    wire,
    cores: name === 'bare-store' ? '2' : '1',
    promises,
    version: () => `Node ${process.versions.node}`,
    start: ({ folder, prefix }): Promise<Running> => {
      const [file = '', ...args] = script(folder);
      const path = join(__dirname, '..', 'bare', file);
      return ServerChild.start({
        prefix,
        command: (port) => [process.execPath, '--import', 'tsx', path, String(port), ...args],
        listening: /listens on port (\d+)/,
      });
    },
  };
}
