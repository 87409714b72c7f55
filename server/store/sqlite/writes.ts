/** Every write besides a draft, by name: what crosses to the writer is a name and arguments. */

import type { Database } from 'better-sqlite3';
import { AccountWrites } from './account-writes';
import { CursorWrites } from './cursor-writes';
import type { Destinations } from './destinations';
import { DeviceWrites } from './device-writes';
import { Pruner } from './pruner';
import { RoomWrites } from './room-writes';

/** The writes of a connection, with its statements prepared. */
export function writesOf(db: Database, destinations: Destinations) {
  const pruner = new Pruner(db);
  const accounts = new AccountWrites(db, destinations, pruner);
  const rooms = new RoomWrites(db, destinations);
  const cursors = new CursorWrites(db);
  const devices = new DeviceWrites(db);
  return {
    createAccount: accounts.create.bind(accounts),
    setPassword: accounts.setPassword.bind(accounts),
    seal: accounts.seal.bind(accounts),
    unseal: accounts.unseal.bind(accounts),
    removeAccount: accounts.remove.bind(accounts),
    block: accounts.block.bind(accounts),
    unblock: accounts.unblock.bind(accounts),
    createRoom: rooms.create.bind(rooms),
    joinRoom: rooms.join.bind(rooms),
    leaveRoom: rooms.leave.bind(rooms),
    moveCursors: cursors.move.bind(cursors),
    seeDevice: devices.see.bind(devices),
    seeDevices: devices.seeAll.bind(devices),
    forgetDevices: devices.forget.bind(devices),
    prune: pruner.prune.bind(pruner),
  };
}

export type Writes = ReturnType<typeof writesOf>;
