import type { ErrorCode } from '../../shared/errors';
import { bounds } from '../../shared/limits';
import type { RoomName, Username } from '../../shared/names';
import { RecordingLogger } from '../../tests/harness/recording-logger';
import { ReferenceStore } from '../../tests/harness/reference-store';
import type { Feed } from './feed';
import { GuestMailbox } from './guest-mailbox';
import {
  type Account,
  type Appended,
  type Draft,
  type LogId,
  type Message,
  mailboxOf,
  type Seq,
  type UnixMs,
} from './ports';

const gina = { id: -7, name: 'Gina' } as unknown as Account;
const log = mailboxOf(gina.id);
const alice = { id: 3, name: 'alice' } as unknown as Account;
const at = 1_789_000_000_000 as UnixMs;
let store: ReferenceStore;
let logger: RecordingLogger;
let mailbox: GuestMailbox;

beforeEach(() => {
  store = new ReferenceStore();
  logger = new RecordingLogger();
  mailbox = new GuestMailbox(gina, { logs: store.logs, logger });
});

function draft(body: Uint8Array, key?: string): Omit<Draft, 'committed' | 'refused'> {
  return { senderId: alice.id, from: alice.name, to: 'GINA' as Username, key, at, body };
}

function bodyOf(bytes: number): Uint8Array {
  return new Uint8Array(bytes).fill(0x61);
}

/** What came of a message of so many bytes. */
function append(bytes: number, key?: string): Promise<Appended | ErrorCode> {
  return new Promise((resolve) => {
    mailbox.append({ ...draft(bodyOf(bytes), key), committed: resolve, refused: resolve });
  });
}

async function appendAll(count: number, bytes: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => append(bytes)));
}

function acknowledge(seq: number, of: LogId = log): void {
  mailbox.moved({ log: of, acked: seq } as Feed);
}

async function seqs(after: number, through: number, bytesMax: number): Promise<number[]> {
  return (await page(after, through, bytesMax)).map(({ seq }) => seq);
}

async function page(after: number, through: number, bytesMax: number, of = log): Promise<readonly Message[]> {
  const [messages = []] = await mailbox.read([{ log: of, after: after as Seq, through: through as Seq }], bytesMax);
  return messages;
}

test('a draft is told of after append has returned, in order, under the name of the guest', async () => {
  const told: unknown[] = [];
  for (const key of ['k', 'k']) {
    mailbox.append({ ...draft(bodyOf(1), key), committed: (it) => told.push(it), refused: (code) => told.push(code) });
  }
  expect(told).toEqual([]);
  await append(1);
  expect(told).toEqual([
    { log, seq: 1, to: 'Gina', repeated: false },
    { log, seq: 1, to: 'Gina', repeated: true },
  ]);
});

test('messages are read in pages, one at least', async () => {
  await appendAll(4, 10);
  expect(await seqs(0, 4, 1_000)).toEqual([1, 2, 3, 4]);
  expect(await seqs(1, 3, 1_000)).toEqual([2, 3]);
  expect(await seqs(1, 4, 20)).toEqual([2, 3]);
  expect(await seqs(1, 4, 1)).toEqual([2]);
  expect(await seqs(4, 9, 1)).toEqual([]);
});

test('what is acknowledged is forgotten, and its numbers are not given again', async () => {
  await appendAll(3, 10);
  acknowledge(2);
  expect(await seqs(0, 3, 1_000)).toEqual([3]);
  acknowledge(3);
  expect(await append(10)).toMatchObject({ seq: 4 });
  expect(await mailbox.heads([log])).toEqual([4]);
});

test('it takes so many messages, and the next one once one is acknowledged', async () => {
  await appendAll(bounds.guestMessagesMax, 1);
  expect(await append(1)).toBe('mailbox_full');
  acknowledge(1);
  expect([await append(1), await append(1)]).toMatchObject([{ seq: bounds.guestMessagesMax + 1 }, 'mailbox_full']);
});

test('it takes so many bytes, and the next ones once as many are acknowledged', async () => {
  const half = bounds.guestBytesMax / 2;
  expect([await append(half), await append(half), await append(1)]).toMatchObject([
    { seq: 1 },
    { seq: 2 },
    'mailbox_full',
  ]);
  acknowledge(1);
  expect([await append(half), await append(1)]).toMatchObject([{ seq: 3 }, 'mailbox_full']);
});

test('a key makes one message of a repeated one, also when that is acknowledged or the mailbox full', async () => {
  await append(7, 'k');
  acknowledge(1);
  await appendAll(bounds.guestMessagesMax, 1);
  expect(await append(7, 'k')).toMatchObject({ seq: 1, repeated: true });
  expect(await append(8, 'k')).toBe('key_reused');
  expect(await append(8, 'l')).toBe('mailbox_full');
});

test('a guest that has left takes nothing, not even what it has taken before', async () => {
  await append(7, 'k');
  mailbox.close();
  expect([await append(1), await append(7, 'k')]).toEqual(['recipient_unknown', 'recipient_unknown']);
});

test('a draft that throws when it is told keeps nothing from the next one, and is logged', async () => {
  const throws = (): void => {
    throw new Error('a bug of the caller');
  };
  mailbox.append({ ...draft(bodyOf(1)), committed: throws, refused: throws });
  expect(await append(1)).toMatchObject({ seq: 2 });
  expect(logger.errors).toEqual(['draft_not_settled']);
});

test('a body is kept as it was, and not the packet that it came in', async () => {
  const packet = bodyOf(65_536);
  await new Promise((resolve) => {
    mailbox.append({ ...draft(packet.subarray(10, 13)), committed: resolve, refused: resolve });
  });
  packet.fill(0x62);
  const [message] = await page(0, 1, 1);
  expect([message?.body.buffer.byteLength, message?.body]).toEqual([3, bodyOf(3)]);
});

test('of its rooms it reads what is stored', async () => {
  const room = store.tables.createRoom('#den' as RoomName, undefined, []);
  const ignore = { committed: () => undefined, refused: () => undefined };
  store.logs.append({ ...draft(bodyOf(1)), ...ignore, senderId: gina.id, to: room.name });
  store.commit();
  await appendAll(2, 1);
  expect(await mailbox.heads([room.log, log])).toEqual([1, 2]);
  const span = { log: room.log, after: 0 as Seq, through: 1 as Seq };
  expect(await mailbox.count([{ ...span, except: 'bob' as Username }])).toEqual([1]);
  expect(await page(0, 1, 1, room.log)).toMatchObject([{ seq: 1, from: 'alice' }]);
  const own = { log, after: 0 as Seq };
  expect(await mailbox.read([{ ...own, through: 2 as Seq }, span], 1_000)).toMatchObject([[{ seq: 1 }, { seq: 2 }]]);
  expect(await mailbox.read([span, { ...own, through: 2 as Seq }], 1_000)).toMatchObject([[{ seq: 1 }]]);
  expect(await mailbox.backlog([own, span], 1_000)).toMatchObject({
    heads: [2, 1],
    pages: [[{ seq: 1 }, { seq: 2 }], [{ seq: 1 }]],
  });
  expect(await mailbox.backlog([own, span], 1)).toMatchObject({ heads: [2, 1], pages: [[{ seq: 1 }]] });
  expect(await mailbox.backlog([span], 1)).toMatchObject({ heads: [1], pages: [[{ seq: 1 }]] });
  acknowledge(1, room.log);
  expect(await seqs(0, 2, 1_000)).toEqual([1, 2]);
  expect(store.readCount('heads')).toBe(1);
  expect(await mailbox.heads([log])).toEqual([2]);
  expect(store.readCount('heads')).toBe(1);
});

test('a kept body is no view of the packet that it came in, of which a guest would keep all', async () => {
  const packet = Buffer.alloc(bounds.pageBytesMax, 0x61);
  await new Promise((resolve) => {
    mailbox.append({ ...draft(packet.subarray(0, 5)), committed: resolve, refused: resolve });
  });
  const [message] = await page(0, 1, bounds.pageBytesMax);
  expect(message?.body).toHaveLength(5);
  expect(message?.body.buffer.byteLength).toBe(5);
});
