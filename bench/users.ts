/** Who sends and who receives. */

import type { Pair } from './load/orders';
import type { User } from './load/wire';

export const senders = users('s', 50);
export const recipients = users('r', 100);
export const idlers = users('i', 10_000);

/** The pairs that are online in W1. */
export const pairs: readonly Pair[] = senders.map((sender, i) => ({ sender, receiver: recipients[i] as User }));

function users(letter: string, count: number): readonly User[] {
  return Array.from({ length: count }, (_, i) => ({ name: `${letter}${i}`, password: 'pw' }));
}
