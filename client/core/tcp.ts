/** TCP as a transport: the only file of the client library that needs Node. */

import { createConnection } from 'node:net';
import type { Connect } from './transport';

export interface TcpAddress {
  /** A host name or an IP address. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
}

/** Connects to `address` by TCP.
 *
 *      const client = createClient({ connect: tcp({ host: '127.0.0.1', port: 8888 }) });
 */
export function tcp({ host, port }: TcpAddress): Connect {
  return (events) => {
    // The client batches by itself; waiting for more would only delay what it has decided to write.
    const socket = createConnection({ host, port, noDelay: true, keepAlive: true });
    let reason = 'the server closed the connection';
    socket.on('connect', () => events.opened());
    socket.on('data', (chunk) => events.data(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      reason = sentences[error.code ?? ''] ?? error.message;
    });
    socket.on('close', () => events.closed(reason));
    return {
      write: (bytes) => void socket.write(bytes),
      pause: () => void socket.pause(),
      resume: () => void socket.resume(),
      close: () => void socket.destroy(),
    };
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
