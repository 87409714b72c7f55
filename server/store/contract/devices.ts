/** What any store does with devices that come and stay away. */

import { limits } from '../../../shared/limits';
import type { Account, AccountId, UnixMs } from '../../core/ports';
import { describeOn, epoch, type OpenStore, type Stage } from './stage';

const dayMs = 86_400_000;

export function devicesContract(open: OpenStore): void {
  describeOn('devices', open, (stage) => {
    forgettingTests(stage);
    useTests(stage);
    limitTests(stage);
  });
}

/** Bob, whose phone is at 1 and whose default cursor is at 3. */
async function bobWithPhone(stage: Stage): Promise<Account> {
  const [alice, bob] = (await stage.accounts(2)) as [Account, Account];
  await stage.cursors(bob, 'phone');
  await stage.sendAll(alice, bob.name, ['1', '2', '3']);
  await stage.acknowledge(bob, 1, { device: 'phone' });
  await stage.acknowledge(bob, 3);
  return bob;
}

function forget(stage: Stage, seenBefore: number, devicesMax = 100): Promise<number> {
  return stage.store.retention.forgetDevices(seenBefore as UnixMs, devicesMax);
}

function forgettingTests(stage: () => Stage): void {
  test('a device that was not seen since is forgotten, and is new when it comes back', async () => {
    const bob = await bobWithPhone(stage());
    await forget(stage(), epoch);
    expect(await stage().cursors(bob, 'phone')).toEqual([1]);
    expect(await forget(stage(), epoch + 1)).toBe(1);
    expect(await stage().cursors(bob, 'phone')).toEqual([3]);
  });

  test('a device that is forgotten holds no message back', async () => {
    const bob = await bobWithPhone(stage());
    await forget(stage(), epoch + 1);
    const query = { after: (bob.id - 1) as never, before: (epoch + 1) as UnixMs, logsMax: 1, messagesMax: 9 };
    expect(await stage().store.retention.prune(query)).toMatchObject({ messages: 3 });
  });

  test('no more are forgotten at once than is asked for, and those seen longest ago first', async () => {
    const alice = await stage().account();
    await stage().cursors(alice, 'b', epoch - 10);
    await stage().cursors(alice, 'a', epoch - 9);
    expect(await forget(stage(), epoch, 1)).toBe(1);
    expect([await forget(stage(), epoch - 9, 1), await forget(stage(), epoch, 9)]).toEqual([0, 1]);
  });

  test('a removed account leaves no device behind', async () => {
    await forget(stage(), epoch + 9 * dayMs, 1_000);
    const bob = await bobWithPhone(stage());
    await stage().store.accounts.remove(bob.id);
    expect(await forget(stage(), epoch + 9 * dayMs)).toBe(0);
  });
}

function useTests(stage: () => Stage): void {
  test('a login shows that a device is in use', async () => {
    const bob = await bobWithPhone(stage());
    await stage().cursors(bob, 'phone', epoch + 2 * dayMs);
    await forget(stage(), epoch + dayMs);
    expect(await stage().cursors(bob, 'phone', epoch + 2 * dayMs)).toEqual([1]);
  });

  test('a session that lasts shows it too; a device that is not known is not made by it', async () => {
    await forget(stage(), epoch + 9 * dayMs, 1_000);
    const bob = await bobWithPhone(stage());
    const seen = ['phone', 'laptop'].map((device) => ({ account: bob.id, device }));
    await stage().store.retention.seeDevices(
      [...seen, { account: 9_999_999 as AccountId, device: 'x' }],
      (epoch + 2 * dayMs) as UnixMs,
    );
    await forget(stage(), epoch + dayMs);
    expect(await stage().cursors(bob, 'phone', epoch + 2 * dayMs)).toEqual([1]);
    expect(await forget(stage(), epoch + 3 * dayMs)).toBe(1);
  });

  test('a clock that was put back does not make a device older', async () => {
    const bob = await bobWithPhone(stage());
    await stage().store.retention.seeDevices([{ account: bob.id, device: 'phone' }], 1 as UnixMs);
    await stage().cursors(bob, 'phone', 2);
    await forget(stage(), epoch);
    expect(await stage().cursors(bob, 'phone')).toEqual([1]);
  });

  test('the default cursor is not a device and is never forgotten', async () => {
    const bob = await bobWithPhone(stage());
    await forget(stage(), epoch + 9_999 * dayMs, 1_000);
    expect(await stage().cursors(bob)).toEqual([3]);
  });
}

function limitTests(stage: () => Stage): void {
  test('of more devices than an account may have the one seen longest ago is forgotten', async () => {
    const bob = await bobWithPhone(stage());
    await stage().cursors(bob, 'tablet', epoch - 1);
    for (let i = 2; i < limits.devicesPerAccountMax; i += 1) await stage().cursors(bob, `d${i}`, epoch + i);
    await stage().cursors(bob, 'one-too-many', epoch + 999);
    expect(await stage().cursors(bob, 'phone')).toEqual([1]);
    await stage().cursors(bob, 'another', epoch + 999);
    expect(await stage().cursors(bob, 'phone')).toEqual([3]);
  });
}
