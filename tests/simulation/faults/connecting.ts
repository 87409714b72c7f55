/** Faults between the core and a connection. */

import type { Outlet } from '../../../server/core/outlet';
import { type Account, mailboxOf } from '../../../server/core/ports';
import type { Fault } from '../fault';

function altered(outlet: Outlet, changes: Partial<Outlet>): Outlet {
  return Object.assign(Object.create(outlet), {
    burst: outlet.burst.bind(outlet),
    message: outlet.message.bind(outlet),
    receipt: outlet.receipt.bind(outlet),
    ended: outlet.ended.bind(outlet),
    flushed: outlet.flushed.bind(outlet),
    ...changes,
  });
}

function alwaysWithRoom(outlet: Outlet): Outlet {
  return Object.defineProperty(outlet, 'hasRoom', { value: true });
}

export const cursorAtWrite: Fault = {
  name: 'a cursor is moved at the write, not when the system has taken it',
  outlet: (outlet, session) =>
    altered(outlet, {
      message(message, to) {
        outlet.message(message, to);
        const mark = session()?.mark();
        if (mark !== undefined) session()?.flushed(mark);
      },
    }),
};

export const overflowDropped: Fault = {
  name: 'what does not fit in an outbox is dropped',
  outlet: (outlet) =>
    alwaysWithRoom(
      altered(outlet, {
        message(message, to) {
          if (outlet.hasRoom) outlet.message(message, to);
        },
      }),
    ),
};

export const outboxUnbounded: Fault = {
  name: 'an outbox has room for everything',
  outlet: (outlet) => alwaysWithRoom(altered(outlet, {})),
};

export const liveInBurst: Fault = {
  name: 'a live message is written into a burst',
  outlet(outlet, session, bus) {
    let owner: Account | undefined;
    let owed = 0;
    bus.subscribe(({ log, message }) => {
      if (owner === undefined || owed === 0 || log !== mailboxOf(owner.id) || session()?.isEnded !== false) return;
      outlet.message(message, owner.name);
    });
    return altered(outlet, {
      burst(account, count) {
        owner = account;
        owed = count;
        outlet.burst(account, count);
      },
      message(message, to) {
        owed = Math.max(0, owed - 1);
        outlet.message(message, to);
      },
    });
  },
};
