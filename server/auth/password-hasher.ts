/** bcrypt as the core's {@link Hasher}. */

import { genSaltSync } from 'bcryptjs';
import { ChatError } from '../../shared/errors';
import { limits } from '../../shared/limits';
import type { Hasher } from '../core/ports';
import type { HashPool } from './hash-pool';

/** The characters of a bcrypt hash after its salt, 184 bits in base64: which ones does not matter here. */
const anyDigest = '.'.repeat(31);

export interface PasswordHasherParts {
  /** Owned by the hasher from now on: closed with it. */
  readonly pool: Pick<HashPool, 'run' | 'close'>;
  /** The exponent of bcrypt's number of rounds, 4 to 31: each step doubles the time. */
  readonly cost: number;
}

/** Hashes and checks passwords with bcrypt in a pool of threads.
 *
 *  Checking without a hash checks against one of the configured cost that nothing matches, so that a name nobody
 *  has costs what a wrong password costs. Such a hash needs no hashing: bcrypt computes from the salt and compares the
 *  rest, so a salt of the right cost and any 31 characters will do. Accounts hashed at a former cost still cost what
 *  they did.
 *
 *  Both methods throw ChatError `busy` when too many wait, `closing` when the hasher is closed first, and
 *  `password_invalid` for a password over 72 bytes, of which bcrypt would ignore the rest. */
export function createPasswordHasher({ pool, cost }: PasswordHasherParts): Hasher {
  const unmatched = genSaltSync(cost) + anyDigest;
  return {
    async hash(password) {
      requireWhole(password);
      return (await pool.run({ kind: 'hash', password, cost })) as string;
    },
    async verify(password, hash) {
      requireWhole(password);
      const matches = await pool.run({ kind: 'verify', password, hash: hash ?? unmatched });
      return hash !== undefined && matches === true;
    },
    close: () => pool.close(),
  };
}

/** @throws ChatError password_invalid */
function requireWhole(password: string): void {
  if (Buffer.byteLength(password) > limits.passwordBytesMax) throw new ChatError('password_invalid');
}
