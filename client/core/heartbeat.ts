/** Notices a connection that is dead without having been closed. */

import type { Clock, Timer } from './clock';
import { clientLimits } from './limits';

export interface HeartbeatNeeds {
  readonly clock: Clock;
  readonly ping: () => void;
  /** Nothing is read at the moment, so there is nothing to hear. */
  readonly isDeaf: () => boolean;
  /** The server was pinged and has said nothing. Called once, as the last thing. */
  readonly dead: () => void;
}

/** Watches one connection, from its first byte until {@link Heartbeat.stop}. Any byte counts as a sign of life. */
export class Heartbeat {
  private heardSince = false;
  private timer: Timer;

  constructor(private readonly needs: HeartbeatNeeds) {
    this.timer = this.watch();
  }

  /** The server said something. */
  heard(): void {
    this.heardSince = true;
  }

  stop(): void {
    this.timer.cancel();
  }

  private isAlive(): boolean {
    return this.heardSince || this.needs.isDeaf();
  }

  private watch(): Timer {
    this.heardSince = false;
    return this.needs.clock.after(clientLimits.idleMs, () => {
      this.timer = this.isAlive() ? this.watch() : this.ask();
    });
  }

  private ask(): Timer {
    this.needs.ping();
    return this.needs.clock.after(clientLimits.pongMsMax, () => {
      this.timer = this.isAlive() ? this.watch() : this.doubt();
    });
  }

  /** A process that slept, or waited for a password, finds its timers due before it has read what came meanwhile. */
  private doubt(): Timer {
    return this.needs.clock.after(clientLimits.wakeMs, () => {
      if (this.isAlive()) this.timer = this.watch();
      else this.needs.dead();
    });
  }
}
