import { FakeClock } from '../core/fake-clock';
import { noColours } from './colours';
import type { Note, Screen } from './screen';
import { ScreenText } from './screen-text';
import { type Tick, Ticks } from './ticks';

/** What is on the screen, and what was written on the way there. */
class PlainScreen {
  readonly lines: string[] = [];
  readonly written: string[] = [];
  /** Lines that stand above something that is no note. */
  private fixed = 0;

  print(text: string): void {
    this.fixed = this.put(text);
  }

  note(text: string): Note {
    let index = this.put(text) - 1;
    return {
      replace: (changed) => {
        if (index < this.fixed) index = this.put(changed) - 1;
        else {
          this.written.push(changed);
          this.lines[index] = changed;
        }
      },
    };
  }

  private put(text: string): number {
    this.written.push(text);
    return this.lines.push(text);
  }
}

let screen: PlainScreen;
let clock: FakeClock;
let ticks: Ticks;
let isWaiting: boolean;
let hasReceipts: boolean;

beforeEach(() => {
  screen = new PlainScreen();
  clock = new FakeClock();
  isWaiting = false;
  hasReceipts = true;
  const text = new ScreenText({ colours: noColours, now: () => new Date(0), columns: () => 80 });
  ticks = new Ticks({
    screen: screen as unknown as Screen,
    text,
    clock,
    isWaiting: () => isWaiting,
    hasReceipts: () => hasReceipts,
  });
});

function begin(...names: string[]): Tick[] {
  return names.map((name) => ticks.begin(name));
}

test('to somebody who is there, two ticks are all there is to see', async () => {
  const [tick] = begin('bob');
  await clock.advance(90);
  tick?.stored({ seq: 4, live: true });
  await clock.advance(90);
  ticks.receipt('BOB', 4);
  await clock.advance(1_000);
  expect(screen.written).toEqual(['✓✓ bob']);
});

test('a slow server, a slow recipient: one line goes through all three', async () => {
  const [tick] = begin('bob');
  await clock.advance(149);
  expect(screen.lines).toEqual([]);
  await clock.advance(1);
  expect(screen.lines).toEqual(['… bob']);
  tick?.stored({ seq: 4, live: true });
  await clock.advance(200);
  expect(screen.lines).toEqual(['✓ bob']);
  ticks.receipt('bob', 4);
  await clock.advance(50);
  expect(screen.lines).toEqual(['✓✓ bob']);
});

test('somebody who is away is said to be, and has it later, below what came in between', async () => {
  const [tick] = begin('bob');
  tick?.stored({ seq: 4, live: false });
  await clock.advance(50);
  screen.print('12:04 carol: hello');
  ticks.receipt('bob', 4);
  await clock.advance(50);
  expect(screen.lines).toEqual(['✓ bob – away', '12:04 carol: hello', '✓✓ bob']);
});

test('a room has no receipts, and where the server tells of none one tick comes at once', async () => {
  const [room, nobody] = begin('#garden', '#empty');
  room?.stored({ seq: 1, live: true });
  nobody?.stored({ seq: 1, live: false });
  await clock.advance(50);
  hasReceipts = false;
  begin('bob')[0]?.stored({ seq: 1, live: true });
  await clock.advance(50);
  expect(screen.lines).toEqual(['✓ #garden', '✓ #empty – nobody else is here', '✓ bob']);
});

test('what happens to many at once is told together, by recipient', async () => {
  const sends = begin('bob', 'carol', 'bob', 'bob');
  await clock.advance(150);
  expect(screen.lines).toEqual(['… bob (3 messages)', '… carol']);
  for (const [index, tick] of sends.entries()) tick.stored({ seq: index + 1, live: false });
  await clock.advance(50);
  expect(screen.lines).toEqual(['✓ bob (3 messages) – away', '✓ carol – away']);
  ticks.receipt('bob', 4);
  ticks.receipt('carol', 2);
  await clock.advance(50);
  expect(screen.lines).toEqual(['✓✓ bob (3 messages)', '✓✓ carol']);
});

test('a line that speaks of several is not written over by what became of one of them', async () => {
  for (const [index, tick] of begin('bob', 'bob').entries()) tick.stored({ seq: index + 1, live: false });
  await clock.advance(50);
  ticks.receipt('bob', 1);
  await clock.advance(50);
  expect(screen.lines).toEqual(['✓ bob (2 messages) – away', '✓✓ bob']);
});

test('while the server is away it is said at once, and when it goes, of what has no answer', async () => {
  begin('bob');
  isWaiting = true;
  ticks.offline();
  expect(screen.lines).toEqual(['… bob – kept until the server is back']);
  const [later] = begin('carol');
  expect(screen.lines).toHaveLength(2);
  isWaiting = false;
  later?.stored({ seq: 1, live: false });
  ticks.offline();
  await clock.advance(1_000);
  expect(screen.lines).toEqual(['… bob – kept until the server is back', '✓ carol – away']);
});

test('a failure stands in the place of what was under way', async () => {
  const [early, late] = begin('bob', 'carol');
  early?.failed('✗ no');
  await clock.advance(150);
  late?.failed('✗ neither');
  await clock.advance(1_000);
  expect(screen.lines).toEqual(['✗ no', '✗ neither']);
});

test('a receipt that stands right behind the answer, and is heard of first, counts', async () => {
  const [tick] = begin('bob');
  ticks.receipt('bob', 4);
  tick?.stored({ seq: 4, live: true });
  await clock.advance(50);
  expect(screen.lines).toEqual(['✓✓ bob']);
  ticks.offline();
  begin('bob')[0]?.stored({ seq: 1, live: false });
  await clock.advance(50);
  expect(screen.lines).toEqual(['✓✓ bob', '✓ bob – away']);
});

test('a receipt for what nobody awaits is not told', async () => {
  begin('bob')[0]?.stored({ seq: 1, live: false });
  await clock.advance(50);
  ticks.forget();
  ticks.receipt('bob', 1);
  await clock.advance(50);
  expect(screen.lines).toEqual(['✓ bob – away']);
});
