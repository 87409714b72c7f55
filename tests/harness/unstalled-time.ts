/** Time as it goes by for this process, without what the machine takes away: for requirements in seconds, which a machine
 *  that stalls would break by itself. */

/** How often it is looked. */
const lookEveryMs = 10;
/** What the time between two looks counts for at most, unless this process has worked for longer. */
const gapMsMax = 20;

export class UnstalledTime {
  private countedMs = 0;
  private lastMs = performance.now();
  private lastWorkMs = workMs();
  private readonly timer = setInterval(() => this.look(), lookEveryMs);

  /** Ends the counting; gives the milliseconds since it began. */
  stop(): number {
    clearInterval(this.timer);
    this.look();
    return this.countedMs;
  }

  private look(): void {
    const [now, worked] = [performance.now(), workMs()];
    this.countedMs += Math.min(now - this.lastMs, Math.max(gapMsMax, worked - this.lastWorkMs));
    this.lastMs = now;
    this.lastWorkMs = worked;
  }
}

/** Time that all threads of this process have spent on the processor. */
function workMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
