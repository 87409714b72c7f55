/** What any store keeps, under load and after it was closed. */

import type { Account } from '../../core/ports';
import { mailboxOf } from '../../core/ports';
import type { WholeStore } from '../../core/retention-store';
import { describeOn, epoch, type OpenedStore, type OpenStore, Stage } from './stage';

const drafts = 10_000;

export function keepingContract(open: OpenStore): void {
  describeOn('a store under load', open, loadTests);

  describe('a store that is closed', () => {
    test('has settled what was appended and answered what was asked before, and refuses what comes after', async () => {
      const { store } = await open({ mailboxMessagesMax: 100_000 });
      const stage = new Stage(store);
      const [alice, bob] = (await stage.accounts(2)) as [Account, Account];
      const settled: unknown[] = [];
      void stage.send(alice, bob.name, 'last').then((outcome) => settled.push(outcome));
      const reading = stage.inbox(alice);
      await Promise.all([store.close(), store.close()]);
      expect(await reading).toEqual([]);
      expect(settled).toEqual([expect.objectContaining({ seq: 1 })]);
      expect(await stage.send(alice, bob.name, 'too late')).toBe('store_failed');
      await expect(stage.account()).rejects.toMatchObject({ code: 'store_failed' });
      await expect(stage.inbox(bob)).rejects.toMatchObject({ code: 'store_failed' });
    });

    test('gives everything back when it is opened again, if it keeps anything', async () => {
      const opened = await open({ mailboxMessagesMax: 100_000 });
      if (opened.reopen === undefined) return opened.store.close();
      await expectKept(opened, opened.reopen);
    });
  });
}

function loadTests(stage: () => Stage): void {
  test(`${drafts} drafts at once are all committed, each in its place`, async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const sends = Array.from({ length: drafts }, (_, i) => stage().send(alice, bob.name, `${i}`));
    const outcomes = await Promise.all(sends);
    expect(outcomes.map((outcome) => (typeof outcome === 'string' ? outcome : outcome.seq))).toEqual(
      Array.from({ length: drafts }, (_, i) => i + 1),
    );
    expect(await stage().head(mailboxOf(bob.id))).toBe(drafts);
  });

  test('too much that waits is congestion, and relief is told once it has gone', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const { logs } = stage().store;
    const body = new Uint8Array(65_536).fill(0x78);
    const relieved = new Promise<boolean>((resolve) => logs.onRelief(() => resolve(logs.congested)));
    let waiting = 0;
    const allDone = new Promise<void>((resolve) => {
      const settle = (): void => {
        waiting -= 1;
        if (waiting === 0) resolve();
      };
      const draft = { senderId: alice.id, from: alice.name, to: bob.name, key: undefined, at: epoch, body };
      for (waiting = 0; waiting < 10_000 && !logs.congested; waiting += 1) {
        logs.append({ ...draft, committed: settle, refused: settle });
      }
    });
    expect(logs.congested).toBe(true);
    expect(await relieved).toBe(false);
    await allDone;
    expect(logs.congested).toBe(false);
  });
}

async function expectKept({ store }: OpenedStore, reopen: () => Promise<WholeStore>): Promise<void> {
  const before = new Stage(store);
  const [alice, bob, carol] = (await before.accounts(3)) as [Account, Account, Account];
  const room = await before.room(alice, bob);
  await before.sendAll(alice, bob.name, ['1', '2']);
  await before.send(alice, bob.name, '3', { key: 'k' });
  await before.send(alice, room.name, 'in the room');
  await before.acknowledge(bob, 1);
  await before.cursors(bob, 'phone');
  await store.accounts.block(bob.id, carol.name);
  await store.accounts.seal(bob.id);
  const after = new Stage(await reopen());
  expect(await after.inbox(bob)).toEqual(['1', '2', '3']);
  expect(await after.texts(room.log)).toEqual(['in the room']);
  expect(await after.cursors(bob, 'phone')).toEqual([1, 0]);
  expect(await after.send(alice, bob.name, '3', { key: 'k' })).toMatchObject({ seq: 3, repeated: true });
  expect(await after.send(alice, bob.name, '4')).toMatchObject({ seq: 4 });
  expect(await after.send(carol, bob.name, 'x')).toBe('blocked');
  await after.store.accounts.remove(carol.id);
  expect((await after.account()).id).toBeGreaterThan(carol.id);
  await after.store.close();
}
