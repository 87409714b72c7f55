/** A million frames, valid, wrong and senseless, at every listener, while others go on as if nothing happened.
 *  `CHATEAU_FUZZ_FRAMES` says how many, `CHATEAU_FUZZ_SEED` which.
 *  @see docs/fuzzing.md */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RawClient } from '../harness/raw-client';
import { selfSigned } from '../harness/self-signed';
import { chatbotTarget } from './chatbot-frames';
import { classicTarget, firstBytesTarget, modernTarget } from './cmap-frames';
import { httpTarget } from './http-heads';
import { grpcTarget } from './http2-frames';
import { InspectedServer } from './inspected-server';
import { nickroomTarget } from './nickroom-frames';
import { Siege } from './siege';
import { tlsTarget } from './tls-records';
import { onChatbot, onClassic, onCmap, onGrpc, onNickroom, onWebSocket, openPair } from './voices';
import { webSocketTarget } from './web-socket-frames';

const seed = Number(process.env.CHATEAU_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const framesPerListener = Number(
  process.env.CHATEAU_FUZZ_FRAMES ?? (process.env.CI === undefined ? 50_000 : 1_000_000),
);
const rounds = [1, 2] as const;

/** What a stage may take: the whole takes less than four minutes on two cores. */
const timeoutMs = 1_200_000;

/** The share of its listener's frames that each target has. */
const clearTargets = [
  // First: what it leaves to the server's sweeps is gone when the others are through.
  { name: 'grpc', share: 1 },
  { name: 'cmap2', share: 0.55 },
  { name: 'cmap1', share: 0.4 },
  { name: 'first-bytes', share: 0.05 },
  { name: 'chateau', share: 0.93 },
  { name: 'http', share: 0.07 },
  { name: 'chatbot', share: 1 },
  { name: 'nickroom', share: 1 },
] as const;
const tlsTargets = [
  { name: 'tls', share: 1 },
  { name: 'tls-grpc', share: 0.1 },
] as const;

process.stdout.write(`fuzz: CHATEAU_FUZZ_SEED=${seed} CHATEAU_FUZZ_FRAMES=${framesPerListener}\n`);

describe(`in the clear, seed ${seed}`, () => {
  let siege: Siege;

  beforeAll(async () => {
    const anyPorts = ['--chatbot-port', '0', '--nickroom-port', '0', '--grpc-port', '0'];
    const server = await InspectedServer.start([...anyPorts, '--mailbox-messages', '500', '--nickroom-history', '5']);
    const { port } = server.process;
    const [chatbot, nickroom, grpc] = ['chatbot', 'nick room', 'gRPC'].map((wire) => server.portOf(wire)) as [
      number,
      number,
      number,
    ];
    const pairs = [
      await openPair('cmap 2', onCmap(port)),
      await openPair('cmap 1', onClassic(port)),
      await openPair('chateau', onWebSocket(port)),
      await openPair('chatbot', onChatbot(chatbot)),
      await openPair('nick room', onNickroom(nickroom)),
      await openPair('gRPC', onGrpc(grpc)),
    ];
    const targets = [
      modernTarget(port),
      classicTarget(port),
      firstBytesTarget(port),
      webSocketTarget(port),
      httpTarget(port),
      chatbotTarget(chatbot),
      nickroomTarget(nickroom),
      grpcTarget(grpc),
    ];
    siege = await Siege.lay({ server, pairs, targets, seed });
  }, timeoutMs);
  afterAll(() => siege.lift(), timeoutMs);

  tell(() => siege, clearTargets);
});

describe(`behind a certificate, seed ${seed}`, () => {
  let folder: string;
  let siege: Siege;
  let neverShaking: RawClient[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chateau-fuzz-'));
    const { cert, key } = await selfSigned();
    const [certPath, keyPath] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(certPath, cert);
    writeFileSync(keyPath, key);
    const server = await InspectedServer.start(['--tls-cert', certPath, '--tls-key', keyPath, '--grpc-port', '0']);
    const { port } = server.process;
    const pairs = [await openPair('cmap 2', onCmap(port)), await openPair('cmap 2 by TLS', onCmap(port, cert))];
    const targets = [tlsTarget('tls', port), tlsTarget('tls-grpc', server.portOf('gRPC'))];
    siege = await Siege.lay({ server, pairs, targets, seed });
    neverShaking = await Promise.all([port, server.portOf('gRPC')].map((each) => RawClient.connect(each)));
    for (const client of neverShaking) client.send(helloBegun);
  }, timeoutMs);
  afterAll(async () => {
    await siege.lift();
    rmSync(folder, { recursive: true });
  }, timeoutMs);

  tell(() => siege, tlsTargets);

  test('who begins a handshake and says no more is closed, on either port', async () => {
    expect(await Promise.all(neverShaking.map((client) => client.closed()))).toEqual(['', '']);
  });
});

/** A record that announces more than ever comes. */
const helloBegun = Buffer.from('1603010200', 'hex');

function tell(siege: () => Siege, targets: readonly { readonly name: string; readonly share: number }[]): void {
  for (const round of rounds) {
    for (const { name, share } of targets) {
      const frames = Math.ceil((share * framesPerListener) / rounds.length);
      test(
        `${name}, round ${round}: ${frames} frames leave no complaint and no connection behind`,
        async () => {
          const outcome = await siege().attack(name, frames);
          expect(outcome).toMatchObject({ isServerThere: true, complaints: [], unclosed: [], connectionsLeft: 0 });
          expect(outcome.frames).toBeGreaterThanOrEqual(frames);
        },
        timeoutMs,
      );
    }
    test(
      `round ${round} is through, and no connection of any wire is left`,
      async () => {
        expect(await siege().endRound()).toEqual([]);
      },
      timeoutMs,
    );
  }

  test('the second round leaves no more memory and no more descriptors behind than the first', () => {
    const { heapGrowthBytes, residentGrowthBytes, descriptorGrowth } = siege().growth();
    expect([...descriptorGrowth]).toEqual([]);
    expect(heapGrowthBytes).toBeLessThan(4 * 2 ** 20);
    expect(residentGrowthBytes).toBeLessThan(64 * 2 ** 20);
  });

  test(
    'everything that the well-behaved said has arrived, once and in order',
    async () => {
      for (const { wire, heard, said } of await siege().accounts())
        expect({ wire, heard }).toEqual({ wire, heard: said });
    },
    timeoutMs,
  );

  // The worst that was seen is about a second. A machine that is slow makes work of more time: each limit is a wide multiple.
  test('the server answered a ping at any time', () => {
    const { elapsedMs, workMs } = siege().worstPing;
    expect(siege().pings).toBeGreaterThan(0);
    expect(workMs).toBeLessThan(10_000);
    expect(elapsedMs).toBeLessThan(30_000);
  });
}
