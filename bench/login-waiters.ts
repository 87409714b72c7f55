/** A storm of logins: so many wait at every moment, each with a connection of its own, until it is over. */

import { connect, type Socket } from 'node:net';
import type { User } from './load/wire';

export class LoginWaiters {
  private readonly sockets: Socket[];
  private isOver = false;
  /** Logins that were answered. */
  logins = 0;
  /** The first login that was refused, or connection that ended before the storm was over. */
  failure: string | undefined;

  /** Each of `users` logs in, logs out when it is in, and logs in again. */
  constructor(port: number, users: readonly User[]) {
    this.sockets = users.map((user) => this.waiter(port, user));
  }

  stop(): void {
    this.isOver = true;
    for (const socket of this.sockets) socket.destroy();
  }

  private waiter(port: number, { name, password }: User): Socket {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const round = `2 ${name} ${password}\n8\n`;
    let text = '';
    socket.setEncoding('latin1');
    socket.on('connect', () => socket.write(round));
    socket.on('error', (error) => this.failed(`the login of ${name}: ${error.message}`));
    socket.on('close', () => this.failed(`the connection of ${name} was closed while it logged in`));
    socket.on('data', (chunk: string) => {
      text += chunk;
      // The block of the login, then the line of the logout.
      const answer = /^(.*)\r\n(?:.*\r\n)*?\r\n(.*)\r\n/.exec(text);
      if (answer === null) return;
      text = text.slice(answer[0].length);
      if (!answer[0].startsWith('200 ')) this.failed(`the login of ${name} was answered ${answer[1]}`);
      this.logins += 1;
      socket.write(round);
    });
    return socket;
  }

  private failed(sentence: string): void {
    if (!this.isOver) this.failure ??= sentence;
  }
}
