import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tcp } from './tcp';
import type { Transport } from './transport';

let server: Server;
let accepted: Promise<Socket>;

beforeEach(async () => {
  server = createServer();
  accepted = new Promise((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

function portOf(listening: Server): number {
  return (listening.address() as AddressInfo).port;
}

test('bytes go both ways, and the end is told once', async () => {
  const told: string[] = [];
  let transport: Transport | undefined;
  const closed = new Promise<string>((resolve) => {
    transport = tcp({ host: '127.0.0.1', port: portOf(server) })({
      opened: () => transport?.write(Buffer.from('ping')),
      data: (bytes) => told.push(Buffer.from(bytes).toString()),
      closed: resolve,
    });
  });
  const peer = await accepted;
  const heard = await new Promise((resolve) => peer.once('data', (data) => resolve(String(data))));
  expect(heard).toBe('ping');
  peer.end('pong');
  expect(await closed).toBe('the server closed the connection');
  expect(told).toEqual(['pong']);
  server.close();
});

test('where nothing listens it says so', async () => {
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  const reason = await new Promise<string>((resolve) => {
    tcp({ host: '127.0.0.1', port })({ opened: () => {}, data: () => {}, closed: resolve });
  });
  expect(reason).toBe('nothing listens there');
});

test('what is not read makes the peer wait, and comes once it is', async () => {
  let transport: Transport | undefined;
  let bytesRead = 0;
  const closed = new Promise<string>((resolve) => {
    transport = tcp({ host: '127.0.0.1', port: portOf(server) })({
      opened: () => transport?.pause(),
      data: (bytes) => {
        bytesRead += bytes.length;
      },
      closed: resolve,
    });
  });
  const peer = await accepted;
  // More than the system's buffers take on both sides.
  const chunk = Buffer.alloc(1_048_576);
  let bytesWritten = 0;
  do bytesWritten += chunk.length;
  while (peer.write(chunk) || bytesWritten < 64 * chunk.length);
  peer.end();
  await new Promise((resolve) => setImmediate(resolve));
  expect(bytesRead).toBeLessThanOrEqual(65_536);
  transport?.resume();
  expect(await closed).toBe('the server closed the connection');
  expect(bytesRead).toBe(bytesWritten);
  server.close();
});
