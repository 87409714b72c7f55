/** A store of which some methods are others. */

import type { LogStore, Store } from '../../../server/core/ports';

export function withLogs(store: Store, changed: Partial<LogStore>): Store {
  const logs = Object.assign(Object.create(store.logs), changed) as LogStore;
  return { accounts: store.accounts, rooms: store.rooms, close: () => store.close(), logs };
}
