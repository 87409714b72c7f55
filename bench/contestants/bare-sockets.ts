/** A Node server that has sockets and nothing else: what a connection costs by itself, and how fast Node starts. */

import type { Peer } from '../peers/peer';
import { ServerChild } from './server-child';

/** Plain JavaScript: a loader of TypeScript would be measured along. */
const source = `
const server = require('node:net').createServer((socket) => {
  socket.on('data', () => socket.write('\\n'));
  socket.on('error', () => undefined);
});
server.listen({ port: Number(process.argv[1]), host: '127.0.0.1', backlog: 1024 }, () => {
  console.log('listens on port ' + server.address().port);
});`;

export const bareSockets: Peer = {
  name: 'bare-node-sockets',
  wire: 'lines',
  cores: '1',
  promises: { onDisk: 'no store', settings: 'answers each read with an empty line' },
  version: () => `Node ${process.versions.node}`,
  start: ({ prefix }) =>
    ServerChild.start({
      prefix,
      command: (port) => [process.execPath, '--eval', source, String(port)],
      listening: /listens on port (\d+)/,
    }),
};
