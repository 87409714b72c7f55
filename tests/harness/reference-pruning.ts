/** How the reference store prunes. */

import type { Pruned, PruneQuery } from '../../server/core/retention-store';
import type { ReferenceTables } from './reference-tables';

/** @see RetentionStore.prune */
export function pruneTables(tables: ReferenceTables, { after, before, logsMax, messagesMax }: PruneQuery): Pruned {
  const logs = [...tables.messages.keys()].filter((log) => log > after).sort((a, b) => a - b);
  const visited = logs.slice(0, logsMax);
  let messages = 0;
  for (const log of visited) {
    const floor = tables.floor(log) ?? Number.POSITIVE_INFINITY;
    const stored = tables.messages.get(log) ?? [];
    const kept = stored.findIndex(({ seq, at }) => seq > floor || at >= before);
    const old = stored.slice(0, kept === -1 ? stored.length : kept).slice(0, messagesMax - messages);
    const last = old.at(-1);
    if (last !== undefined) tables.prune(log, last.seq);
    messages += old.length;
    if (messages === messagesMax) return { next: (log - 1) as typeof log, messages };
  }
  return { next: visited.length < logsMax ? undefined : visited.at(-1), messages };
}
