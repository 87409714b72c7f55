/** Peers that vanish without closing while a message is under way to them, as after a power cut or a lost radio link: on every
 *  wire, and with TLS. They are behind a proxy whose sockets drop every packet from some moment on. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { describeWith } from '../harness/installed';
import { RawClient } from '../harness/raw-client';
import { selfSigned } from '../harness/self-signed';
import { ServerProcess } from '../harness/server-process';
import { chatbotWire } from '../interoperation/drivers/chatbot';
import { chateauGuestWire, chateauNumericWire, chateauWire } from '../interoperation/drivers/chateau';
import { classicWire } from '../interoperation/drivers/classic';
import { cmapWire } from '../interoperation/drivers/cmap';
import { grpcWire } from '../interoperation/drivers/grpc';
import { nickroomWire } from '../interoperation/drivers/nickroom';
import { type Person, password, type Wire } from '../interoperation/wire';
import { NickroomClient } from './nickroom-client';

/** A process that forwards to ports of the server, until it lets go of them. */
class VanishingProxy {
  private readonly lines: AsyncIterator<string>;

  constructor(private readonly child: ChildProcess) {
    this.lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  }

  static start(ports: readonly number[]): VanishingProxy {
    const script = join(__dirname, 'vanishing_proxy.py');
    return new VanishingProxy(spawn('python3', [script, ...ports.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  /** Its own ports, in the order of the server's. */
  async ports(): Promise<number[]> {
    return JSON.parse((await this.lines.next()).value);
  }

  /** From now on the server's packets get no answer, not even a reset. */
  async vanish(): Promise<void> {
    this.child.stdin?.write('vanish\n');
    expect((await this.lines.next()).value).toBe('vanished');
  }

  async stop(): Promise<void> {
    this.child.stdin?.end();
    await once(this.child, 'exit');
  }
}

/** A new account, logged in. */
async function entered(port: number, name: string, certificate?: string, capability = ''): Promise<RawClient> {
  const client = await (certificate === undefined ? RawClient.connect(port) : RawClient.connectTls(port, certificate));
  expect(await client.ask(`hello 2 ${capability}`)).toMatch(/^200 /);
  expect(await client.ask(`create ${name} ${password}`)).toBe(`201 ${name}`);
  expect(await client.askBlock(`login ${name} ${password}`)).toEqual([`200 ${name} 0`]);
  return client;
}

/** Resolves once none of `names` is online, which no event tells of. Fails with those who are left after two minutes. */
async function offline(observer: RawClient, names: readonly string[]): Promise<void> {
  const begin = performance.now();
  for (;;) {
    const [, ...online] = await observer.askBlock('who');
    const left = names.filter((name) => online.includes(name));
    if (left.length === 0) return;
    if (performance.now() - begin > patienceMs) throw new Error(`still online: ${left.join(', ')}`);
    await setTimeout(pollMs);
  }
}

const patienceMs = 120_000;
const pollMs = 250;

describeWith('python3', 'apt-get install python3', 'a peer that vanishes', () => {
  let folder: string;
  let server: ServerProcess;
  let secureServer: ServerProcess;
  let proxy: VanishingProxy;
  let certificate: string;
  const people: Person[] = [];

  const portOf = (wire: string): number => Number(new RegExp(`:(\\d+) +${wire} clients`).exec(server.stdout)?.[1]);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chateau-'));
    const { cert, key } = await selfSigned();
    certificate = cert;
    writeFileSync(join(folder, 'cert.pem'), cert);
    writeFileSync(join(folder, 'key.pem'), key);
    const tls = ['--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'key.pem')];
    const wires = ['--grpc-port', '0', '--chatbot-port', '0', '--nickroom-port', '0', '--nickroom-history', '1'];
    server = await ServerProcess.start(wires);
    secureServer = await ServerProcess.start(tls);
    proxy = VanishingProxy.start([
      server.port,
      portOf('chatbot'),
      portOf('nick room'),
      portOf('gRPC'),
      secureServer.port,
    ]);
  });
  afterAll(async () => {
    for (const person of people) person.leave();
    await proxy.stop();
    await server.stop();
    await secureServer.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The same wires, each with its name as the name of a person. */
  function allWires([main = 0, chatbot = 0, nickroom = 0, grpc = 0]: readonly number[]): Map<string, Wire> {
    return new Map([
      ['modern', cmapWire(main)],
      ['classic', classicWire(main)],
      ['browser', chateauWire(main)],
      ['guest', chateauGuestWire(main)],
      ['numeric', chateauNumericWire(main)],
      ['chatbot', chatbotWire(chatbot)],
      ['nick', nickroomWire(nickroom)],
      ['grpc', grpcWire(grpc)],
    ]);
  }

  test('with a message under way is offline, on every wire, while one that does not read stays', async () => {
    const direct = allWires([server.port, portOf('chatbot'), portOf('nick room'), portOf('gRPC')]);
    const proxyPorts = await proxy.ports();
    const proxied = allWires(proxyPorts);
    for (const [name, wire] of direct) await wire.make?.(name);
    // The driver of the nick room expects that something was said there.
    const earlier = await NickroomClient.join(portOf('nick room'), 'earlier');
    earlier.say('hello');
    earlier.say('BYE');
    await earlier.bytes.closed();
    for (const [name, wire] of proxied) people.push(await wire.enter(name));
    const observer = await entered(server.port, 'observer');
    const silent = await entered(proxyPorts[0] as number, 'silent');
    const acknowledging = await entered(proxyPorts[0] as number, 'acknowledging', undefined, 'ack');
    const stopped = await entered(server.port, 'stopped');
    const secureObserver = await entered(secureServer.port, 'observer');
    const secure = await entered(proxyPorts[4] as number, 'secure', certificate);
    // Its system answers for it, though the program does not read.
    stopped.pause();
    const body = 'x'.repeat(60_000);
    for (let count = 0; count < 200; count += 1) expect(await observer.ask(`send stopped ${body}`)).toMatch(/^200 /);
    await proxy.vanish();
    const vanished = [...proxied.keys(), 'acknowledging'];
    for (const name of vanished) expect(await observer.ask(`send ${name} are you there?`)).toMatch(/^200 \d+ live$/);
    expect(await secureObserver.ask('send secure are you there?')).toBe('200 1 live');
    await Promise.all([offline(observer, [...vanished, 'silent']), offline(secureObserver, ['secure'])]);
    expect(await observer.askBlock('who')).toEqual(['200 2 0', 'observer', 'stopped']);
    // What was under way, and not acknowledged, waits for the next login.
    const again = await RawClient.connect(server.port);
    expect(await again.askBlock(`login acknowledging ${password}`)).toEqual([
      '200 acknowledging 1',
      expect.stringMatching(/ observer acknowledging are you there\?$/),
    ]);
    for (const client of [observer, silent, acknowledging, stopped, secureObserver, secure, again]) client.close();
  });
});
