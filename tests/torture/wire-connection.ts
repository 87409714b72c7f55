/** What the tortured clients of the other wires have in common: one connection of one device. */

import type { Cast, CastDevice } from './cast';
import type { ArrivedMessage } from './screen';

/** What a sender learns. `untold`: the wire has no word for it.
 *  `seq` is undefined where the wire does not say. */
export type SendAnswer =
  | { readonly kind: 'stored'; readonly seq: number | undefined }
  | { readonly kind: 'refused'; readonly status: number; readonly sentence: string }
  | { readonly kind: 'untold' };

export interface WireConnection {
  /** Logs in.
   *  @throws ConnectionLost, EntranceRefused */
  enter(): Promise<void>;
  /** Resolves once everything has been shown that was undelivered at the login, or no more of it comes, and is acknowledged
   *  where the wire has a word for that. Gives how much was announced.
   *  @throws ConnectionLost */
  caughtUp(): Promise<number>;
  /** Sends that may be without an answer at once. */
  readonly unansweredMax: number;
  /** @throws ConnectionLost when nobody knows what became of it */
  send(to: string, body: string): Promise<SendAnswer>;
  /** Resolves once the connection is gone. */
  readonly gone: Promise<void>;
  /** Ends it at once. */
  close(): void;
}

export interface WireConnectionNeeds {
  readonly cast: Cast;
  readonly device: CastDevice;
  /** Where to connect, on this machine. */
  readonly port: number;
  /** A message has arrived. */
  readonly arrived: (message: ArrivedMessage) => void;
  /** What a message of that name looks like on this wire. */
  readonly expected: (sender: number, number: number) => string | undefined;
}

/** After so long without an answer, or without a message that was announced, a client gives up: the server is dead, or
 *  bytes are lost. */
export const patienceMs = 5_000;

/** The connection went before there was an answer, or none came for so long that the client gave up. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** The server does not let this device in, now. */
export class EntranceRefused extends Error {
  override readonly name = 'EntranceRefused';
}

/** The name under which a device logs in. */
export function usernameOf({ cast, device }: Pick<WireConnectionNeeds, 'cast' | 'device'>): string {
  return cast.accounts[device.account]?.name ?? '';
}
