import type { Connection } from './connection';
import { Intake } from './intake';

/** Each chunk is as many frames as it has bytes. */
class ByteSource {
  private rest: number[] = [];

  push(chunk: Uint8Array): void {
    if (this.rest.length > 0) throw new Error('fed before it was empty');
    this.rest = [...chunk];
  }

  next(): number | undefined {
    return this.rest.shift();
  }
}

function stage() {
  const events: string[] = [];
  const may = { take: true, settled: true };
  const connection = {
    isEnding: false,
    stopReading: () => events.push('stop'),
    readOn: () => events.push('read'),
    end: () => {
      connection.isEnding = true;
      events.push('end');
    },
  };
  const intake = new Intake<number>(connection as unknown as Connection, new ByteSource(), {
    get mayTake() {
      return may.take;
    },
    get isSettled() {
      return may.settled;
    },
    take: (frame) => {
      events.push(`${frame}`);
      if (frame === 0) may.take = false;
      if (frame === 9) intake.finish();
      // What is answered at once asks for the next frame at once.
      intake.proceed();
    },
  });
  return { events, may, connection, intake };
}

test('frames are taken in order, and then the connection is read from', () => {
  const { events, intake } = stage();
  intake.data(Uint8Array.of(1, 2));
  intake.data(Uint8Array.of(3));
  expect(events).toEqual(['1', '2', 'read', '3', 'read']);
});

test('while no frame may be taken the connection is not read from, and nothing that has come is lost', () => {
  const { events, may, intake } = stage();
  intake.data(Uint8Array.of(1, 0, 2));
  intake.data(Uint8Array.of(3));
  expect(events.splice(0)).toEqual(['1', '0', 'stop', 'stop']);
  may.take = true;
  intake.proceed();
  expect(events).toEqual(['2', '3', 'read']);
});

test('after the end of input the connection ends once everything is taken and answered', () => {
  const { events, may, intake } = stage();
  intake.data(Uint8Array.of(0, 1));
  intake.inputEnded();
  expect(events.splice(0)).toEqual(['0', 'stop', 'stop']);
  may.take = true;
  may.settled = false;
  intake.proceed();
  expect(events.splice(0)).toEqual(['1']);
  may.settled = true;
  intake.proceed();
  expect(events).toEqual(['end']);
});

test('what comes after the last frame that is wanted is not taken, and the connection ends once that is answered', () => {
  const { events, may, intake } = stage();
  may.settled = false;
  intake.data(Uint8Array.of(1, 9, 2));
  expect(events.splice(0)).toEqual(['1', '9', 'stop']);
  may.settled = true;
  intake.proceed();
  expect(events).toEqual(['stop', 'end']);
});

test('a connection that ends takes no more frames', () => {
  const { events, connection, intake } = stage();
  connection.isEnding = true;
  intake.data(Uint8Array.of(1));
  expect(events).toEqual(['stop']);
});
