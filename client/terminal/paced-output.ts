/** Lines to a reader who may be slow: whoever makes them is told to wait, so that they do not pile up in memory. */

import type { Writable } from 'node:stream';

export interface PacedOutputNeeds {
  readonly stream: Writable;
  /** There is more to be taken than the stream likes to hold; lines that come all the same are held. */
  readonly full: () => void;
  /** Everything was taken. Follows each `full`. */
  readonly drained: () => void;
}

export class PacedOutput {
  private draining: Promise<void> | undefined;

  constructor(private readonly needs: PacedOutputNeeds) {}

  print(line: string): void {
    const { stream, full, drained } = this.needs;
    if (stream.write(`${line}\n`) || this.draining !== undefined) return;
    this.draining = new Promise((resolve) => {
      stream.once('drain', () => {
        this.draining = undefined;
        drained();
        resolve();
      });
    });
    full();
  }

  /** Resolves when there is room. */
  room(): Promise<void> {
    return this.draining ?? Promise.resolve();
  }
}
