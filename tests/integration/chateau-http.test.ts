/** What the port says in HTTP: the page, the rest, and who may come in for a WebSocket. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';
import { httpBounds } from '../../server/http/limits';
import { RawClient } from '../harness/raw-client';
import { ChateauStage } from './chateau-stage';

let stage: ChateauStage;

beforeEach(async () => {
  stage = await ChateauStage.open({ origins: ['https://chat.example'], connectionsMax: 3 });
});
afterEach(() => stage.close());

function get(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`http://127.0.0.1:${stage.port}${path}`, init);
}

/** The status that an attempt to open a WebSocket is refused with. */
async function refusal(path: string, headers: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
  const socket = new WebSocket(`ws://127.0.0.1:${stage.port}${path}`, { headers });
  const [, response] = await once(socket, 'unexpected-response');
  response.resume();
  return response.statusCode;
}

test('the page tells what this is, loads nothing, and its policy allows its one style sheet', async () => {
  const response = await get('/?from=somewhere');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  const page = await response.text();
  expect(page).toContain('npm run client');
  expect(page).toContain('/ws');
  expect(page).not.toMatch(/src=|href=|url\(|<script|style="/);
  const style = /<style>(.*)<\/style>/s.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  expect(response.headers.get('content-security-policy')).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
});

test('HEAD answers like GET, without the page', async () => {
  const [head, page] = [await get('/', { method: 'HEAD' }), await get('/')];
  expect(await head.text()).toBe('');
  expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(await page.text())));
  expect(head.headers.get('content-security-policy')).toBe(page.headers.get('content-security-policy'));
});

test.each([
  ['another path', '/other', {}, 404],
  ['another method', '/', { method: 'POST', body: 'x' }, 405],
  ['the WebSocket without an upgrade', '/ws', {}, 426],
])('%s is refused in plain text', async (_, path, init, status) => {
  const response = await get(path, init);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  if (status === 405) expect(response.headers.get('allow')).toBe('GET, HEAD');
  expect(await response.text()).toMatch(/^\S.*\n$/);
});

test.each([
  ['http://chat.example', '/'],
  ['HTTP://chat.example:8888/?from=somewhere', '/'],
  ['http://chat.example/other', '/other'],
  ['https://chat.example/ws', '/ws'],
])('%s is answered like %s', async (url, path) => {
  const client = await RawClient.connect(stage.port);
  client.send(`GET ${url} HTTP/1.1\r\nHost: chat.example\r\nConnection: close\r\n\r\n`);
  const [head = '', content] = (await client.closed()).split('\r\n\r\n');
  const plain = await get(path);
  expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${plain.status} ${plain.statusText}`);
  expect(content).toBe(await plain.text());
});

test.each([
  ['GET', '/'],
  ['HEAD', '/'],
  ['POST', '/'],
  ['GET', '/other'],
  ['GET', '/ws'],
])('%s %s with an offer to go on in HTTP/2 is answered as it is without', async (method, path) => {
  const client = await RawClient.connect(stage.port);
  const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n';
  client.send(`${method} ${path} HTTP/1.1\r\nHost: a\r\n${offer}\r\n`);
  const [head = '', content] = (await client.closed()).split('\r\n\r\n');
  const without = await get(path, { method });
  expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${without.status} ${without.statusText}`);
  for (const name of ['Content-Type', 'Content-Length', 'Content-Security-Policy']) {
    expect(head).toContain(`${name}: ${without.headers.get(name)}\r\n`);
  }
  expect(content).toBe(await without.text());
});

test.each(['/', '/other', '/ws'])('%s is answered and closed when that is asked for', async (path) => {
  const client = await RawClient.connect(stage.port);
  client.send(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  expect(await client.closed()).toMatch(/\r\nConnection: (?:Upgrade, )?close\r\n/);
});

test('what is no HTTP is refused and closed', async () => {
  const client = await RawClient.connect(stage.port);
  client.send('GET / FTP/9\r\n\r\n');
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 .*\r\n\r\nthis is no HTTP request\n$/s);
});

test('a head that is too long is refused, told how long one may be, and closed', async () => {
  const client = await RawClient.connect(stage.port);
  client.send(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
  const answer = await client.closed();
  expect(answer).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
  expect(answer).toMatch(new RegExp(`\r\n\r\n.* at most ${httpBounds.headBytesMax} bytes\n$`));
});

test('several requests on one connection are answered, and one that waits too long for the next is closed', async () => {
  const client = await RawClient.connect(stage.port);
  for (let count = 0; count < 3; count += 1) {
    client.send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
    stage.world.clock.advance(httpBounds.requestMs / 2);
  }
  stage.world.clock.advance(httpBounds.requestMs);
  await client.closed();
});

test('a request that trickles in is cut off', async () => {
  const client = await RawClient.connect(stage.port);
  client.send('GET / HTTP/1.1\r\n');
  await (await get('/')).text();
  stage.world.clock.advance(httpBounds.requestMs);
  expect(await client.closed()).toBe('');
});

test('a connection beyond the bound is refused', async () => {
  const clients = await Promise.all([1, 2, 3].map(() => RawClient.connect(stage.port)));
  const surplus = await RawClient.connect(stage.port);
  expect(await surplus.closed()).toMatch(/^HTTP\/1\.1 503 /);
  for (const client of clients) client.close();
});

test('a WebSocket beyond the bound is refused', async () => {
  for (let count = 0; count < 3; count += 1) await stage.connect();
  expect(await refusal('/ws')).toBe(503);
});

describe('a page may open a WebSocket', () => {
  test('from this host, and from a host of the list', async () => {
    for (const origin of [`http://127.0.0.1:${stage.port}`, 'https://chat.example']) {
      const client = await stage.connect({ origin });
      expect(await client.ask({ type: 'RegisterRequest', username: 'alice' })).toMatchObject({ status: 200 });
      client.socket.close();
      await client.closed();
    }
  });

  test('from nowhere else', async () => {
    expect(await refusal('/ws', { origin: 'https://evil.example' })).toBe(403);
    expect(await refusal('/ws', { origin: 'null' })).toBe(403);
  });

  test('not from a name of its own that was made to lead to loopback', async () => {
    const host = `evil.example:${stage.port}`;
    expect(await refusal('/ws', { origin: `http://${host}`, host })).toBe(403);
    const local = `localhost:${stage.port}`;
    await stage.connect({ origin: `http://${local}`, headers: { host: local } });
  });

  test('at /ws, and nowhere else', async () => {
    const client = new WebSocket(`${stage.url}?from=page`);
    await once(client, 'open');
    client.terminate();
    const proxied = await RawClient.connect(stage.port);
    const fields = 'Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13';
    proxied.send(`GET http://a/ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n${fields}\r\n\r\n`);
    expect(await proxied.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 101 /);
    proxied.close();
    expect(await refusal('/')).toBe(404);
    expect(await refusal('/ws/')).toBe(404);
  });
});

test('closing ends connections that wait, and refuses new ones', async () => {
  const waiting = await RawClient.connect(stage.port);
  waiting.send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
  await waiting.until('\r\n\r\n');
  stage.front.close();
  await waiting.closed();
  const late = await RawClient.connect(stage.port);
  expect(await late.closed()).toMatch(/^HTTP\/1\.1 503 /);
});
