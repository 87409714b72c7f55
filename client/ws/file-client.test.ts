import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { selfSigned } from '../../tests/harness/self-signed';
import { runFileClient } from './file-client';

const folder = mkdtempSync(join(tmpdir(), 'chateau-ws-'));
let server: WebSocketServer;

/** What each connection does with a frame. */
let onFrame: (socket: WebSocket, text: string) => void;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket) => socket.on('message', (data) => onFrame(socket, data.toString())));
});
afterEach(() => {
  for (const socket of server.clients) socket.terminate();
  server.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function url(): string {
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs the client with these lines as its input. */
async function run(
  lines: readonly string[],
  at = url(),
  handshakeMsMax = 5_000,
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  input.end(lines.map((line) => `${line}\n`).join(''));
  const status = await runFileClient({ url: at, input, output, errors, isTerminal: false, handshakeMsMax });
  return { status, out: String(output.read() ?? ''), err: String(errors.read() ?? '') };
}

test('each file is one frame, and all that comes back is printed, one frame a line, before the next file is sent', async () => {
  const got: string[] = [];
  onFrame = (socket, text) => {
    got.push(text);
    for (const part of ['first', 'second']) socket.send(`{"answer":${got.length},"part":"${part}"}`);
  };
  const [one, two] = [file('one.json', '{"a":\n 1}\n'), file('two.json', '{"b":2}')];
  expect(await run([one, '', two])).toEqual({
    status: 0,
    err: '',
    out: [
      '{"answer":1,"part":"first"}',
      '{"answer":1,"part":"second"}',
      '{"answer":2,"part":"first"}',
      '{"answer":2,"part":"second"}',
      '',
    ].join('\n'),
  });
  expect(got).toEqual(['{"a":\n 1}\n', '{"b":2}']);
});

test('r sends nothing and reads', async () => {
  onFrame = () => {
    throw new Error('something was sent');
  };
  server.on('connection', (socket) => socket.send('{"event":1}'));
  expect(await run(['r'])).toEqual({ status: 0, out: '{"event":1}\n', err: '' });
});

test('what comes cannot move the cursor or break the line', async () => {
  onFrame = (socket) => {
    socket.send('{"a":"\u001b[2J\u202e\n"}');
    socket.send(Buffer.from([1, 2, 3]), { binary: true });
  };
  expect((await run([file('any.json', '{}')])).out).toBe('{"a":" "}\n(3 bytes that are no text)\n');
});

test('what is typed while answers come goes on where it was when the client asks again', async () => {
  onFrame = (socket) => socket.send('{"answer":1}');
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const running = runFileClient({ url: url(), input, output, errors, isTerminal: true, handshakeMsMax: 10_000 });
  let unseen = '';
  /** Resolves once this was written, after what was waited for before. */
  const written = async (text: string): Promise<void> => {
    while (!unseen.includes(text)) {
      await once(output, 'readable');
      unseen += String(output.read() ?? '');
    }
    unseen = unseen.slice(unseen.indexOf(text) + text.length);
  };
  const asks = 'file, or r to read: ';
  await written(asks);
  input.write(`${file('one.json', '{}')}\n`);
  await written('{"answer":1}');
  await written(asks);
  input.write('half a na');
  // It asks again once no more answers come.
  await written(`${asks}half a na`);
  for (const key of 'me.json\n') input.write(key);
  await once(errors, 'readable');
  expect(String(errors.read())).toBe('there is no file half a name.json\n');
  input.end();
  await running;
});

test('a file that is not there, or is not text, is told of, the rest is sent, and the status tells too', async () => {
  onFrame = (socket, text) => socket.send(text);
  mkdirSync(join(folder, 'folder'));
  const [missing, directory, foreign] = ['none.json', 'folder', 'foreign.json'].map((name) => join(folder, name));
  writeFileSync(foreign as string, Buffer.from([0x22, 0xe9, 0x22]));
  const lines = [missing, directory, foreign, file('there.json', '{}')] as string[];
  const { status, out, err } = await run(lines);
  expect(err).toBe(
    `there is no file ${missing}\n${directory} is a folder, not a file\n${foreign} is not UTF-8, and was not sent\n`,
  );
  expect(out).toBe('{}\n');
  expect(status).toBe(1);
});

test('a server that is not there is told of', async () => {
  const at = url();
  server.close();
  await once(server, 'close');
  const { status, err } = await run(['r'], at);
  expect(status).toBe(1);
  expect(err).toMatch(/^no WebSocket at ws:\S+ \(ECONNREFUSED\): start a server with npm run server/);
});

test('a server that takes the connection and says nothing is given up', async () => {
  const silent = createNetServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { status, out, err } = await run(['r'], `ws://127.0.0.1:${(silent.address() as AddressInfo).port}`, 50);
  silent.close();
  expect([status, out]).toEqual([1, '']);
  expect(err).toMatch(/^no WebSocket at ws:\S+ \(Opening handshake has timed out\): start a server/);
});

test('a certificate that is not trusted is told of', async () => {
  const { cert, key } = await selfSigned();
  const covered = createServer({ cert, key }).listen(0, '127.0.0.1');
  await once(covered, 'listening');
  const { status, err } = await run(['r'], `wss://127.0.0.1:${(covered.address() as AddressInfo).port}/ws`);
  covered.close();
  expect(status).toBe(1);
  expect(err).toMatch(/^no WebSocket at wss:\S+ \(its certificate is signed by itself, .*\): .* docs\/tls\.md\n$/);
});

test('a server that closes is told of, and ends the client', async () => {
  onFrame = (socket) => socket.close(1_001, 'closing');
  const { status, err } = await run([file('one.json', '{}'), file('two.json', '{}')]);
  expect(err).toContain('closed by the server: 1001 closing\n');
  expect(status).toBe(1);
});
