/** What a port has accepted and is not closed, and the wait until nothing of it is left: what every goodbye is made of. */

import type { Clock } from '../core/ports';

/** Whoever adds a connection deletes it once it is closed. */
export class OpenConnections<T> extends Set<T> {
  private onDrained: (() => void) | undefined;

  override delete(connection: T): boolean {
    const wasOpen = super.delete(connection);
    if (this.size === 0) this.onDrained?.();
    return wasOpen;
  }

  /** Resolves when no connection is open any more, or after `patienceMs`. Only one may wait at a time. */
  async drained(clock: Clock, patienceMs: number): Promise<void> {
    if (this.size === 0) return;
    await new Promise<void>((resolve) => {
      this.onDrained = resolve;
      clock.after(patienceMs, resolve);
    });
  }
}
