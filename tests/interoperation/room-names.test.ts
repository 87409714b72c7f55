/** A room with a long name is one room on every wire that knows rooms: on the WebSocket wire by the name of its chat. */

import { ServerProcess } from '../harness/server-process';
import { chatbotWire } from './drivers/chatbot';
import { chateauWire } from './drivers/chateau';
import { classicWire } from './drivers/classic';
import { cmapWire } from './drivers/cmap';
import { grpcWire } from './drivers/grpc';
import { expectationOf } from './expectations';
import { portOf } from './stage';
import type { Person, Wire } from './wire';

let server: ServerProcess;
let wires: Wire[];

beforeAll(async () => {
  server = await ServerProcess.start(['--chatbot-port', '0', '--grpc-port', '0']);
  const { port } = server;
  const [chatbot, grpc] = [portOf(server, 'chatbot'), portOf(server, 'gRPC')];
  wires = [cmapWire(port), classicWire(port), chateauWire(port), chatbotWire(chatbot), grpcWire(grpc)];
});
afterAll(() => server?.stop());

test.each([
  ['longest', `#${'r'.repeat(254)}`, `#${'r'.repeat(254)}`],
  ['UUID', '#123e4567-e89b-12d3-a456-426614174000', '#123e4567-e89b-12d3-a456-426614174000'],
  ['Japanese', `#0_${'_e9_80_b1'.repeat(28)}`, `#${'週'.repeat(28)}`],
])('called %s', async (what, room, chat) => {
  const nameOn = (wire: Wire): string => (wire.name === 'Chateau' ? chat : room);
  const memberOn = (wire: Wire): string => `${wire.name.replace(/\W/g, '')}-${what}`;
  const cmap = cmapWire(server.port);
  await cmap.make(`founder-${what}`);
  for (const wire of wires) await wire.make?.(memberOn(wire));
  const founder = await cmap.enter(`founder-${what}`);
  await founder.found(room, wires.map(memberOn));
  const people: [Wire, Person][] = [];
  for (const wire of wires) people.push([wire, await wire.enter(memberOn(wire))]);
  for (const [wire, speaker] of people) {
    const text = `from ${wire.name}`;
    expect((await speaker.send(nameOn(wire), text)).kind).toBe('stored');
    expect(await founder.next()).toEqual({ from: speaker.name, text, room });
    for (const [other, listener] of people) {
      if (listener === speaker) continue;
      const { roomIn } = expectationOf(other.name);
      const told = roomIn === 'in a field' ? nameOn(other) : undefined;
      const shown = roomIn === 'in the text' ? `[${room}] ${text}` : text;
      expect(await listener.next()).toEqual({ from: speaker.name, text: shown, room: told });
    }
  }
  for (const person of [founder, ...people.map(([, each]) => each)]) person.leave();
});
