/** TCP and TLS as transports: the only file of the client library that needs Node. */

import { createConnection, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { networkMessage, withoutBrackets } from '../../shared/host-port';
import { tlsFailure } from './tls-failure';
import type { Connect, TransportEvents } from './transport';

export interface TcpAddress {
  /** A host name or an IP address; one of IPv6 may stand in brackets. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** With it the connection is TLS, and the server's certificate is verified: there is no way around either. */
  readonly tls?: TlsTrust | undefined;
}

export interface TlsTrust {
  /** PEM of the certificates that are trusted, authorities or the server's own; without it those that Node trusts. */
  readonly ca?: string | undefined;
}

/** Connects to `address` by TCP, or by TLS.
 *
 *      const client = createClient({ connect: tcp({ host: '127.0.0.1', port: 8888 }) });
 */
export function tcp({ port, tls, ...address }: TcpAddress): Connect {
  const host = withoutBrackets(address.host);
  // The client batches by itself; waiting for more would only delay what it has decided to write.
  if (tls === undefined) {
    return (events) => {
      const socket = createConnection({ host, port, noDelay: true, keepAlive: true });
      return carry(socket, 'connect', events, (error) => sentences[error.code ?? ''] ?? networkMessage(error));
    };
  }
  const options: ConnectionOptions = {
    host,
    port,
    ca: tls.ca,
    minVersion: 'TLSv1.2',
    // Said, since Node would otherwise ask the environment.
    rejectUnauthorized: true,
    // An address is verified as one; SNI is for names only.
    ...(isIP(host) === 0 ? { servername: host } : {}),
  };
  return (events) => {
    let isSecure = false;
    const socket = connectTls(options);
    socket.setNoDelay(true).setKeepAlive(true);
    socket.once('secureConnect', () => {
      isSecure = true;
    });
    return carry(socket, 'secureConnect', events, (error) => {
      const failure = isSecure ? undefined : tlsFailure(error);
      return failure ?? sentences[error.code ?? ''] ?? networkMessage(error);
    });
  };
}

/** `reasonOf` says what an error of the socket means. */
function carry(
  socket: Socket,
  openEvent: 'connect' | 'secureConnect',
  events: TransportEvents,
  reasonOf: (error: NodeJS.ErrnoException) => string,
): ReturnType<Connect> {
  let reason = 'the server closed the connection';
  socket.on(openEvent, () => events.opened());
  socket.on('data', (chunk) => events.data(chunk));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    reason = reasonOf(error);
  });
  socket.on('close', () => events.closed(reason));
  return {
    write: (bytes) => void socket.write(bytes),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: () => void socket.destroy(),
  };
}

/** What Node's error codes mean to somebody who wants to chat. */
const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'the host does not answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  EACCES: 'this machine does not allow it',
};
