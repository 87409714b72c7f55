/** What an outlet leaves out for its reader: see Outlet.leaveOut. */

import type { RoomName } from '../../shared/names';
import { quiet } from '../../tests/harness/quiet';
import { RecordingOutlet } from '../../tests/harness/recording-outlet';
import { type Client, World } from '../../tests/harness/world';

/** Leaves out as many messages as the test says, once. */
class ForgetfulOutlet extends RecordingOutlet {
  readonly asked: number[] = [];
  leftOut = 0;

  leaveOut(unwritten: number): number {
    this.asked.push(unwritten);
    const { leftOut } = this;
    this.leftOut = 0;
    return leftOut;
  }
}

let world: World;
let outlet: ForgetfulOutlet;
let guest: Client;
let speaker: Client;

beforeEach(async () => {
  world = new World();
  await world.store.rooms.create('#lobby' as RoomName, undefined, [], world.clock.now());
  outlet = new ForgetfulOutlet();
  guest = await world.guest('gina', {}, outlet);
  speaker = await world.guest('bob');
  for (const { session } of [guest, speaker]) await world.chat.rooms.enter(session, '#lobby', { historyMax: 0 });
});

/** The guest's connection has no room while these are sent, and takes everything afterwards. */
async function sentMeanwhile(to: string, texts: readonly string[]): Promise<void> {
  outlet.outboxBytesMax = 0;
  for (const text of texts) await world.send(speaker, to, text);
  expect(outlet.take()).toEqual([]);
  outlet.outboxBytesMax = Number.POSITIVE_INFINITY;
  guest.session.resume();
  await quiet();
}

test('leaves out the oldest messages of a room that its outlet says, and goes on with the rest', async () => {
  outlet.leftOut = 2;
  await sentMeanwhile('#lobby', ['one', 'two', 'three', 'four']);
  expect(outlet.asked).toEqual([4]);
  expect(outlet.take()).toEqual(['3 bob #lobby three', '4 bob #lobby four']);
  await world.send(speaker, '#lobby', 'five');
  expect(outlet.take()).toEqual(['5 bob #lobby five']);
});

test('leaves out nothing when its outlet says 0', async () => {
  await sentMeanwhile('#lobby', ['one', 'two']);
  expect(outlet.take()).toEqual(['1 bob #lobby one', '2 bob #lobby two']);
});

test('leaves out everything that waits in a room, and what comes later is written', async () => {
  outlet.leftOut = 2;
  await sentMeanwhile('#lobby', ['one', 'two']);
  await world.send(speaker, '#lobby', 'three');
  expect(outlet.take()).toEqual(['3 bob #lobby three']);
});

test('leaves out nothing of a mailbox, and does not ask', async () => {
  outlet.leftOut = 1;
  await sentMeanwhile('gina', ['one', 'two']);
  expect(outlet.asked).toEqual([]);
  expect(outlet.take()).toEqual(['1 bob gina one', '2 bob gina two']);
});
