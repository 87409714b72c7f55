import type { Message } from '../../core/ports';
import type { Session } from '../../core/session';
import { Login } from './login';
import type { MessageStream } from './message-stream';
import type { ChatMessage } from './wire';

/** A stream whose messages are taken when the test says. */
class HandStream {
  readonly isByToken = false;
  private readonly waiting: (() => void)[] = [];

  write(_message: ChatMessage, taken: () => void): void {
    this.waiting.push(taken);
  }

  take(): void {
    this.waiting.shift()?.();
  }

  get asStream(): MessageStream {
    return this as unknown as MessageStream;
  }
}

/** Somebody who is logged in; `delivered` is told of what counts as delivered to their session. */
function logIn(name: string, delivered: string[]): Login {
  const login = new Login({ token: name, username: name, clientAcks: false, onEnded: () => undefined });
  const session = {
    goLiveBeyondBacklog: async () => undefined,
    mark: () => `marked by ${name}`,
    flushed: (mark: string) => delivered.push(`${mark}, counted by ${name}`),
    end: () => undefined,
  };
  login.enter(session as unknown as Session);
  return login;
}

test('what is taken counts for whoever it was written to, though another has the stream by then', () => {
  const message = { seq: 1, at: 0, from: 'carol', body: Buffer.from('hi') } as unknown as Message;
  const stream = new HandStream();
  const delivered: string[] = [];
  for (const name of ['bob', 'alice']) {
    const login = logIn(name, delivered);
    login.attach(stream.asStream);
    login.message(message, name as never);
    login.end();
  }
  expect(delivered).toEqual([]);
  stream.take();
  expect(delivered).toEqual(['marked by bob, counted by bob']);
  stream.take();
  expect(delivered).toEqual(['marked by bob, counted by bob', 'marked by alice, counted by alice']);
});
