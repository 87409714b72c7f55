/** Whoever is on one wire reaches whoever is on any other: every ordered pair, against one server.
 *  `UPDATE_DOCS=1 npx jest tests/interoperation` writes the tables of docs/interoperation.md anew. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bodies, noBodies } from './bodies';
import { expectationOf, type WireName, wireNames } from './expectations';
import { Results, see, takenRow } from './results';
import { lobby, nameOf, Stage } from './stage';
import type { Heard, Outcome, Person } from './wire';

let stage: Stage;
const results = new Results();

beforeAll(async () => {
  stage = await Stage.open();
  for (const wire of wireNames) await stage.enter(wire, 'listener');
});
afterAll(() => stage?.close());

const guests: readonly WireName[] = ['Chateau, guest', 'Chateau, numeric', 'nick room'];
const accounts = wireNames.filter((wire) => !guests.includes(wire));
const toOne = wireNames.filter((wire) => expectationOf(wire).sendsTo.includes('one'));
const toRoom = wireNames.filter((wire) => expectationOf(wire).sendsTo.includes('room'));

function pairs(from: readonly WireName[], to: readonly WireName[]): [WireName, WireName][] {
  return from.flatMap((sender) => to.map((receiver): [WireName, WireName] => [sender, receiver]));
}

/** What can be said on a wire. */
function sayable(from: WireName, name: string): typeof bodies {
  return bodies.filter(({ text }) => expectationOf(from).says(text, name) === 'whole');
}

/** What arrives on the wire `to` when somebody says `text`. */
function expected(to: WireName, from: string, text: string, room?: typeof lobby): Heard {
  const { hears, roomIn } = expectationOf(to);
  const label = room !== undefined && roomIn === 'in the text' ? `[${room}] ` : '';
  return { from, text: label + hears(text, from), room: roomIn === 'in a field' ? room : undefined };
}

/** The text of a message without the room in front of it. */
function unlabelled(to: WireName, text: string): string {
  return expectationOf(to).roomIn === 'in the text' ? text.slice(`[${lobby}] `.length) : text;
}

/** Stored; and where the wire tells whether the recipient is there, it tells so. */
function expectStored(outcome: Outcome, live: boolean): void {
  if (outcome.kind === 'stored') expect([live, undefined]).toContain(outcome.live);
  else expect(outcome).toEqual({ kind: 'untold' });
}

/** The speakers of these wires are there for the tests that follow. */
function withSpeakers(wires: readonly WireName[]): void {
  beforeAll(async () => {
    for (const wire of wires) await stage.enter(wire, 'speaker');
  });
  afterAll(async () => {
    for (const wire of wires) await stage.leave(wire, 'speaker');
  });
}

describe('to one who is there', () => {
  withSpeakers(wireNames);

  test.each(pairs(toOne, wireNames))('from %s to %s', async (from, to) => {
    const speaker = stage.person(from, 'speaker');
    const listener = stage.person(to, 'listener');
    for (const body of sayable(from, speaker.name)) {
      expectStored(await speaker.send(listener.name, body.text), true);
      const heard = await listener.next();
      expect(heard).toEqual(expected(to, speaker.name, body.text));
      results.hear(from, to, body, heard.text);
    }
    see(results.toOne, from, to, 'live');
  });

  test.each(wireNames)('%s refuses what it cannot carry, and nobody hears a part of it', async (from) => {
    const listener = stage.person('cmap 2', 'listener');
    for (const { name, text } of [...bodies, ...noBodies]) {
      const saying = expectationOf(from).says(text, nameOf(from, 'outsider'));
      if (saying === 'whole') continue;
      if (saying === 'refused') await expectRefused(from, listener.name, text);
      see(results.said, name, from, saying);
    }
    await stage.person('cmap 2', 'speaker').send(listener.name, 'after it');
    expect(await listener.next()).toMatchObject({ text: 'after it' });
  });
});

/** Each on a connection of its own: some refusals close it. */
async function expectRefused(from: WireName, to: string, text: string): Promise<void> {
  const person = await stage.enter(from, 'outsider');
  const outcome = await person.send(to, text);
  if (outcome.kind === 'untold')
    expect(await person.next()).toMatchObject({ from: 'server', text: expect.any(String) });
  else expect(outcome.kind).toBe('refused');
  await stage.leave(from, 'outsider');
}

describe('presence', () => {
  withSpeakers(wireNames);

  async function asked(wire: WireName, role: 'speaker' | 'listener'): Promise<void> {
    const person = stage.person(wire, role);
    const [list, who] = [await person.list?.(), await person.who?.()];
    if (list !== undefined) expect(list).toEqual(stage.accounts);
    if (who !== undefined) expect([...who].sort()).toEqual([...stage.online].sort());
    for (const other of wireNames) {
      if (list?.includes(nameOf(other, 'listener'))) see(results.presence, wire, other, 'list');
      if (who?.includes(nameOf(other, 'listener'))) see(results.presence, wire, other, 'who');
    }
  }

  test.each(wireNames)('%s sees everybody who is there, and every account', (wire) => asked(wire, 'listener'));

  test('who has left is seen nowhere, and every account still is', async () => {
    for (const wire of wireNames) await stage.leave(wire, 'speaker');
    for (const wire of wireNames) await asked(wire, 'listener');
  });
});

describe('in #lobby, to those who are there', () => {
  test.each(toRoom)('from %s', async (from) => {
    const speaker = await stage.enter(from, 'speaker');
    for (const body of sayable(from, speaker.name)) {
      expectStored(await speaker.send(lobby, body.text), true);
      for (const to of wireNames) {
        const heard = await stage.person(to, 'listener').next();
        expect(heard).toEqual(expected(to, speaker.name, body.text, lobby));
        results.hear(from, to, body, unlabelled(to, heard.text));
      }
    }
    for (const to of wireNames) {
      see(results.inRoom, from, to, 'live');
      see(results.taken, takenRow.room, to, 'live');
    }
    await expectNothingBefore(speaker);
    await stage.leave(from, 'speaker');
  });

  /** What one says oneself does not come back. */
  async function expectNothingBefore(speaker: Person): Promise<void> {
    await stage.person('cmap 2', 'listener').send(speaker.name, 'only this');
    expect(await speaker.next()).toMatchObject({ text: 'only this', room: undefined });
  }

  test('the numeric dialect has no word for a room', async () => {
    const speaker = await stage.enter('Chateau, numeric', 'speaker');
    expect(await speaker.send(lobby, 'hi')).toMatchObject({ kind: 'refused' });
    await stage.leave('Chateau, numeric', 'speaker');
  });
});

describe('to one who is away', () => {
  withSpeakers(toOne);

  async function sendAll(from: WireName, to: WireName): Promise<Heard[]> {
    const speaker = stage.person(from, 'speaker');
    await stage.leave(to, 'listener');
    const said = sayable(from, speaker.name);
    for (const { text } of said) expectStored(await speaker.send(nameOf(to, 'listener'), text), false);
    return said.map(({ text }) => expected(to, speaker.name, text));
  }

  test.each(pairs(toOne, accounts))('from %s to %s: it waits for the next login', async (from, to) => {
    const due = await sendAll(from, to);
    expect((await stage.enter(to, 'listener')).missed).toEqual(due);
    see(results.toOne, from, to, 'later');
  });

  test.each(toOne)('from %s to gRPC: it comes when DeliverMessages asks for it', async (from) => {
    const due = await sendAll(from, 'gRPC');
    expect((await stage.enter('gRPC', 'listener', stage.lateGrpc)).missed).toEqual(due);
  });

  test.each(pairs(toOne, guests))('from %s to %s: a guest who has left is nobody', async (from, to) => {
    await stage.leave(to, 'listener');
    const outcome = await stage.person(from, 'speaker').send(nameOf(to, 'listener'), 'hi');
    expect(outcome.kind).toBe('refused');
    const { missed } = await stage.enter(to, 'listener');
    expect(missed.map(({ text }) => text)).not.toContain('hi');
  });
});

describe('in #lobby, to those who are away', () => {
  test.each(toRoom)('from %s', async (from) => {
    for (const to of wireNames) await stage.leave(to, 'listener');
    const speaker = await stage.enter(from, 'speaker');
    const said = sayable(from, speaker.name);
    for (const { text } of said) expectStored(await speaker.send(lobby, text), false);
    await stage.leave(from, 'speaker');
    for (const to of wireNames) {
      const { missed } = await stage.enter(to, 'listener');
      const due = said.map(({ text }) => expected(to, speaker.name, text, lobby));
      if (accounts.includes(to)) {
        expect(missed).toEqual(due);
        see(results.inRoom, from, to, 'later');
        see(results.taken, takenRow.room, to, 'later');
      } else if (to === 'nick room') {
        expect(missed).toEqual(due.slice(-1));
        see(results.inRoom, from, to, 'history');
      } else expect(missed).toEqual([]);
    }
  });
});

describe('an account made by one spelling of its name and logged in to by another', () => {
  withSpeakers(toOne);

  /** Somebody on the wire, known by three spellings. A guest has the name that it enters by. */
  function spellings(wire: WireName): { created: string; entered: string; addressed: string } {
    const created = `Dora-${nameOf(wire, 'listener')}`;
    const entered = created.toUpperCase();
    return { created: guests.includes(wire) ? entered : created, entered, addressed: created.toLowerCase() };
  }

  test.each(wireNames)('takes on %s what is sent to a third spelling, live and later', async (to) => {
    const { created, entered, addressed } = spellings(to);
    const wire = stage.wire(to);
    await stage.make(wire, created);
    const listener = await wire.enter(entered);
    for (const from of toOne) {
      const speaker = stage.person(from, 'speaker');
      expectStored(await speaker.send(addressed, `hello from ${from}`), true);
      expect(await listener.next()).toEqual(expected(to, speaker.name, `hello from ${from}`));
    }
    see(results.taken, takenRow.spelling, to, 'live');
    await stage.dismiss(listener, created);
    if (guests.includes(to)) return;
    for (const from of toOne) expectStored(await stage.person(from, 'speaker').send(addressed, 'hello later'), false);
    const again = await wire.enter(entered);
    expect(again.missed).toEqual(toOne.map((from) => expected(to, nameOf(from, 'speaker'), 'hello later')));
    see(results.taken, takenRow.spelling, to, 'later');
    await stage.dismiss(again, created);
  });

  test.each(toOne)('can send on %s by its own spelling, and is seen by the one that it was made by', async (from) => {
    const { created, entered } = spellings(from);
    const speaker = await stage.wire(from).enter(entered);
    const listener = stage.person('cmap 2', 'listener');
    expectStored(await speaker.send(listener.name.toUpperCase(), 'hello'), true);
    expect(await listener.next()).toEqual(expected('cmap 2', created, 'hello'));
    await stage.dismiss(speaker, created);
  });
});

describe('docs/interoperation.md', () => {
  const path = join(__dirname, '..', '..', 'docs', 'interoperation.md');

  test('each wire makes of a text the same, whoever has sent it', () => {
    const cells = [...results.heard.values()].flatMap((row) => [...row.values()]);
    expect(cells.filter((cell) => cell.size !== 1)).toEqual([]);
  });

  test('has the tables that were seen here', () => {
    expect(results.unseen).toEqual([]);
    const page = readFileSync(path, 'utf8');
    const tables = Object.entries(results.tables());
    const seen = tables.reduce((text, [heading, rows]) => withTable(text, heading, rows), page);
    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(path, seen);
    else expect(page).toBe(seen);
  });

  /** The page with these rows as the first table under that heading. */
  function withTable(page: string, heading: string, rows: readonly string[]): string {
    const lines = page.split('\n');
    const start = lines.findIndex((line, index) => line.startsWith('|') && index > lines.indexOf(`## ${heading}`));
    const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
    expect({ heading, isThere: lines.includes(`## ${heading}`) && start !== -1 }).toEqual({ heading, isThere: true });
    return [...lines.slice(0, start), ...rows, ...lines.slice(end)].join('\n');
  }
});
