/** gRPC, with a channel of its own for everybody. */

import { shownByGrpc } from '../../integration/existing-clients';
import { Caller, type Received, type StreamReader } from '../../integration/grpc-caller';
import { type Heard, type Outcome, type Person, password, type Wire } from '../wire';

/** How undelivered messages are had: by a login that finds a stream open, or by asking for them on a stream that was
 *  opened after it. */
export type Collecting = 'at login' | 'by DeliverMessages';

export function grpcWire(port: number, collecting: Collecting = 'at login'): Wire {
  return {
    name: 'gRPC',
    identity: 'account',
    make: async (name) => {
      const caller = new Caller(port);
      expect(await caller.ask('CreateAccount', { username: name, password })).toMatchObject({ success: true });
      caller.close();
    },
    enter: async (username) => {
      const caller = new Caller(port);
      const early = collecting === 'at login' ? await caller.stream().opened() : undefined;
      const login = await caller.ask('LoginAccount', { username, password });
      expect(login).toMatchObject({ success: true });
      const stream = early ?? (await caller.stream().opened());
      const { undelivered } = early === undefined ? await caller.ask('DeliverMessages', { username }) : login;
      const person = new GrpcPerson(username, caller, stream);
      await person.takeMissed(Number(undelivered));
      return person;
    },
  };
}

class GrpcPerson implements Person {
  missed: readonly Heard[] = [];
  private taken = 0;

  constructor(
    readonly name: string,
    private readonly caller: Caller,
    private readonly stream: StreamReader<Received>,
  ) {}

  async takeMissed(count: number): Promise<void> {
    const missed: Heard[] = [];
    while (missed.length < count) missed.push(await this.next());
    this.missed = missed;
  }

  async send(to: string, text: string): Promise<Outcome> {
    const answer = await this.caller.ask('SendMessage', { fromUsername: this.name, toUsername: to, message: text });
    // Its client prints the sentence, whatever came of the call.
    expect(answer.message).toMatch(/\w/);
    if (answer.success === true) return { kind: 'stored', live: undefined };
    return { kind: 'refused', reason: `${answer.message}` };
  }

  async next(): Promise<Heard> {
    this.taken += 1;
    const received = (await this.stream.first(this.taken)).at(-1) as Received;
    const { log } = received;
    return { ...shownByGrpc(this.name, received), room: log.startsWith('#') ? log : undefined };
  }

  async list(): Promise<string[]> {
    return (await this.caller.list().all()).map(({ username }) => username);
  }

  leave(): void {
    // A channel with an open stream keeps its connection.
    this.stream.call.cancel();
    this.caller.close();
  }
}
