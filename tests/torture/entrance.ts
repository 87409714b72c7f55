/** A device on its way in: connecting and logging in until it is. */

import { setTimeout as pause } from 'node:timers/promises';
import type { ChatClient } from '../../client/core/api';
import { type ClientOptions, createClient } from '../../client/core/client';
import { RequestFailure, RequestLost } from '../../client/core/failures';
import { fileJournal } from '../../client/core/file-journal';
import { type Cast, type CastDevice, password } from './cast';
import { journalFolder } from './screen';

/** Between two attempts to log in, so that a server that refuses is not overrun. */
const retryMs = 50;

export interface EntranceNeeds {
  readonly cast: Cast;
  readonly device: CastDevice;
  /** How to reach the server, and with whose patience. */
  readonly client: Pick<ClientOptions, 'connect' | 'clock' | 'chance'>;
  /** Where journals are. */
  readonly folder: string;
}

/** A new client for the device, with the journal of its former ones. `seen` is how far its screen stands. */
export function clientOf({ client, device, folder }: EntranceNeeds, seen: ClientOptions['seen']): ChatClient {
  const journal = fileJournal({ folder: journalFolder(folder, device.index), server: 'torture' });
  return createClient({ ...client, device: device.name, journal, seen });
}

/** Logs in, however often it takes; a session that is in the way is the device's own former one. Gives the number of
 *  messages that the server announced, or `undefined` when `isCalledOff` said so. `tell` is told of each failure. */
export async function enter(
  { cast, device }: EntranceNeeds,
  client: ChatClient,
  isCalledOff: () => boolean,
  tell: (failure: string) => void,
): Promise<number | undefined> {
  const username = cast.accounts[device.account]?.name ?? '';
  await client.connect({ keepTrying: true }).catch(ignoreLost);
  while (!isCalledOff()) {
    try {
      return (await client.takeover(username, password)).undelivered;
    } catch (error) {
      // The server is gone again, busy, or a request of a former connection came late and took over.
      if (!(error instanceof RequestFailure || error instanceof RequestLost)) throw error;
      tell(error.message);
      await pause(retryMs);
    }
  }
  return undefined;
}

/** The client was closed, or had no connection. */
export function ignoreLost(error: unknown): void {
  if (!(error instanceof RequestLost)) throw error;
}
