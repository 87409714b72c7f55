/** What is noted of devices, inside the transaction of a batch. */

import type { Database } from 'better-sqlite3';
import { limits } from '../../../shared/limits';
import type { AccountDevice, AccountId, UnixMs } from '../../core/ports';

/** Notes devices, and forgets those that stay away. */
export class DeviceWrites {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(db: Database) {
    this.statements = prepareStatements(db);
  }

  /** The device is in use. A new one, or one that was not told of a log, stands where the default cursor does; for one
   *  too many the one seen longest ago is forgotten. Of an account that is gone nothing is noted. */
  see(account: AccountId, device: string, at: UnixMs): void {
    if (this.statements.exists.get(account) === undefined) return;
    const { changes } = this.statements.touch.run(at, account, device);
    if (changes === 0) this.add(account, device, at);
    this.statements.begin.run(device, account);
  }

  /** Those that are known are in use. */
  seeAll(devices: readonly AccountDevice[], at: UnixMs): void {
    for (const { account, device } of devices) this.statements.touch.run(at, account, device);
  }

  /** Removes up to `devicesMax` devices that were seen last before `seenBefore`; how many they were. */
  forget(seenBefore: UnixMs, devicesMax: number): number {
    const found = this.statements.seenBefore.all(seenBefore, devicesMax);
    for (const { account, device } of found) this.remove(account, device);
    return found.length;
  }

  private add(account: AccountId, device: string, at: UnixMs): void {
    const surplus = (this.statements.count.get(account) as number) + 1 - limits.devicesPerAccountMax;
    if (surplus > 0) {
      for (const oldest of this.statements.oldest.all(account, surplus)) this.remove(account, oldest as string);
    }
    this.statements.insert.run(account, device, at);
  }

  private remove(account: AccountId, device: string): void {
    this.statements.removeCursors.run(account, device);
    this.statements.remove.run(account, device);
  }
}

function prepareStatements(db: Database) {
  return {
    exists: db.prepare('SELECT 1 FROM accounts WHERE id = ?').pluck(),
    // A clock that was put back must not age a device.
    touch: db.prepare('UPDATE devices SET seen_at = max(seen_at, ?) WHERE account = ? AND device = ?'),
    insert: db.prepare('INSERT INTO devices (account, device, seen_at) VALUES (?, ?, ?)'),
    begin: db.prepare(
      `INSERT INTO cursors (account, device, log, seq)
       SELECT account, ?, log, seq FROM cursors WHERE account = ? AND device = '' ON CONFLICT DO NOTHING`,
    ),
    count: db.prepare('SELECT count(*) FROM devices WHERE account = ?').pluck(),
    oldest: db.prepare('SELECT device FROM devices WHERE account = ? ORDER BY seen_at, device LIMIT ?').pluck(),
    seenBefore: db.prepare<[number, number], AccountDevice>(
      'SELECT account, device FROM devices WHERE seen_at < ? ORDER BY seen_at LIMIT ?',
    ),
    remove: db.prepare('DELETE FROM devices WHERE account = ? AND device = ?'),
    removeCursors: db.prepare('DELETE FROM cursors WHERE account = ? AND device = ?'),
  };
}
