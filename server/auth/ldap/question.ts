/** One question to a directory: is this the password of that person? */

import type { Socket } from 'node:net';
import { type Client, ResultCodeError } from 'ldapts';
import { networkMessage } from '../../../shared/host-port';
import type { LdapAnswer } from './answer';
import type { LdapBounds } from './bounds';
import { filterFor } from './filter';
import { openSecureClient } from './secure-client';
import type { LdapSettings } from './settings';

/** Result codes of RFC 4511 that answer a bind with no: constraintViolation, noSuchObject, inappropriateAuthentication,
 *  invalidCredentials, insufficientAccessRights, unwillingToPerform. Any other is a directory in trouble. */
const refusals: ReadonlySet<number> = new Set([19, 32, 48, 49, 50, 53]);

/** Asks: finds the entry of the name, then binds as it with the password. Never rejects: what goes wrong makes the
 *  directory unavailable. */
export async function askDirectory(
  settings: LdapSettings,
  bounds: LdapBounds,
  username: string,
  password: string,
): Promise<LdapAnswer> {
  if (password === '') return { kind: 'password_empty' };
  const patience = new Patience();
  try {
    const client = await patience.within(
      bounds.connectMs,
      openSecureClient(settings, (socket) => patience.watch(socket)),
    );
    return await patience.within(bounds.answerMs, converse(client, settings, username, password));
  } catch (error) {
    return { kind: 'unavailable', reason: reasonOf(error) };
  } finally {
    patience.end();
  }
}

async function converse(
  client: Client,
  { base, filter, searcher }: LdapSettings,
  username: string,
  password: string,
): Promise<LdapAnswer> {
  if (searcher !== undefined) await client.bind(searcher.dn, searcher.password);
  const { searchEntries } = await client.search(base, {
    scope: 'sub',
    filter: filterFor(filter, username),
    // No attribute: only who it is.
    attributes: ['1.1'],
    sizeLimit: 2,
  });
  const [entry, another] = searchEntries;
  if (another !== undefined) return { kind: 'ambiguous' };
  // A bind without a name is no login, and succeeds.
  if (entry === undefined || entry.dn === '') return { kind: 'unknown' };
  try {
    await client.bind(entry.dn, password);
    return { kind: 'accepted', dn: entry.dn };
  } catch (error) {
    if (!(error instanceof ResultCodeError) || !refusals.has(error.code)) throw error;
    return { kind: 'refused', dn: entry.dn, reason: reasonOf(error) };
  }
}

/** Waits only so long, and leaves no connection behind. */
class Patience {
  private readonly sockets = new Set<Socket>();

  watch(socket: Socket): void {
    // The end of a connection is told by what waits for its answer.
    socket.on('error', () => undefined);
    this.sockets.add(socket);
  }

  async within<T>(ms: number, work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1_000} s`)), ms);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
      // What is still under way fails once its connection is gone, and nobody waits for it.
      work.catch(() => undefined);
    }
  }

  end(): void {
    for (const socket of this.sockets) {
      // The library takes its listeners off, and with them the one from above.
      socket.on('error', () => undefined);
      socket.destroy();
    }
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? networkMessage(error) : String(error);
  const firstLine = message.split('\n', 1)[0] ?? '';
  if (!(error instanceof ResultCodeError)) return firstLine;
  // The library's addition to what the directory has said.
  const said = firstLine.replace(/ Code: 0x[0-9a-f]+$/, '');
  return `${said === '' ? wordsOf(error) : said} (LDAP result ${error.code})`;
}

/** For a directory that says nothing: `invalid credentials` of an InvalidCredentialsError. */
function wordsOf({ name }: ResultCodeError): string {
  return name
    .replace(/Error$/, '')
    .replace(/\B[A-Z]/g, ' $&')
    .toLowerCase();
}
