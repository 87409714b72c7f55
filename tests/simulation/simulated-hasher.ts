/** A {@link Hasher} whose workers finish in any order, and may be too many that wait. */

import type { Hasher } from '../../server/core/ports';
import { ChatError } from '../../shared/errors';
import { hashOf } from '../harness/transparent-hasher';
import type { Lane } from './scheduler';

export class SimulatedHasher implements Hasher {
  constructor(
    private readonly lane: () => Lane,
    private readonly fails: () => boolean,
  ) {}

  hash(password: string): Promise<string> {
    return this.work('hashes', () => hashOf(password));
  }

  verify(password: string, hash: string | undefined): Promise<boolean> {
    return this.work('verifies', () => hash === hashOf(password));
  }

  async close(): Promise<void> {}

  private work<T>(label: string, result: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.lane().push(label, () => {
        if (this.fails()) reject(new ChatError('busy'));
        else resolve(result());
      });
    });
  }
}
