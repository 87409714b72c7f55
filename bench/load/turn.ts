/** The end of a turn of the event loop: whatever was read in it is answered in one write for each connection. */

/** What is to be called at the end of a turn. */
export interface TurnEnder {
  /** Whether it is on the list; the turn sets it. */
  isDue: boolean;
  endTurn(): void;
}

export class Turn {
  private due: TurnEnder[] = [];
  private finishing: TurnEnder[] = [];
  private isScheduled = false;
  /** When this end of a turn began: the time at which its messages are sent. As `performance.now` counts. */
  nowMs = 0;

  private readonly finish = (): void => {
    this.isScheduled = false;
    this.nowMs = performance.now();
    const { due } = this;
    this.due = this.finishing;
    this.finishing = due;
    for (const ender of due) {
      ender.isDue = false;
      ender.endTurn();
    }
    due.length = 0;
  };

  add(ender: TurnEnder): void {
    if (ender.isDue) return;
    ender.isDue = true;
    this.due.push(ender);
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(this.finish);
  }
}
