/** A planted fault: something that stands before a port and breaks one promise. */

import type { Outlet } from '../../server/core/outlet';
import type { Bus, Chance, Clock, Store } from '../../server/core/ports';
import type { Session } from '../../server/core/session';
import type { Disk } from './disk';

/** What a fault may know of the world that it is planted in. */
export interface Scene {
  readonly disk: Disk;
  readonly chance: Chance;
  /** How often the server was started before. */
  readonly restarts: number;
}

/** Each method is given a port as it is and returns it as it is to be, for one life of the server. */
export interface Fault {
  readonly name: string;
  store?(store: Store, scene: Scene): Store;
  bus?(bus: Bus, scene: Scene): Bus;
  clock?(clock: Clock, scene: Scene): Clock;
  /** For one connection; `bus` carries what was committed. */
  outlet?(outlet: Outlet, session: () => Session | undefined, bus: Bus): Outlet;
  /** What a crash does to the disk. */
  crash?(disk: Disk): void;
  /** How far a log is pruned of which everything up to `floor` is acknowledged. */
  pruneThrough?(floor: number): number;
}

export const noFault: Fault = { name: 'none' };
