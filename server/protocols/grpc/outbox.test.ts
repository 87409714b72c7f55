import fc from 'fast-check';
import { bounds } from '../../../shared/limits';
import type { MessageStream } from './message-stream';
import { Outbox } from './outbox';
import type { ChatMessage } from './wire';

/** A stream whose messages are taken when the test says. */
class HandStream {
  readonly taken: number[] = [];
  private readonly waiting: { readonly seq: number; readonly taken: () => void }[] = [];

  write({ seq }: ChatMessage, taken: () => void): void {
    this.waiting.push({ seq, taken });
  }

  take(): void {
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.taken.push(next.seq);
    next.taken();
  }

  get asStream(): MessageStream {
    return this as unknown as MessageStream;
  }
}

function message(seq: number): ChatMessage {
  return { fromUsername: 'a', toUsername: 'b', message: 'hi', seq, time: 0, log: 'b' };
}

test('whatever streams come and go, every message is taken, in order, and none is told taken before it is', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('put', 'take', 'lose', 'replace', 'mark'), { maxLength: 200 }), (steps) => {
      const outbox = new Outbox(() => undefined);
      const taken = new Set<number>();
      const marks: number[] = [];
      let seq = 0;
      let current: HandStream | undefined;
      const take = (): void => {
        current?.take();
        for (const one of current?.taken ?? []) taken.add(one);
      };
      const replace = (): void => {
        current = new HandStream();
        outbox.stream = current.asStream;
      };
      for (const step of steps) {
        if (step === 'put') outbox.put(message(++seq), 2);
        else if (step === 'take') take();
        else if (step === 'replace') replace();
        else if (step === 'lose') {
          current = undefined;
          outbox.stream = undefined;
        } else {
          const upTo = seq;
          outbox.whenTaken(() => {
            marks.push(upTo);
            for (let one = 1; one < upTo; one += 1) expect(taken.has(one) || current?.taken.includes(one)).toBe(true);
          });
        }
        const own = current?.taken ?? [];
        expect(own).toEqual(own.map((_, index) => (own[0] as number) + index));
      }
      replace();
      for (let left = seq; left > 0; left -= 1) take();
      expect(taken.size).toBe(seq);
      expect(marks).toHaveLength(steps.filter((step) => step === 'mark').length);
      expect(marks).toEqual([...marks].sort((a, b) => a - b));
    }),
  );
});

test('there is room until the bound is reached, none without a stream, and whoever waits for it is told', () => {
  let told = 0;
  const outbox = new Outbox(() => {
    told += 1;
  });
  expect(outbox.hasRoom).toBe(false);
  const stream = new HandStream();
  outbox.stream = stream.asStream;
  let count = 0;
  while (outbox.hasRoom) outbox.put(message(++count), 1_000);
  expect(count).toBe(Math.ceil(bounds.outboxBytesMax / 1_512));
  stream.take();
  expect([outbox.hasRoom, told]).toEqual([true, 1]);
});

test('a stream that was given up counts no more', async () => {
  const outbox = new Outbox(() => undefined);
  const [first, second] = [new HandStream(), new HandStream()];
  outbox.stream = first.asStream;
  outbox.put(message(1), 2);
  outbox.stream = second.asStream;
  let isTaken = false;
  outbox.whenTaken(() => {
    isTaken = true;
  });
  first.take();
  expect(isTaken).toBe(false);
  second.take();
  expect(isTaken).toBe(true);
});

test('who waits when it is closed waits no more, and what is taken after it still counts', async () => {
  const outbox = new Outbox(() => undefined);
  const stream = new HandStream();
  outbox.stream = stream.asStream;
  outbox.put(message(1), 2);
  let marks = 0;
  outbox.whenTaken(() => {
    marks += 1;
  });
  const emptied = outbox.emptied();
  outbox.close();
  expect(await emptied).toBe(false);
  expect(await outbox.emptied()).toBe(false);
  stream.take();
  expect(marks).toBe(1);
});

test('what is cleared is neither taken nor waited for', async () => {
  const outbox = new Outbox(() => undefined);
  const stream = new HandStream();
  outbox.stream = stream.asStream;
  outbox.put(message(1), 2);
  let marks = 0;
  outbox.whenTaken(() => {
    marks += 1;
  });
  const emptied = outbox.emptied();
  outbox.clear();
  expect(await emptied).toBe(false);
  stream.take();
  outbox.put(message(2), 2);
  expect(await Promise.race([outbox.emptied(), 'not yet'])).toBe('not yet');
  stream.take();
  expect(marks).toBe(0);
});
