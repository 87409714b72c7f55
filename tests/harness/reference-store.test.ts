import { type Appended, type Draft, type LogId, mailboxOf, type Seq, type UnixMs } from '../../server/core/ports';
import type { Username } from '../../shared/names';
import { quiet } from './quiet';
import { ReferenceStore } from './reference-store';
import { codeOf } from './world';

const at = 1_789_000_000_000 as UnixMs;
const alice = 'alice' as Username;
const bob = 'bob' as Username;
let store: ReferenceStore;
let settled: (Appended | string)[];

beforeEach(() => {
  store = new ReferenceStore({ autoCommit: false, draftsMax: 2 });
  store.tables.createAccount(alice, undefined);
  store.tables.createAccount(bob, undefined);
  settled = [];
});

function append(text: string, key?: string): void {
  const draft: Draft = {
    senderId: store.tables.named(alice).id,
    from: alice,
    to: bob,
    key,
    body: new TextEncoder().encode(text),
    at,
    committed: (result) => settled.push(result),
    refused: (code) => settled.push(code),
  };
  store.logs.append(draft);
}

function mailbox(): LogId {
  return mailboxOf(store.tables.named(bob).id);
}

async function head(): Promise<Seq | undefined> {
  return (await store.logs.heads([mailbox()]))[0];
}

test('nothing is settled or seen before the commit, and everything after it, in order', async () => {
  append('one');
  const created = store.accounts.create('carol' as Username, undefined, at);
  append('two');
  await quiet();
  expect([settled, await head(), store.gatheringCount]).toEqual([[], 0, 3]);
  store.commit();
  expect(settled).toMatchObject([{ seq: 1 }, { seq: 2 }]);
  expect([await head(), (await created).name]).toEqual([2, 'carol']);
});

test('a commit that fails refuses its whole batch, leaves nothing behind, and the next one succeeds', async () => {
  append('one');
  const created = codeOf(store.accounts.create('carol' as Username, undefined, at));
  store.failNextCommit('store_full');
  store.commit();
  expect([settled, await created, await head()]).toEqual([['store_full'], 'store_full', 0]);
  expect(await store.accounts.find('carol' as Username)).toBeUndefined();
  append('two');
  store.commit();
  expect(settled[1]).toMatchObject({ seq: 1 });
});

test('a failure waits for a commit that has something to commit', () => {
  store.failNextCommit();
  store.commit();
  append('one');
  store.commit();
  expect(settled).toEqual(['store_failed']);
});

test('with automatic commits everything settles at the end of the turn', async () => {
  store.autoCommit = true;
  append('one');
  append('two');
  expect(settled).toEqual([]);
  await quiet();
  expect(settled).toHaveLength(2);
});

test('a read that is to fail fails once, and a read that is held up is answered when it is let through', async () => {
  store.failNextRead('heads');
  expect(await codeOf(head())).toBe('store_failed');
  store.gate('heads').close();
  const held = head();
  append('one');
  store.commit();
  await quiet();
  expect(store.gate('heads').waitingCount).toBe(1);
  store.recover();
  expect([await held, await head(), store.readCount('heads')]).toEqual([0, 1, 3]);
});

test('a key that was used for the same body is the same message, for another it is refused', () => {
  append('one', 'k');
  append('one', 'k');
  append('two', 'k');
  store.commit();
  expect(settled).toMatchObject([{ seq: 1, repeated: false }, { seq: 1, repeated: true }, 'key_reused']);
});

test('a page has what fits, and one message at least', async () => {
  for (const text of ['one', 'two', 'three']) append(text);
  store.commit();
  const page = async (bytesMax: number): Promise<number[]> =>
    ((await store.logs.read([{ log: mailbox(), after: 0 as Seq, through: 3 as Seq }], bytesMax))[0] ?? []).map(
      ({ seq }) => seq,
    );
  expect([await page(1), await page(140), await page(1_000)]).toEqual([[1], [1, 2], [1, 2, 3]]);
});

test('closing settles what was appended', async () => {
  append('one');
  await store.close();
  expect(settled).toMatchObject([{ seq: 1 }]);
});
