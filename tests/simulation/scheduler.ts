/** What happens next: a seeded draw among everything that could. */

import type { Chance } from '../../server/core/ports';

interface Step {
  readonly label: string;
  readonly run: () => void;
}

/** Steps that reality keeps in this order: the messages of one connection, the answers of one thread. */
export class Lane {
  /** Where it stands among the lanes that have a step; -1 when it has none. */
  place = -1;
  private readonly steps: Step[] = [];

  constructor(
    private readonly scheduler: Scheduler,
    readonly name: string,
    /** The probability that it is passed over when it is drawn. */
    readonly slowness: number,
  ) {}

  get length(): number {
    return this.steps.length;
  }

  push(label: string, run: () => void): void {
    this.steps.push({ label, run });
    if (this.place === -1) this.scheduler.ready(this);
  }

  /** Drops all but the first `count` steps: they never happen. */
  cut(count = 0): void {
    this.steps.splice(count);
    if (this.steps.length === 0) this.scheduler.unready(this);
  }

  take(): Step {
    const step = this.steps.shift() as Step;
    if (this.steps.length === 0) this.scheduler.unready(this);
    return step;
  }
}

/** How many steps are told when a schedule fails. */
const traceLength = 40;

export class Scheduler {
  private readonly lanes: Lane[] = [];
  private readonly trace: { readonly by: string; readonly label: string }[] = [];
  /** Steps so far. */
  count = 0;

  constructor(private readonly chance: Chance) {}

  /** Whether nothing is under way. */
  get isQuiet(): boolean {
    return this.lanes.length === 0;
  }

  lane(name: string, slowness = 0): Lane {
    return new Lane(this, name, slowness);
  }

  ready(lane: Lane): void {
    lane.place = this.lanes.push(lane) - 1;
  }

  unready(lane: Lane): void {
    if (lane.place === -1) return;
    const last = this.lanes.pop() as Lane;
    if (last !== lane) {
      this.lanes[lane.place] = last;
      last.place = lane.place;
    }
    lane.place = -1;
  }

  /** Takes the first step of some lane; at least one must have a step. */
  runOne(): void {
    let lane = this.draw();
    for (let redraws = 0; redraws < 4 && this.chance.fraction() < lane.slowness; redraws += 1) lane = this.draw();
    const { label, run } = lane.take();
    this.note(lane.name, label);
    run();
  }

  /** Counts a step that was not drawn from a lane. */
  note(by: string, label: string): void {
    this.trace[this.count % traceLength] = { by, label };
    this.count += 1;
  }

  /** The last steps, oldest first, one line each. */
  lastSteps(): string[] {
    const told = Math.min(this.count, traceLength);
    return Array.from({ length: told }, (_, index) => {
      const number = this.count - told + index;
      const { by, label } = this.trace[number % traceLength] as { by: string; label: string };
      return `${number + 1}. ${by}: ${label}`;
    });
  }

  private draw(): Lane {
    return this.lanes[Math.floor(this.chance.fraction() * this.lanes.length)] as Lane;
  }
}
