/** Lines to a reader who may be slow: whoever makes them is told to wait, so that they do not pile up in memory. */

import type { Writable } from 'node:stream';

export interface PacedOutputNeeds {
  readonly stream: Writable;
  /** The operating system has not taken everything: it would be lost with this process. Lines that come all the same are
   *  held. */
  readonly full: () => void;
  /** Everything was taken. Follows each `full`. */
  readonly drained: () => void;
}

export class PacedOutput {
  private draining: Promise<void> | undefined;
  private drain: (() => void) | undefined;

  constructor(private readonly needs: PacedOutputNeeds) {}

  print(line: string): void {
    const { stream, full } = this.needs;
    stream.write(`${line}\n`, (error) => this.taken(error));
    if (stream.writableLength === 0 || this.draining !== undefined) return;
    this.draining = new Promise((resolve) => {
      this.drain = resolve;
    });
    full();
  }

  /** Resolves when there is room. */
  room(): Promise<void> {
    return this.draining ?? Promise.resolve();
  }

  private taken(error: Error | null | undefined): void {
    const { drain } = this;
    // What could not be written was not taken.
    if (error || drain === undefined || this.needs.stream.writableLength > 0) return;
    this.draining = undefined;
    this.drain = undefined;
    this.needs.drained();
    drain();
  }
}
