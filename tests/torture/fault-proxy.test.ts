import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { RawClient } from '../harness/raw-client';
import { FaultProxy, type ProxiedLink } from './fault-proxy';

/** Unlike `once` of node:events it does not mind that the connection broke. */
function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

describe('a fault proxy', () => {
  let target: Server;
  let proxy: FaultProxy;
  let client: RawClient;
  let server: Socket;
  let link: ProxiedLink;
  let received: string;

  beforeEach(async () => {
    target = createServer({ noDelay: true });
    target.listen(0, '127.0.0.1');
    await once(target, 'listening');
    const { port } = target.address() as AddressInfo;
    await connectThrough(await FaultProxy.listen({ target: port }));
  });

  async function connectThrough(listening: FaultProxy): Promise<void> {
    proxy = listening;
    const connected = once(target, 'connection');
    client = await RawClient.connect(proxy.port);
    [server] = (await connected) as [Socket];
    server.on('error', () => {});
    received = '';
    server.on('data', (chunk) => {
      received += chunk;
    });
    link = proxy.links[0]!;
  }

  afterEach(async () => {
    client.close();
    server.destroy();
    await proxy.close();
    target.close();
  });

  /** Resolves once the server has so many bytes. */
  async function serverHas(bytes: number): Promise<void> {
    while (received.length < bytes) await once(server, 'data');
  }

  it('carries bytes both ways, and the end of a connection', async () => {
    client.send('there');
    await serverHas(5);
    server.end('and back');
    expect(await client.closed()).toBe('and back');
    expect(received).toBe('there');
    await link.ended;
    expect(proxy.links).toEqual([]);
  });

  it('drops a connection for both ends', async () => {
    const closed = gone(server);
    link.drop();
    await Promise.all([client.closed(), closed]);
  });

  it('cuts a connection in the middle of what is sent', async () => {
    const closed = gone(server);
    link.up.cut(3);
    client.send('abcdef');
    await Promise.all([client.closed(), closed]);
    expect(received).toBe('abc');
  });

  it('holds bytes back, and delivers them after their sender is gone', async () => {
    link.hold();
    await client.sendNow('late');
    client.endInput();
    server.write('unseen');
    const ended = once(server, 'end');
    link.release();
    await ended;
    expect(received).toBe('late');
  });

  it('loses what is sent through a connection that is half open, and tells neither end that the other is gone', async () => {
    const closed = gone(server);
    link.loseHalfOpen();
    await client.sendNow('lost');
    client.close();
    // Another connection comes and goes meanwhile: what would have told the server has had its time.
    const other = await RawClient.connect(proxy.port);
    const [second] = (await once(target, 'connection')) as [Socket];
    second.end();
    await other.closed();
    expect(server.destroyed).toBe(false);
    expect(received).toBe('');
    link.restore();
    await closed;
  });

  it('lets bytes through one by one', async () => {
    const chunks: string[] = [];
    server.on('data', (chunk) => chunks.push(String(chunk)));
    link.up.trickleBytes = 5;
    client.send('abcdefgh');
    await serverHas(8);
    expect(chunks.join('')).toBe('abcdefgh');
    expect(chunks.length).toBeGreaterThan(1);
    expect(link.up.trickleBytes).toBe(0);
  });

  it('goes on as usual with what is left when a connection is restored that lets bytes through one by one', async () => {
    link.up.trickleBytes = 100_000;
    const sent = 'abcdefghij'.repeat(1_000);
    client.send(sent);
    await serverHas(3);
    link.restore();
    await serverHas(sent.length);
    expect(received).toBe(sent);
  });

  it('keeps what was sent at once together for a wire that takes a read for a request, and cuts between two', async () => {
    client.close();
    await proxy.close();
    await connectThrough(
      await FaultProxy.listen({ target: (target.address() as AddressInfo).port, keepsRequests: true }),
    );
    const chunks: string[] = [];
    server.on('data', (chunk) => chunks.push(String(chunk)));
    link.up.trickleBytes = 1_000;
    client.send('1 3 bob hello');
    await once(server, 'data');
    link.up.cut(5);
    client.send('1 3 bob again');
    await gone(server);
    expect(chunks).toEqual(['1 3 bob hello']);
  });

  it('ends a connection when there is nobody to go on to', async () => {
    target.close();
    server.destroy();
    await Promise.all([client.closed(), once(target, 'close')]);
    const refused = await RawClient.connect(proxy.port);
    expect(await refused.closed()).toBe('');
  });
});
