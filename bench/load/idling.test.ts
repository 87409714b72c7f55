import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { lines } from '../wires/lines';
import { idle, rollCall } from './idling';

let server: Server;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', () => socket.write('\n'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const users = ['i0', 'i1', 'i2'].map((name) => ({ name, password: 'pw' }));
  await idle(lines, { kind: 'idle', target: { wire: 'lines', port, pid: process.pid }, users, atOnce: 1 });
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});

test('a roll call finds everybody who idles, and fails once one of them was dropped', async () => {
  await rollCall();
  sockets[1]!.destroy();
  await expect(rollCall()).rejects.toThrow('i1');
});
