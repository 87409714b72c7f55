/** A {@link Logger} that keeps what it is told. */

import type { Logger } from '../../server/core/ports';

export class RecordingLogger implements Logger {
  /** The names of the events, oldest first. */
  readonly infos: string[] = [];
  readonly warnings: string[] = [];
  readonly errors: string[] = [];

  info(event: string): void {
    this.infos.push(event);
  }

  warn(event: string): void {
    this.warnings.push(event);
  }

  error(event: string): void {
    this.errors.push(event);
  }
}
