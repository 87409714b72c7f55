/** The WebSocket wire of a real server, with clients that somebody else has written and with the file-driven one. */

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../harness/installed';
import { RawClient } from '../harness/raw-client';
import { ServerProcess } from '../harness/server-process';

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'chateau-frames-'));
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

function url(): string {
  return `ws://127.0.0.1:${server.port}/ws`;
}

/** Runs a program to its end and gives what it printed. */
function output(program: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(program, args, { cwd: root, stdio: 'pipe' });
  child.stdin.end(input);
  let [text, complaints] = ['', ''];
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${program} ended with ${code}: ${complaints}`)),
    );
  });
}

const script = `
import json, sys, websocket
url = sys.argv[1]
def say(socket, frame):
    socket.send(json.dumps(frame))
    return socket.recv()
one, two, three = (websocket.create_connection(url, timeout=90) for _ in range(3))
print(say(one, {"type": 1, "username": "one"}))
print(say(two, {"type": 1, "username": "one"}))
print(say(two, {"type": 1, "username": "two"}))
print(say(three, {"type": "RegisterRequest", "username": "three"}))
print(say(one, {"type": 4}))
one.send("keep alive")
print(say(one, {"type": 3, "clients": ["two", "three"], "content": "h\\u00e9"}))
print(two.recv())
print(json.loads(three.recv())["content"])
one.send_binary(b"\\x00")
print(one.recv())
one.ping("p")
one.close()
`;

const hasWebSocketModule = spawnSync('/usr/bin/python3', ['-c', 'import websocket']).status === 0;
const python = hasWebSocketModule ? '/usr/bin/python3' : 'python3-with-websocket';

describeWith(python, 'apt-get install python3-websocket', "a stock client of Python's websocket module", () => {
  test('registers, is refused a name that is taken, lists, sends to several and stays after a binary frame', async () => {
    const lines = (await output(python, ['-c', script, url()])).trimEnd().split('\n');
    expect(lines[3]).toMatch(/^\{"type":"RegisterResponse","status":200,/);
    lines[3] = '';
    expect(lines).toEqual([
      '{"status":200}',
      '{"status":302}',
      '{"status":200}',
      '',
      '{"status":200,"clients":["one","three","two"]}',
      '{"status":200}',
      '{"status":200,"type":3,"sender":"one","clients":["two","three"],"content":"h\u00e9"}',
      'h\u00e9',
      '{"status":400}',
    ]);
  });
});

test('the page and the WebSocket share the port with cmap, and messages go both ways', async () => {
  const page = await fetch(`http://127.0.0.1:${server.port}/`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>chateau</title>');

  const dave = await RawClient.connect(server.port);
  expect(await dave.ask('create dave pw')).toBe('201 dave');
  expect(await dave.askBlock('login dave pw')).toEqual(['200 dave 0']);

  const frames = {
    register: { type: 'RegisterRequest', username: 'emma', password: 'pw' },
    send: { type: 'SingleMessageRequest', recipient: 'dave', content: 'from a file' },
    begin: { type: 'GroupMessageInitRequest', recipients: ['dave'], content: 'first', chatname: 'two of us' },
  };
  const names = Object.entries(frames).map(([name, frame]) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(frame, null, 2));
    return path;
  });
  const printed = await output(process.execPath, ['build/client.js', 'ws', url()], `${names.join('\n')}\n`);
  expect(
    printed
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { type: 'RegisterResponse', status: 200, username: 'emma' },
    { type: 'SingleMessageResponse', status: 200, live: true },
    { type: 'GroupMessageInitResponse', status: 200, seq: 1 },
  ]);
  expect(await dave.line()).toMatch(/^\* 1 \d+ emma dave from a file$/);
  expect(await dave.line()).toMatch(/^\* 1 \d+ emma #0_two_20of_20us first$/);

  expect(await dave.ask('send emma hello')).toBe('202 1 queued');
  expect(await dave.ask('send #0_two_20of_20us second')).toBe('202 2 queued');
  await server.kill();
  await server.restart();
  const [register = ''] = names;
  const later = await output(process.execPath, ['build/client.js', 'ws', url()], `${register}\nr\n`);
  expect(
    later
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { type: 'RegisterResponse', undelivered: 2 },
    { type: 'SingleMessageRecvResponse', sender: 'dave', content: 'hello', log: 'emma', seq: 1 },
    { type: 'GroupMessageRecv', status: 200, sender: 'dave', content: 'second', chatname: 'two of us', seq: 2 },
  ]);
});
