/** The gRPC port itself: what tools find there, who may connect, and how it closes. */

import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import {
  type Client,
  type ClientDuplexStream,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { service as healthService } from 'grpc-health-check';
import { generate } from 'selfsigned';
import { openGrpcListener } from '../../server/protocols/grpc/listener';
import type { KeyPair, TlsMaterial } from '../../server/protocols/tls-material';
import { bounds } from '../../shared/limits';
import { password } from '../harness/world';
import { GrpcStage, texts } from './grpc-stage';

let stage: GrpcStage;

afterEach(() => stage.close());

/** A TCP connection that speaks for itself. */
async function dial(): Promise<Socket> {
  const socket = connectTcp(stage.listener.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function closed(socket: Socket): Promise<void> {
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
}

interface ReflectionAnswer {
  readonly list_services_response?: { readonly service: readonly { readonly name: string }[] };
  readonly file_descriptor_response?: { readonly file_descriptor_proto: readonly Buffer[] };
}

describe('tools', () => {
  beforeEach(async () => {
    stage = await GrpcStage.open();
  });

  type Reflection = ClientDuplexStream<object, ReflectionAnswer>;

  function open(version: 'v1' | 'v1alpha' = 'v1'): { client: Client; reflection: Reflection } {
    const folder = join(require.resolve('@grpc/reflection'), '..', '..', 'proto', 'grpc', 'reflection', version);
    const loaded = loadPackageDefinition(loadSync(join(folder, 'reflection.proto'), { keepCase: true }));
    type Package = Record<string, { ServerReflection: ServiceClientConstructor }>;
    const Service = (loaded.grpc as unknown as { reflection: Package }).reflection[version]!.ServerReflection;
    const client = new Service(`127.0.0.1:${stage.listener.port}`, credentials.createInsecure());
    return { client, reflection: client.ServerReflectionInfo!() as Reflection };
  }

  /** Asks for the health of a service on a client's connection. */
  function check(client: Client, service: string): Promise<unknown> {
    const { path, requestSerialize, responseDeserialize } = healthService.Check!;
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, (error, value) =>
        error === null ? resolve(value) : reject(error),
      );
    });
  }

  test.each(['v1', 'v1alpha'] as const)('find the services and their messages by reflection %s', async (version) => {
    const { client, reflection: stream } = open(version);
    stream.write({ list_services: '' });
    const [listed] = (await once(stream, 'data')) as [ReflectionAnswer];
    const names = listed.list_services_response?.service.map(({ name }) => name);
    expect(names?.sort()).toEqual(['grpc.ChatService', 'grpc.health.v1.Health']);
    stream.write({ file_containing_symbol: 'grpc.ChatService' });
    const [file] = (await once(stream, 'data')) as [ReflectionAnswer];
    const bytes = Buffer.concat(file.file_descriptor_response?.file_descriptor_proto as Buffer[]).toString('latin1');
    for (const name of ['CreateAccount', 'fromUsername', 'search_term', 'Acknowledgement'])
      expect(bytes).toContain(name);
    stream.end();
    await once(stream, 'end');
    client.close();
  });

  test('that ask on and on and take no answer wait, and get every answer once they take them', async () => {
    const { client, reflection } = open();
    const asked = 3_000;
    for (let count = 0; count < asked; count += 1) reflection.write({ file_containing_symbol: 'grpc.ChatService' });
    reflection.end();
    // Others on the connection do not wait.
    expect(await check(client, '')).toMatchObject({ status: 'SERVING' });
    let answered = 0;
    for await (const _answer of reflection) answered += 1;
    expect(answered).toBe(asked);
    client.close();
  });

  test('see that it is healthy, and when it closes that it is not', async () => {
    const { client, reflection } = open();
    reflection.cancel();
    reflection.on('error', () => undefined);
    expect(await check(client, '')).toMatchObject({ status: 'SERVING' });
    expect(await check(client, 'grpc.ChatService')).toMatchObject({ status: 'SERVING' });
    await expect(check(client, 'other')).rejects.toMatchObject({ code: 5 });
    const { path, requestSerialize, responseDeserialize } = healthService.Watch!;
    const watched = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service: '' });
    watched.on('error', () => undefined);
    expect((await once(watched, 'data'))[0]).toMatchObject({ status: 'SERVING' });
    const news = once(watched, 'data');
    const closing = stage.listener.close();
    expect((await news)[0]).toMatchObject({ status: 'NOT_SERVING' });
    stage.world.clock.advance(bounds.closingMs);
    await closing;
    client.close();
  });
});

describe('a connection', () => {
  test('beyond the most that there may be is closed, and there is room again when one goes', async () => {
    stage = await GrpcStage.open({ listener: { connectionsMax: 2 } });
    const first = await dial();
    const second = await dial();
    await closed(await dial());
    first.destroy();
    await closed(first);
    stage.account('bob');
    const caller = stage.connect();
    const asked = async (): Promise<unknown> => caller.ask('LoginAccount', { username: 'bob', password });
    // The server may see the first one go after the next has come: a channel tries again.
    let answer: unknown;
    while (answer === undefined) answer = await asked().catch(() => undefined);
    expect(answer).toEqual({ success: true, message: expect.any(String) });
    second.destroy();
  });

  test.each([
    ['a line of cmap', Buffer.from('login bob pw\r\n'.repeat(10))],
    ['HTTP/1', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['noise', Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 89) % 256))],
    [
      'a greeting and then noise',
      Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.alloc(99, 255)]),
    ],
  ])('that speaks %s is closed, and the port goes on', async (_, bytes) => {
    stage = await GrpcStage.open();
    const socket = await dial();
    socket.write(bytes);
    await closed(socket);
    await stage.enter('bob');
    expect(stage.world.logger.errors).toEqual([]);
  });

  test('may send a request in any pieces', async () => {
    stage = await GrpcStage.open();
    stage.account('bob');
    const request = Buffer.concat([
      Buffer.from([0x0a, 3]),
      Buffer.from('bob'),
      Buffer.from([0x12, 2]),
      Buffer.from('pw'),
    ]);
    const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, request.length]), request]);
    for (let at = 0; at <= frame.length; at += 1) {
      const session = connectHttp2(`http://127.0.0.1:${stage.listener.port}`);
      const call = session.request({
        ':method': 'POST',
        ':path': '/grpc.ChatService/LoginAccount',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      call.write(frame.subarray(0, at), () => call.end(frame.subarray(at)));
      const pieces: Buffer[] = [];
      for await (const piece of call) pieces.push(piece as Buffer);
      // Not compressed, 13 bytes long: field 1, true; field 2, 9 bytes of text.
      const reply = Buffer.concat([Buffer.from([0, 0, 0, 0, 13, 0x08, 1, 0x12, 9]), Buffer.from('logged in')]);
      expect(Buffer.concat(pieces)).toEqual(reply);
      session.destroy();
      while (stage.world.chat.accounts.who('bob').names.length > 0) await new Promise(setImmediate);
    }
  });

  test('that is silent for ten minutes is closed; one with a login or a stream is not', async () => {
    stage = await GrpcStage.open();
    const atThePrompt = stage.connect();
    const stream = await atThePrompt.stream().opened();
    const bob = await stage.enter('bob');
    const silent = await dial();
    // The connection has been accepted once one that came after it is served.
    await stage.enter('carol');
    const { clock } = stage.world;
    clock.advance(bounds.idleTimeoutMs - bounds.sweepMs);
    expect(silent.destroyed).toBe(false);
    clock.advance(bounds.sweepMs);
    await closed(silent);
    await stage.send(bob, 'bob', 'still here');
    expect(texts(await bob.stream.first(1))).toEqual(['still here']);
    expect(await atThePrompt.ask('CreateAccount', { username: 'dora', password: 'pw' })).toMatchObject({
      success: true,
    });
    await stage.send(bob, 'dora', 'you too');
    expect(texts(await stream.first(1))).toEqual(['you too']);
  });
});

describe('the listener', () => {
  test('says why when its port is taken', async () => {
    stage = await GrpcStage.open();
    const { port } = stage.listener;
    await expect(
      openGrpcListener(stage.world.chat, { host: '127.0.0.1', port, connectionsMax: 1, tls: undefined }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('closes at once when nobody is there', async () => {
    stage = await GrpcStage.open();
    await stage.listener.close();
    await expect(dial()).rejects.toThrow('ECONNREFUSED');
  });

  test('ends streams with the news that it closes, answers what is under way, and goes when it is answered', async () => {
    stage = await GrpcStage.open();
    const bob = await stage.enter('bob');
    const { store } = stage.world;
    store.autoCommit = false;
    const sending = stage.send(bob, 'bob', 'last words');
    while (store.gatheringCount === 0) await new Promise(setImmediate);
    const closing = stage.listener.close();
    await bob.stream.all();
    expect(bob.stream.error).toMatchObject({ code: 14, details: 'closing in 5 s' });
    store.commit();
    expect(await sending).toBe(1);
    await closing;
    expect(stage.world.chat.accounts.who(undefined).names).toEqual([]);
    await expect(bob.caller.ask('LogoutAccount', { username: 'bob' })).rejects.toMatchObject({ code: 14 });
  });

  test('closes what is still there after its five seconds', async () => {
    stage = await GrpcStage.open();
    const bob = await stage.enter('bob');
    stage.world.store.autoCommit = false;
    const sending = bob.caller.ask('SendMessage', { fromUsername: 'bob', toUsername: 'bob', message: 'x' });
    while (stage.world.store.gatheringCount === 0) await new Promise(setImmediate);
    const closing = stage.listener.close();
    stage.world.clock.advance(bounds.closingMs);
    await closing;
    await expect(sending).rejects.toMatchObject({ code: 14 });
  });
});

describe('TLS', () => {
  const asLocalhost = { 'grpc.ssl_target_name_override': 'localhost' };

  async function keyPair(): Promise<KeyPair> {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
    return { cert, key };
  }

  class Material implements TlsMaterial {
    private readonly listeners: (() => void)[] = [];
    constructor(public current: KeyPair) {}

    onReload(listener: () => void): void {
      this.listeners.push(listener);
    }

    exchange(pair: KeyPair): void {
      this.current = pair;
      for (const listener of this.listeners) listener();
    }
  }

  test('is spoken with the certificate of the server, and a new one is taken while it runs', async () => {
    const [old, next] = await Promise.all([keyPair(), keyPair()]);
    const tls = new Material(old);
    stage = await GrpcStage.open({ listener: { tls } });
    stage.account('bob');
    const trusting = (pair: KeyPair) => credentials.createSsl(Buffer.from(pair.cert), null, null);
    const bob = stage.connect(trusting(old), asLocalhost);
    const stream = await bob.stream().opened();
    expect(await bob.ask('LoginAccount', { username: 'bob', password })).toEqual({
      success: true,
      message: expect.any(String),
      undelivered: 0,
    });
    tls.exchange(next);
    await expect(
      stage.connect(trusting(old), asLocalhost).ask('LogoutAccount', { username: 'bob' }),
    ).rejects.toMatchObject({
      code: 14,
    });
    const later = stage.connect(trusting(next), asLocalhost);
    expect(await later.ask('LogoutAccount', { username: 'bob' })).toMatchObject({ code: 'not_logged_in' });
    // The connection from before keeps its own.
    await bob.ask('SendMessage', { fromUsername: 'bob', toUsername: 'bob', message: 'hi' });
    expect(texts(await stream.first(1))).toEqual(['hi']);
    bob.close();
    stream.call.cancel();
    while (stage.world.chat.accounts.who('bob').names.length > 0) await new Promise(setImmediate);
  });

  test('is all that the port speaks then', async () => {
    stage = await GrpcStage.open({ listener: { tls: new Material(await keyPair()) } });
    await expect(stage.connect().ask('LogoutAccount', { username: 'bob' })).rejects.toMatchObject({ code: 14 });
    const socket = await dial();
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    await closed(socket);
    expect(stage.world.logger.errors).toEqual([]);
  });
});
