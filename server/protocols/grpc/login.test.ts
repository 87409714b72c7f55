import type { Message } from '../../core/ports';
import type { Session } from '../../core/session';
import { Login } from './login';
import type { MessageStream } from './message-stream';
import type { ChatMessage } from './wire';

/** A stream whose messages are taken when the test says. */
class HandStream {
  readonly isByToken = false;
  readonly written: number[] = [];
  private readonly waiting: (() => void)[] = [];

  write({ seq }: ChatMessage, taken: () => void): void {
    this.written.push(seq);
    this.waiting.push(taken);
  }

  end(): void {}

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

test('a client that acknowledges gets on a new stream nothing in front of what it has not acknowledged', () => {
  const login = new Login({ token: 'bob', username: 'bob', clientAcks: true, onEnded: () => undefined });
  const counting = new Promise<boolean>(() => undefined);
  login.enter({ burst: () => counting, mark: () => undefined } as unknown as Session);
  const [lost, next] = [new HandStream(), new HandStream()];
  login.attach(lost.asStream);
  for (const seq of [1, 2]) {
    login.message({ seq, at: 0, from: 'carol', body: Buffer.from('hi') } as unknown as Message, 'bob' as never);
  }
  // The operating system had it; nobody knows whether the client has.
  lost.take();
  login.attach(next.asStream);
  expect(lost.written).toEqual([1, 2]);
  expect(next.written).toEqual([]);
});
