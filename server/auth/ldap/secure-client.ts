/** An LDAP client on one connection, which is under TLS before anything is said on it. */

import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { Client } from 'ldapts';
import type { LdapSettings } from './settings';

const defaultPorts: Readonly<Record<string, number>> = { 'ldap:': 389, 'ldaps:': 636 };

/** Connects, and begins TLS. Rejects with Node's error, or with ldapts's when StartTLS was refused.
 *
 *  The client connects anew by itself when its connection has gone: after StartTLS that would be without TLS, and the
 *  next bind would tell the password to the whole network. So it gets its one connection from here, and no other.
 *  @param opened called with every socket, so that a caller who loses patience can destroy it */
export async function openSecureClient(
  { url, ca }: Pick<LdapSettings, 'url' | 'ca'>,
  opened: (socket: Socket) => void,
): Promise<Client> {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const address = { host, port: Number(port) || (defaultPorts[protocol] as number) };
  const trust: ConnectionOptions = {
    host,
    minVersion: 'TLSv1.2',
    // Said, since Node would otherwise ask the environment.
    rejectUnauthorized: true,
    // An address is verified as one; SNI is for names only.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
  };
  return protocol === 'ldaps:' ? overTls(url, address, trust, opened) : withStartTls(url, address, trust, opened);
}

interface Address {
  readonly host: string;
  readonly port: number;
}

async function overTls(
  url: string,
  address: Address,
  trust: ConnectionOptions,
  opened: (socket: Socket) => void,
): Promise<Client> {
  const socket = connectTls({ ...trust, ...address });
  opened(socket);
  await established(socket, 'secureConnect');
  return new Client({ url, createSecureConnection: once(() => socket) });
}

async function withStartTls(
  url: string,
  address: Address,
  trust: ConnectionOptions,
  opened: (socket: Socket) => void,
): Promise<Client> {
  const socket = connect(address);
  opened(socket);
  await established(socket, 'connect');
  const upgrade = once((options: ConnectionOptions): TLSSocket => {
    const secure = connectTls(options);
    opened(secure);
    return secure;
  });
  const client = new Client({
    url,
    createConnection: once(() => socket),
    createSecureConnection: upgrade as typeof connectTls,
  });
  await client.startTLS({ ...trust });
  return client;
}

function established(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
  });
}

/** `make`, which throws the second time. */
function once<Arguments extends unknown[], Made>(make: (...args: Arguments) => Made): (...args: Arguments) => Made {
  let isMade = false;
  return (...args) => {
    if (isMade) throw new Error('the connection was lost');
    isMade = true;
    return make(...args);
  };
}
