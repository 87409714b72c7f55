/** HTTP on the port of everything: requests for pages and upgrades, and what only looks like them. */

import type { Random } from '../torture/random';
import { mutated, randomBytes } from './mutation';
import { repeated, type Target } from './script';

const methods = ['GET', 'HEAD', 'POST', 'OPTIONS'];
const paths = [
  '/',
  '/ws',
  '/ws?',
  '/ws/',
  '/nothing',
  '*',
  'http://127.0.0.1/',
  '//',
  '/%00',
  '/../../etc/passwd',
  '/é',
];
const headers = [
  'Upgrade: websocket',
  'Upgrade: h2c',
  'Connection: Upgrade',
  'Connection: close',
  'Connection: keep-alive, Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Key: short',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Version: 99',
  'Sec-WebSocket-Protocol: a, b, a',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
  'Sec-WebSocket-Extensions: ;;=,"',
  'Origin: https://elsewhere.example',
  'Origin: http://127.0.0.1',
  'Origin: null',
  'Expect: 100-continue',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA',
  'X: \x80\xff',
  ': empty',
];

/** A head is a frame. Those that ask for a page keep the connection; most others end it. */
export function httpTarget(port: number): Target {
  return {
    name: 'http',
    port,
    connections: 32,
    framesPerConnection: 12,
    opening: () => Buffer.alloc(0),
    frames: (random, _, count) => repeated(count, () => Buffer.from(pageRequest(random), 'latin1')),
    breaking: (random) => brokenHead(random),
  };
}

function pageRequest(random: Random): string {
  const path = random.pick(['/', '/nothing', '/ws', '/?a']);
  return `${random.pick(['GET', 'HEAD'])} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${random.whole(0, 9)}\r\n\r\n`;
}

function brokenHead(random: Random): Buffer {
  const given = Array.from({ length: random.oneIn(30) ? random.whole(60, 400) : random.whole(0, 9) }, () =>
    random.pick(headers),
  );
  const version = random.pick(['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9', '']);
  const first = `${random.pick(methods)} ${random.pick(paths)} ${version}`;
  const head = Buffer.from([first, 'Host: 127.0.0.1', ...given, '', ''].join('\r\n'), 'latin1');
  const body = random.oneIn(2) ? randomBytes(random, random.whole(0, 200)) : Buffer.alloc(0);
  const whole = Buffer.concat([head, body]);
  return random.oneIn(2) ? whole : mutated(random, whole);
}
