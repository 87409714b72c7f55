/** Faults of what is kept, and for how long. */

import type { LogId } from '../../../server/core/ports';
import type { Disk } from '../disk';
import type { Fault } from '../fault';

function logs(disk: Disk): LogId[] {
  return [...disk.tables.messages.keys()];
}

export const tailLost: Fault = {
  name: 'a crash loses the tail of a committed batch',
  crash(disk) {
    for (const log of logs(disk)) disk.tables.messages.get(log)?.pop();
  },
};

export const seqReused: Fault = {
  name: 'a log that was pruned begins anew after a crash',
  crash(disk) {
    for (const log of logs(disk)) {
      if (disk.floor(log) < disk.tables.head(log)) continue;
      disk.ledger.pruned(log, disk.tables.head(log));
      disk.tables.messages.set(log, []);
    }
  },
};

export const prunedOneTooMany: Fault = {
  name: 'one message too many is pruned',
  pruneThrough: (floor) => floor + 1,
};
