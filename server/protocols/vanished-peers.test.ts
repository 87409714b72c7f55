import { bounds } from '../../shared/limits';
import { ManualClock } from '../../tests/harness/manual-clock';
import { quiet } from '../../tests/harness/quiet';
import { RecordingLogger } from '../../tests/harness/recording-logger';
import { type Endpoints, endpointsOf } from './tcp-table';
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
let unanswered: Map<Endpoints, number>;
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

/** A check, before which the kernel has tried so often in vain; `undefined` when the peer has acknowledged everything. */
async function check(tries?: number): Promise<void> {
  if (tries === undefined) unanswered.clear();
  else unanswered.set(socket.endpoints, tries);
  clock.advance(bounds.peerCheckMs);
  await quiet();
}

test('a peer that has not answered the kernel at two checks is gone, 60 to 90 s after it was last heard', async () => {
  socket.bytesRead = 10;
  socket.bytesWritten = 100;
  await check(5);
  await check(7);
  expect(socket.isDestroyed).toBe(false);
  await check(8);
  expect(socket.isDestroyed).toBe(true);
  expect(logger.errors).toEqual([]);
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
  for (const tries of [0, 1, 0, 1, 1, 4, 3, 2, 1, 5, 0, 3]) await check(tries);
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
  await check(3);
  unanswered.set(socket.endpoints, 4);
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
  await check(2);
  await check(3);
  expect(socket.isDestroyed).toBe(true);
});

test('a table that cannot be read is logged, and read again at the next check', async () => {
  socket.bytesWritten = 100;
  failure = new Error('no table');
  await check();
  await check();
  expect(logger.errors).toEqual(['peers_not_checked']);
  failure = undefined;
  await check(2);
  await check(3);
  expect(socket.isDestroyed).toBe(true);
});

test('nothing is checked any more once it was stopped', async () => {
  socket.bytesWritten = 100;
  peers.stop();
  await check(3);
  await check(4);
  expect([reads, clock.pendingCount]).toEqual([[], 0]);
});
