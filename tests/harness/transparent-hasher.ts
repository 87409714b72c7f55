/** A {@link Hasher} that takes no time, or as long as the test says. */

import type { Hasher } from '../../server/core/ports';
import { ChatError, type ErrorCode } from '../../shared/errors';
import { Gate } from './gate';

export class TransparentHasher implements Hasher {
  /** Hashes and checks wait here while it is closed. */
  readonly gate = new Gate();
  /** What was checked so far, and whether there was a hash to check against. */
  readonly verified: { readonly password: string; readonly hasHash: boolean }[] = [];
  hashedCount = 0;
  private failure: ErrorCode | undefined;

  /** The next hash or check fails with this. */
  failNext(code: ErrorCode): void {
    this.failure = code;
  }

  async hash(password: string): Promise<string> {
    this.hashedCount += 1;
    await this.work();
    return hashOf(password);
  }

  async verify(password: string, hash: string | undefined): Promise<boolean> {
    this.verified.push({ password, hasHash: hash !== undefined });
    await this.work();
    return hash === hashOf(password);
  }

  async close(): Promise<void> {}

  private async work(): Promise<void> {
    const { failure } = this;
    this.failure = undefined;
    await this.gate.pass();
    if (failure !== undefined) throw new ChatError(failure);
  }
}

export function hashOf(password: string): string {
  return `hash of ${password}`;
}
