/** The first packet of every protocol on every port: each is answered or its connection closed, since a client that
 *  chose the wrong port waits for an answer. */

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { ByteClient } from '../harness/byte-client';
import { RawClient } from '../harness/raw-client';
import { type SelfSigned, selfSigned } from '../harness/self-signed';
import { ServerProcess } from '../harness/server-process';
import { frameOf } from './chatbot-client';

/** Each is complete as its own protocol has it. */
const packets = {
  'cmap 1, a login': Buffer.from('1 2 alice pw'),
  'cmap 1, a list': Buffer.from('1 1'),
  'cmap 1, an unknown word': Buffer.from('1 7'),
  'cmap 1, an unknown word and arguments': Buffer.from('1 7 alice'),
  'cmap 1, an opcode of two digits': Buffer.from('1 10'),
  'another version of cmap 1': Buffer.from('2 0 a b'),
  'another version of cmap 1, its shortest request': Buffer.from('0 6'),
  'cmap 2, hello': Buffer.from('7 2 ack keys\n'),
  'cmap 2, a login': Buffer.from('2 alice pw\n'),
  'cmap 2, a word': Buffer.from('help\n'),
  'HTTP, a page': Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  'HTTP, another method': Buffer.from('PUT / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  'WebSocket, the handshake': Buffer.from(
    'GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  ),
  'TLS, the start of a hello': Buffer.from('16030102000100', 'hex'),
  'HTTP/2, the preface of gRPC': Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1'),
  'chatbot, a login': frameOf(5, 'alice'),
  'chatbot, a list': frameOf(1, ''),
  'nick room, a name': Buffer.from('\0\x05alice'),
} as const;
type PacketName = keyof typeof packets;
const packetNames = Object.keys(packets) as PacketName[];

const versionRefusal = 'Incorrect client software version. Please use an updated version!';
const noLine = '400 a request must be UTF-8 without NUL\r\n';
const noCommand = '400 no such command; 6 lists them\r\n';

/** How the first answer on the main port starts; nothing where the connection is closed without one. */
const onMainPort: Readonly<Record<PacketName, string>> = {
  'cmap 1, a login': 'Login unsuccessful\r\n\r\n',
  'cmap 1, a list': 'No matching accounts',
  'cmap 1, an unknown word': 'Invalid command\n',
  'cmap 1, an unknown word and arguments': 'Invalid command\n',
  'cmap 1, an opcode of two digits': 'Invalid command\n',
  'another version of cmap 1': versionRefusal,
  'another version of cmap 1, its shortest request': versionRefusal,
  'cmap 2, hello': '200 chateau/',
  'cmap 2, a login': '401 wrong name or password\r\n\r\n',
  'cmap 2, a word': '200 ',
  'HTTP, a page': 'HTTP/1.1 200 OK\r\n',
  'HTTP, another method': noCommand,
  'WebSocket, the handshake': 'HTTP/1.1 101 Switching Protocols\r\n',
  'TLS, the start of a hello': '',
  'HTTP/2, the preface of gRPC': noCommand,
  'chatbot, a login': noLine,
  'chatbot, a list': noLine,
  'nick room, a name': noLine,
};

let server: ServerProcess;
const clients: { close(): void }[] = [];

beforeAll(async () => {
  const environment = { CHATEAU_GRPC_PORT: '0', CHATEAU_CHATBOT_PORT: '0', CHATEAU_NICKROOM_PORT: '0' };
  server = await ServerProcess.start(['--memory'], { environment });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => server.stop());

/** The port that the server has printed for these clients. */
function portFor(wire: string): number {
  const port = new RegExp(`:(\\d+) +${wire} clients`).exec(server.stdout)?.[1];
  if (port === undefined) throw new Error(`no port for ${wire} in ${server.stdout}`);
  return Number(port);
}

async function connectWith<Client extends RawClient | ByteClient>(connecting: Promise<Client>): Promise<Client> {
  const client = await connecting;
  clients.push(client);
  return client;
}

describe('on the main port the first packet gets its answer:', () => {
  test.each(packetNames)('%s', async (name) => {
    const client = await connectWith(RawClient.connect(server.port));
    await client.sendNow(packets[name]);
    const answer = onMainPort[name];
    if (answer === '') expect(await client.closed()).toBe('');
    else expect(await client.until(answer)).toBe(answer);
  });

  test.each(packetNames.filter((name) => [versionRefusal, noLine].includes(onMainPort[name])))(
    '%s, and the connection is closed',
    async (name) => {
      const client = await connectWith(RawClient.connect(server.port));
      await client.sendNow(packets[name]);
      expect(await client.closed()).toBe(onMainPort[name]);
      expect(client.failure).toBeUndefined();
    },
  );

  test('an unknown word of cmap 1, and the connection goes on in cmap 1', async () => {
    const client = await connectWith(RawClient.connect(server.port));
    await client.sendNow('1 7');
    await client.until('Invalid command\n');
    await client.sendNow('1 2 nobody pw');
    expect(await client.until('\r\n\r\n')).toMatch(/\nhelp.*Login unsuccessful\r\n\r\n$/s);
  });
});

describe('within TLS the first packet gets the same answer:', () => {
  let folder: string;
  let certificate: SelfSigned;
  let secureServer: ServerProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chateau-'));
    certificate = await selfSigned();
    writeFileSync(join(folder, 'cert.pem'), certificate.cert);
    writeFileSync(join(folder, 'key.pem'), certificate.key);
    const files = ['--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'key.pem')];
    secureServer = await ServerProcess.start(['--memory', ...files]);
  });
  afterAll(async () => {
    await secureServer.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(packetNames)('%s', async (name) => {
    const client = await connectWith(RawClient.connectTls(secureServer.port, certificate.cert));
    await client.sendNow(packets[name]);
    const answer = onMainPort[name];
    if (answer === '') expect(await client.closed()).toBe('');
    else expect(await client.until(answer)).toBe(answer);
  });
});

describe('on the chatbot port the first packet is answered with a frame:', () => {
  test.each(packetNames)('%s', async (name) => {
    const client = await connectWith(ByteClient.connect(portFor('chatbot')));
    await client.sendNow(packets[name]);
    const [version, opcode] = await client.bytes(2);
    expect(version).toBe(0);
    expect(opcode).toBe(name === 'chatbot, a list' ? 7 : 6);
    if (!name.startsWith('chatbot')) await client.closed();
  });
});

describe('on the nick room port the server speaks first, whatever the first packet is:', () => {
  test.each(packetNames)('%s', async (name) => {
    const client = await connectWith(ByteClient.connect(portFor('nick room')));
    await client.sendNow(packets[name]);
    expect((await client.bytes(13)).toString()).toBe('\0\x05HELLO\0\x04NICK');
  });
});

describe('on the gRPC port the first packet is answered in HTTP/2 or closes the connection:', () => {
  test.each(packetNames)('%s', async (name) => {
    const client = await connectWith(ByteClient.connect(portFor('gRPC')));
    await client.sendNow(packets[name]);
    const settingsFrame = 4;
    expect((await client.bytes(4))[3]).toBe(settingsFrame);
    if (!name.startsWith('HTTP/2')) await client.closed();
  });
});

describe('on a WebSocket the first frame is answered:', () => {
  test.each([
    ...packetNames.map((name) => [name, packets[name]] as const),
    ['a request of the numeric dialect', '{"type":4}'] as const,
    ['a request of the named dialect', '{"type":"ClientListRequest"}'] as const,
    ['an unknown number', '{"type":99}'] as const,
    ['an unknown name', '{"type":"Nonsense"}'] as const,
    ['JSON that is no object', '[]'] as const,
    ['an empty frame', ''] as const,
  ])('%s', async (_, frame) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`);
    clients.push(socket);
    await once(socket, 'open');
    socket.send(frame);
    const [answer] = await once(socket, 'message');
    expect(JSON.parse(String(answer))).toHaveProperty('status');
  });
});
