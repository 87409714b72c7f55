/** The terminal's last lines: what was said above, and the line that is being typed below. */

import type { Interface } from 'node:readline';

/** What node:readline keeps and does not tell: how many rows above the cursor its last drawing began. */
interface Redrawn {
  prevRows: number;
}

export class Screen {
  private isOpen = true;

  constructor(
    private readonly line: Interface,
    private readonly output: NodeJS.WriteStream,
  ) {}

  /** Writes `text` above the line that is being typed, which stays as it is, the cursor too. */
  print(text: string): void {
    if (!this.isOpen) {
      this.output.write(`${text}\n`);
      return;
    }
    const { rows } = this.line.getCursorPos();
    if (rows > 0) this.output.moveCursor(0, -rows);
    this.output.cursorTo(0);
    this.output.clearScreenDown();
    this.output.write(`${text}\n`);
    // Otherwise the next drawing goes up as many rows as the last one took, over what was just written.
    (this.line as unknown as Redrawn).prevRows = 0;
    this.line.prompt(true);
  }

  /** Draws the line that is being typed, and its prompt, anew. */
  redraw(): void {
    if (this.isOpen) this.line.prompt(true);
  }

  /** From now on nothing is typed any more. */
  leave(): void {
    this.isOpen = false;
  }
}
