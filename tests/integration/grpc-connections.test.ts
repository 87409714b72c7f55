/** The connections of the gRPC port: which is which, and which does not stay. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { generate } from 'selfsigned';
import { bounds } from '../../shared/limits';
import { password } from '../harness/world';
import { Caller } from './grpc-caller';
import { GrpcStage } from './grpc-stage';

let stage: GrpcStage;
const tunnels: Tunnel[] = [];

afterEach(async () => {
  jest.restoreAllMocks();
  stage.close();
  await Promise.all(tunnels.splice(0).map((tunnel) => tunnel.close()));
});

/** Takes a client to the gRPC port by one address of it, from an end of the test's choice. */
class Tunnel {
  private readonly sockets: Socket[] = [];
  private readonly server: Server;
  /** The end that the server sees. */
  private outer: Socket | undefined;

  /** `localPort` is 0 for any free one. */
  constructor(host: string, localPort: number) {
    this.server = createServer((inner) => {
      const outer = connect({ host, port: stage.listener.port, localAddress: '127.0.0.1', localPort });
      this.outer = outer;
      for (const socket of [inner, outer]) socket.on('error', () => undefined);
      this.sockets.push(inner, outer);
      inner.pipe(outer).pipe(inner);
    }).listen(0, '127.0.0.1');
    tunnels.push(this);
  }

  async open(): Promise<Caller> {
    if (!this.server.listening) await once(this.server, 'listening');
    return new Caller((this.server.address() as AddressInfo).port);
  }

  get localPort(): number {
    return this.outer?.localPort ?? 0;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

test('two from one address and port, to two addresses of the server, are two', async () => {
  stage = await GrpcStage.open({ listener: { host: '0.0.0.0' } });
  for (const name of ['alice', 'bob']) stage.account(name);
  const first = new Tunnel('127.0.0.1', 0);
  const alice = await first.open();
  expect(await alice.ask('LoginAccount', { username: 'alice', password })).toMatchObject({ success: true });
  const stranger = await new Tunnel('127.0.0.2', first.localPort).open();
  const forged = { fromUsername: 'alice', toUsername: 'bob', message: 'forged' };
  expect(await stranger.ask('SendMessage', forged)).toMatchObject({ code: 'not_logged_in' });
  expect(await stranger.ask('LoginAccount', { username: 'bob', password })).toMatchObject({ success: true });
  // The later one has not taken the place of the earlier.
  expect(await alice.ask('SendMessage', { ...forged, message: 'her own' })).toMatchObject({ success: true });
  for (const caller of [alice, stranger]) caller.close();
});

test('one that does not begin TLS in time is closed', async () => {
  jest.replaceProperty(bounds, 'handshakeMs', 50 as never);
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }]);
  const tls = { current: { cert, key }, onReload: () => undefined };
  stage = await GrpcStage.open({ listener: { tls } });
  const silent = connect(stage.listener.port, '127.0.0.1').resume();
  expect(await once(silent, 'close')).toEqual([false]);
});
