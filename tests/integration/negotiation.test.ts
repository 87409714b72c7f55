/** What the server answers to an offer, on a wire that negotiates something: never a thing that it does not speak. */

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import WebSocket from 'ws';
import { TlsTerminator } from '../../server/protocols/tls-terminator';
import { RawClient } from '../harness/raw-client';
import { selfSigned } from '../harness/self-signed';
import { ChateauStage } from './chateau-stage';
import { GrpcStage } from './grpc-stage';

describe('WebSocket', () => {
  let stage: ChateauStage;
  beforeEach(async () => {
    stage = await ChateauStage.open();
  });
  afterEach(() => stage.close());

  /** The head of the response to an upgrade request with these header fields, in lower case. */
  async function upgrade(fields: readonly string[], version = 13): Promise<string> {
    const client = await RawClient.connect(stage.port);
    const always = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    const head = ['GET /ws HTTP/1.1', 'Host: a', ...always, `Sec-WebSocket-Version: ${version}`, ...fields];
    client.send(`${head.join('\r\n')}\r\n\r\n`);
    const answer = await client.until('\r\n\r\n');
    client.close();
    return answer.toLowerCase();
  }

  test.each(['chat', 'chat, superchat', 'graphql-ws'])(
    'selects no subprotocol when the client offers %s, and accepts the connection',
    async (offered) => {
      const head = await upgrade([`Sec-WebSocket-Protocol: ${offered}`]);
      expect(head).toMatch(/^http\/1\.1 101 /);
      expect(head).not.toContain('sec-websocket-protocol');
    },
  );

  test('selects no extension when the client offers compression, and accepts the connection', async () => {
    const head = await upgrade(['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-unknown']);
    expect(head).toMatch(/^http\/1\.1 101 /);
    expect(head).not.toContain('sec-websocket-extensions');
  });

  test('refuses an unknown WebSocket version and names the versions that it speaks', async () => {
    const head = await upgrade([], 99);
    expect(head).toMatch(/^http\/1\.1 400 /);
    expect(head).toContain('sec-websocket-version: 13, 8\r\n');
  });

  test('tells a client library that offered a subprotocol that none was selected', async () => {
    const socket = new WebSocket(stage.url, ['chat']);
    const [error] = await once(socket, 'error');
    expect(error.message).toBe('Server sent no subprotocol');
  });
});

describe('TLS application protocols (ALPN)', () => {
  /** The protocol that the server selects of those offered; false when it selects none. Rejects when it refuses them all. */
  async function selected(port: number, offered: string[]): Promise<TLSSocket['alpnProtocol']> {
    const socket = connectTls({ port, host: '127.0.0.1', ALPNProtocols: offered, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { alpnProtocol } = socket;
    socket.destroy();
    return alpnProtocol;
  }

  test('the gRPC port selects h2 and refuses a client without it, also after the certificate was replaced', async () => {
    const reloads: (() => void)[] = [];
    const tls = { current: await selfSigned(), onReload: (listener: () => void) => void reloads.push(listener) };
    const stage = await GrpcStage.open({ listener: { tls } });
    const { port } = stage.listener;
    for (const prepare of [() => undefined, () => void reloads.map((reload) => reload())]) {
      prepare();
      expect(await selected(port, ['http/1.1', 'h2'])).toBe('h2');
      await expect(selected(port, ['http/1.1', 'h3'])).rejects.toThrow(/no application protocol/);
    }
    expect(reloads).toHaveLength(1);
    await stage.close();
  });

  test('the main port selects none', async () => {
    const certificate = { current: await selfSigned(), onReload: () => undefined };
    const terminator = new TlsTerminator(certificate, (socket) => socket.destroy());
    const server = createServer((socket) => terminator.accept(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    expect(await selected((server.address() as AddressInfo).port, ['h2', 'http/1.1'])).toBe(false);
    server.close();
    await once(server, 'close');
  });
});
