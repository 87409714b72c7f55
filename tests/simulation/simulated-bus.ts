/** A {@link Bus} that is as the weather says: at once, late and in any order, or with losses. */

import type { Bus, Chance, Nudge } from '../../server/core/ports';
import type { Lane } from './scheduler';
import type { Weather } from './weather';

export class SimulatedBus implements Bus {
  private readonly listeners: ((nudge: Nudge) => void)[] = [];

  constructor(
    private readonly weather: Weather,
    private readonly chance: Chance,
    /** A lane for each nudge: they may overtake each other. */
    private readonly lane: () => Lane,
  ) {}

  publish(nudge: Nudge): void {
    if (this.weather.bus === 'local') this.deliver(nudge);
    else if (this.weather.bus === 'late' || this.chance.fraction() < 0.8) {
      this.lane().push(`brings ${nudge.message.seq} of log ${nudge.log}`, () => this.deliver(nudge));
    }
  }

  subscribe(listener: (nudge: Nudge) => void): void {
    this.listeners.push(listener);
  }

  async close(): Promise<void> {}

  private deliver(nudge: Nudge): void {
    for (const listener of this.listeners) listener(nudge);
  }
}
