/** Waiting that can be called off. */

export class Spell {
  private wake: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;

  /** Resolves after so many milliseconds, or at once when the spell is or gets over. */
  wait(milliseconds: number): Promise<void> {
    if (this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = resolve;
      this.timer = setTimeout(resolve, milliseconds);
    });
  }

  end(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.wake?.();
  }

  get over(): boolean {
    return this.isOver;
  }
}
