/** What a correct {@link Bus} does. Each implementation runs this suite against itself. */

import type { Bus, Logger, LogId, Message, Nudge, Seq, UnixMs } from '../core/ports';

/** What a suite needs from the implementation. `logger` is the one the bus must tell of listeners that throw. */
export interface BusUnderTest {
  open(logger: Logger): Promise<Bus>;
}

/** Declares the tests inside the caller's `describe`. Deliveries are awaited, so a bus may be asynchronous. */
export function busContract(subject: BusUnderTest): void {
  let bus: Bus;
  const error = jest.fn();
  const logger: Logger = { info: () => {}, warn: () => {}, error };

  beforeEach(async () => {
    error.mockClear();
    bus = await subject.open(logger);
  });
  afterEach(() => bus.close());

  test('every listener gets every nudge once, in the order of publication', async () => {
    const first = inbox(bus);
    const second = inbox(bus);
    const published = Array.from({ length: 500 }, (_, index) => nudge(index + 1));
    for (const each of published) bus.publish(each);
    expect(await first.take(500)).toEqual(published);
    expect(await second.take(500)).toEqual(published);
    expect([first.waiting(), second.waiting()]).toEqual([0, 0]);
  });

  test('a nudge arrives with its message whole, also when the body is a view of a larger buffer', async () => {
    const buffer = Uint8Array.from({ length: 600 }, (_, index) => index % 256);
    const sent = { log: 7 as LogId, message: message(9_007_199_254_740_991, buffer.subarray(100, 400)) };
    const received = inbox(bus);
    bus.publish(sent);
    const [got] = await received.take(1);
    expect(got).toMatchObject({ log: 7, message: { seq: sent.message.seq, at: sent.message.at, from: 'alice' } });
    expect(Uint8Array.from(got?.message.body ?? [])).toEqual(buffer.slice(100, 400));
  });

  test('a body of the largest size arrives', async () => {
    const received = inbox(bus);
    bus.publish({ log: 1 as LogId, message: message(1, new Uint8Array(65_536).fill(0x61)) });
    const [got] = await received.take(1);
    expect(got?.message.body.length).toBe(65_536);
  });

  test('a nudge published by a listener comes after the one it answers, for every listener', async () => {
    bus.subscribe(({ log, message: { seq } }) => {
      if (seq === 1) bus.publish(nudge(2, log));
    });
    const late = inbox(bus);
    bus.publish(nudge(1));
    expect((await late.take(2)).map((each) => each.message.seq)).toEqual([1, 2]);
  });

  test('a listener that throws is logged and keeps nothing from the others, nor from itself later', async () => {
    const seen: number[] = [];
    bus.subscribe(({ message: { seq } }) => {
      seen.push(seq);
      throw new Error(`at ${seq}`);
    });
    const other = inbox(bus);
    bus.publish(nudge(1));
    bus.publish(nudge(2));
    expect(await other.take(2)).toHaveLength(2);
    expect(seen).toEqual([1, 2]);
    expect(error).toHaveBeenCalledTimes(2);
    expect(error.mock.calls[0]?.[1]).toEqual(new Error('at 1'));
  });

  test('a publication without a listener, or after close, does not throw, and close can be called twice', async () => {
    expect(() => bus.publish(nudge(1))).not.toThrow();
    const received = inbox(bus);
    await bus.close();
    expect(() => bus.publish(nudge(2))).not.toThrow();
    await bus.close();
    expect(received.waiting()).toBe(0);
  });
}

function message(seq: number, body: Uint8Array): Message {
  return { seq: seq as Seq, at: 1_700_000_000_000 as UnixMs, from: 'alice' as Message['from'], body };
}

function nudge(seq: number, log = 1 as LogId): Nudge {
  return { log, message: message(seq, new TextEncoder().encode(`message ${seq}`)) };
}

/** Subscribes, and hands out what arrived; `take` waits until there are that many. */
function inbox(bus: Bus) {
  const arrived: Nudge[] = [];
  let wake = (): void => {};
  bus.subscribe((each) => {
    arrived.push(each);
    wake();
  });
  return {
    waiting: () => arrived.length,
    async take(count: number): Promise<Nudge[]> {
      while (arrived.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return arrived.splice(0, count);
    },
  };
}
