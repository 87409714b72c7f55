/** Whom a device writes to. */

import type { Cast, CastDevice } from './cast';
import type { Random } from './random';

/** One in so many messages goes to a room: each appears on nearly every device. */
const roomOneIn = 16;
/** One in so many direct messages goes to somebody who is mostly away, so that mailboxes fill. */
const sleeperOneIn = 3;

export class Destinations {
  private readonly rooms: readonly number[];
  private readonly sleepers: readonly number[];
  private readonly others: readonly number[];

  constructor(
    { accounts, logs }: Cast,
    device: CastDevice,
    private readonly random: Random,
  ) {
    // A guest has no mailbox: nobody writes to one but in its room.
    const isGuest = (index: number): boolean => accounts[index]?.wire === 'nickroom';
    const others = [...accounts.keys()].filter((index) => index !== device.account && !isGuest(index));
    this.sleepers = others.filter((index) => accounts[index]?.isSleeper);
    this.others = isGuest(device.account) ? [] : others;
    this.rooms = [...logs.keys()].filter((log) => logs[log]?.isRoom && logs[log]?.accounts.has(device.account));
  }

  /** The index of a log that the device may send to and that is not its own mailbox. */
  draw(): number {
    const { random, rooms, sleepers, others } = this;
    if (rooms.length > 0 && (others.length === 0 || random.oneIn(roomOneIn))) return random.pick(rooms);
    return random.pick(sleepers.length > 0 && random.oneIn(sleeperOneIn) ? sleepers : others);
  }
}
