/** A {@link Bus} within one process that can lose nudges, and keep them for later. */

import type { Bus, Nudge } from '../../server/core/ports';

export class LossyBus implements Bus {
  private readonly listeners: ((nudge: Nudge) => void)[] = [];
  private toLose = 0;
  private held: Nudge[] | undefined;

  /** The next `count` nudges get nowhere. */
  loseNext(count = 1): void {
    this.toLose += count;
  }

  /** Nudges wait from now on. */
  hold(): void {
    this.held ??= [];
  }

  /** Those that wait arrive, in their order. */
  release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const nudge of held) this.publish(nudge);
  }

  publish(nudge: Nudge): void {
    if (this.toLose > 0) this.toLose -= 1;
    else if (this.held !== undefined) this.held.push(nudge);
    else for (const listener of this.listeners) listener(nudge);
  }

  subscribe(listener: (nudge: Nudge) => void): void {
    this.listeners.push(listener);
  }

  async close(): Promise<void> {}
}
