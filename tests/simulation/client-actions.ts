/** What a client does by itself, drawn. */

import type { Chance } from '../../server/core/ports';
import type { Client } from './client';

export const rooms = ['#den', '#attic'] as const;

export interface ActionNeeds {
  readonly chance: Chance;
  readonly usernames: readonly string[];
}

/** As often as they stand here. */
const changes = [
  ...(['deliver', 'deliver', 'join', 'join', 'join', 'leave', 'leave', 'leave'] as const),
  ...(['room', 'block', 'unblock', 'unblock', 'logout', 'close', 'close'] as const),
];

/** Requests that a client has under way at once. */
const askedMax = 6;

/** Does one thing, and says what. */
export function act(client: Client, { chance, usernames }: ActionNeeds): string {
  const draw = <T>(of: readonly T[]): T => of[Math.floor(chance.fraction() * of.length)] as T;
  if (client.askedCount >= askedMax) return close(client, chance, 0.05);
  if (!client.isLoggedIn) return enter(client, chance);
  const fraction = chance.fraction();
  if (client.unsureCount > 0 && fraction < 0.3) {
    client.retry();
    return 'retries';
  }
  if (client.hasAckDue && fraction < 0.4) {
    const back = chance.fraction() < 0.7 ? 0 : 1;
    client.acknowledge(back);
    return 'acknowledges';
  }
  if (fraction < 0.75) {
    const to = draw([...usernames, ...usernames, ...rooms]);
    client.send(to);
    return `sends to ${to}`;
  }
  return changeSomething(client, draw, usernames);
}

function enter(client: Client, chance: Chance): string {
  const fraction = chance.fraction();
  if (client.askedCount > 0 && fraction < 0.8) return close(client, chance, 0.1);
  if (client.askedCount > 0) {
    client.ask({ kind: 'deliver' });
    return 'asks for delivery while it logs in';
  }
  const kind = client.isUnknown ? 'create' : fraction < 0.5 ? 'login' : fraction < 0.95 ? 'takeover' : 'delete';
  client.enter(kind);
  if (kind === 'create') client.isUnknown = false;
  return kind;
}

function close(client: Client, chance: Chance, probability: number): string {
  if (client.wire === undefined || chance.fraction() >= probability) return 'waits';
  client.close();
  return 'closes';
}

function changeSomething(client: Client, draw: <T>(of: readonly T[]) => T, usernames: readonly string[]): string {
  const kind = draw(changes);
  const rare = draw([false, false, false, false, true]);
  if (rare) {
    client.ask({ kind: 'delete', username: client.options.username });
    return 'delete';
  }
  if (kind === 'close') client.close();
  else if (kind === 'join' || kind === 'leave') client.ask({ kind, room: draw(rooms) });
  else if (kind === 'room')
    client.ask({ kind, room: draw(rooms), members: usernames.filter(() => draw([true, false])) });
  else if (kind === 'block' || kind === 'unblock') client.ask({ kind, username: draw(usernames) });
  else if (kind === 'deliver' || kind === 'logout') client.ask({ kind });
  return kind;
}
