import { bounds } from '../../shared/limits';
import { ManualClock } from '../../tests/harness/manual-clock';
import { quiet } from '../../tests/harness/quiet';
import { RecordingLogger } from '../../tests/harness/recording-logger';
import { type Endpoints, endpointsOf, type Pending } from './tcp-table';
import { VanishedPeers } from './vanished-peers';

class FakeSocket {
  bytesRead = 0;
  bytesWritten = 0;
  isDestroyed = false;
  readonly localAddress = '127.0.0.1';
  readonly localPort = 8888;
  readonly remoteAddress = '127.0.0.1';

  constructor(readonly remotePort: number) {}

  get endpoints(): Endpoints {
    return endpointsOf(this) as Endpoints;
  }

  destroy(): this {
    this.isDestroyed = true;
    return this;
  }
}

let clock: ManualClock;
let logger: RecordingLogger;
let socket: FakeSocket;
let peers: VanishedPeers;
/** What the kernel says; its table is read as often as `reads` says. */
let unanswered: Map<Endpoints, Pending>;
let reads: Endpoints[][];
let failure: Error | undefined;

beforeEach(() => {
  clock = new ManualClock();
  logger = new RecordingLogger();
  socket = new FakeSocket(50_000);
  unanswered = new Map();
  reads = [];
  failure = undefined;
  peers = new VanishedPeers({
    sockets: [socket],
    clock,
    logger,
    readUnanswered: async (wanted) => {
      reads.push([...wanted]);
      if (failure !== undefined) throw failure;
      return unanswered;
    },
  });
  peers.start();
});

/** A check that finds so many unanswered tries, or that the peer has acknowledged everything. */
async function check(tries?: number, queuedBytes = 100): Promise<void> {
  if (tries === undefined) unanswered.clear();
  else unanswered.set(socket.endpoints, { tries, queuedBytes });
  clock.advance(bounds.peerCheckMs);
  await quiet();
}

/** As many checks that find no answer as a peer may fail without being gone. */
async function almostGone(): Promise<void> {
  for (let failed = 1; failed < bounds.peerChecksMax; failed += 1) await check(6 + failed);
}

test('a peer that has answered nothing at four checks in a row is gone', async () => {
  socket.bytesRead = 10;
  socket.bytesWritten = 100;
  await check(5);
  await almostGone();
  expect(socket.isDestroyed).toBe(false);
  await check(9);
  expect(socket.isDestroyed).toBe(true);
  expect(logger.errors).toEqual([]);
});

test('a silent reader stays if its network stalls for less than three checks', async () => {
  socket.bytesWritten = 100;
  await check();
  for (let stall = 0; stall < 3; stall += 1) {
    await almostGone();
    socket.bytesWritten += 100;
    await check();
  }
  expect(socket.isDestroyed).toBe(false);
});

test('a reader on a lossy link stays, whose kernel is retransmitting at every check but acknowledges in between', async () => {
  socket.bytesWritten = 100;
  await check();
  for (let round = 0; round < 8; round += 1) {
    socket.bytesWritten += 100;
    await check(3, round % 2 === 0 ? 200 : 100);
  }
  expect(socket.isDestroyed).toBe(false);
});

test('the table is read only while bytes are under way to a peer that is silent', async () => {
  await check();
  await check();
  expect(reads).toEqual([]);
  socket.bytesWritten = 100;
  await check();
  await check();
  expect(reads).toEqual([[socket.endpoints]]);
  socket.bytesWritten = 200;
  socket.bytesRead = 1;
  await check(3);
  expect(reads).toHaveLength(1);
});

test('a peer that takes a byte now and then stays, and so does one whose system answers for it', async () => {
  socket.bytesWritten = 100;
  for (const tries of [0, 1, 0, 1, 1, 4, 3, 2, 1, 5, 0, 3, 3, 3, 1]) await check(tries);
  expect(socket.isDestroyed).toBe(false);
});

test('a peer that says something between two checks stays', async () => {
  socket.bytesWritten = 100;
  await check(3);
  for (let heard = 1; heard < 6; heard += 1) {
    socket.bytesRead = heard;
    await check(5);
    await check(6);
  }
  expect(socket.isDestroyed).toBe(false);
});

test('a peer that says something while the table is read stays', async () => {
  socket.bytesWritten = 100;
  await check(3);
  await almostGone();
  unanswered.set(socket.endpoints, { tries: 20, queuedBytes: 100 });
  clock.advance(bounds.peerCheckMs);
  socket.bytesRead = 1;
  await quiet();
  expect(socket.isDestroyed).toBe(false);
});

test('bytes that are written while the table is read are checked the next time', async () => {
  socket.bytesWritten = 100;
  await check();
  clock.advance(bounds.peerCheckMs);
  socket.bytesWritten = 200;
  await quiet();
  await almostGone();
  await check(10);
  expect(socket.isDestroyed).toBe(true);
});

test('a table that cannot be read is logged once for each reason, and read again at the next check', async () => {
  socket.bytesWritten = 100;
  await check();
  for (const reason of ['no table', 'no table', 'no thread']) {
    failure = new Error(reason);
    await check();
  }
  expect(logger.errors).toEqual(['peers_not_checked', 'peers_not_checked']);
  failure = undefined;
  await almostGone();
  await check(10);
  expect(socket.isDestroyed).toBe(true);
});

test('nothing is checked any more once it was stopped', async () => {
  socket.bytesWritten = 100;
  await check();
  peers.stop();
  await almostGone();
  expect([reads, clock.pendingCount]).toEqual([[], 0]);
});

test('the next check waits for the answer to the one before', async () => {
  let answer = (): void => undefined;
  const asked: number[] = [];
  const slow = new VanishedPeers({
    sockets: [socket],
    clock,
    logger,
    readUnanswered: () => {
      asked.push(1);
      return new Promise((resolve) => {
        answer = () => resolve(unanswered);
      });
    },
  });
  peers.stop();
  slow.start();
  socket.bytesWritten = 100;
  for (let checks = 0; checks < 6; checks += 1) await check(5);
  expect(asked).toHaveLength(1);
  answer();
  await quiet();
  await check(6);
  expect(asked).toHaveLength(2);
  expect(socket.isDestroyed).toBe(false);
});
