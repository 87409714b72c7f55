/** A world in which bob's account is deleted. */

import type { Username } from '../../shared/names';
import { RecordingOutlet } from './recording-outlet';
import { type Client, password, World, type WorldOptions } from './world';

export class DeletionWorld extends World {
  /** Of a connection that is not logged in. */
  outlet = new RecordingOutlet();

  constructor(options: WorldOptions = {}) {
    super({ sessionsPerAccountMax: 2, ...options });
    for (const name of ['alice', 'bob']) this.account(name);
  }

  get isBobThere(): boolean {
    return this.store.tables.account('bob' as Username) !== undefined;
  }

  /** Deletes bob's account as a protocol does, over {@link DeletionWorld.outlet} or over the connection that `own` is logged
   *  in on. Tells whether it is gone. */
  deleteBob(own?: Client, given = password): Promise<boolean> {
    return this.chat.accounts.delete({
      username: 'bob',
      password: given,
      own: own?.session,
      outlet: own?.outlet ?? this.outlet,
    });
  }
}
