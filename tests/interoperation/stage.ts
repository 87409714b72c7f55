/** One server with all its wires, and on each wire people who are in `#lobby`. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../harness/server-process';
import { chatbotWire } from './drivers/chatbot';
import { chateauGuestWire, chateauNumericWire, chateauWire } from './drivers/chateau';
import { classicWire } from './drivers/classic';
import { type CmapPerson, cmapWire } from './drivers/cmap';
import { grpcWire } from './drivers/grpc';
import { nickroomWire } from './drivers/nickroom';
import type { WireName } from './expectations';
import type { Person, Wire } from './wire';

/** What somebody is there for: each role on each wire is one person. The last is in no room. */
const roles = ['speaker', 'listener', 'outsider'] as const;
export type Role = (typeof roles)[number];

export const lobby = '#lobby';

/** The name of somebody. */
export function nameOf(wire: WireName, role: Role): string {
  return `${wire.replace(/\W+/g, '-')}-${role}`;
}

/** Somebody on cmap who sees who is there. */
const observerName = 'observer';
/** Whoever has made the lobby. Never there afterwards. */
const founderName = 'founder';

export class Stage {
  private readonly present = new Map<string, Person>();

  private constructor(
    private readonly folder: string,
    private readonly server: ServerProcess,
    private readonly wires: ReadonlyMap<WireName, Wire>,
    /** gRPC as one uses it who opens the stream after the login. */
    readonly lateGrpc: Wire,
    private readonly observer: CmapPerson,
  ) {}

  static async open(): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'chateau-wires-'));
    const args = ['--database', join(folder, 'chateau.db'), '--chatbot-port', '0'];
    await foundLobby(args);
    const more = ['--nickroom-port', '0', '--nickroom-history', '1', '--grpc-port', '0'];
    const server = await ServerProcess.start([...args, ...more]);
    try {
      return await Stage.on(server, folder);
    } catch (cause) {
      await server.stop();
      throw cause;
    }
  }

  private static async on(server: ServerProcess, folder: string): Promise<Stage> {
    const { port } = server;
    const grpcPort = portOf(server, 'gRPC');
    const cmap = cmapWire(port);
    const wires = [
      cmap,
      classicWire(port),
      chateauWire(port),
      chateauGuestWire(port),
      chateauNumericWire(port),
      chatbotWire(portOf(server, 'chatbot')),
      nickroomWire(portOf(server, 'nick room')),
      grpcWire(grpcPort),
    ];
    const byName = new Map(wires.map((wire) => [wire.name, wire]));
    await cmap.make(observerName);
    const observer = await cmap.enter(observerName);
    const stage = new Stage(folder, server, byName, grpcWire(grpcPort, 'by DeliverMessages'), observer);
    await stage.makeAccounts(cmap);
    return stage;
  }

  wire(name: WireName): Wire {
    return this.wires.get(name) as Wire;
  }

  /** Whoever is there in that role. */
  person(wire: WireName, role: Role): Person {
    const person = this.present.get(nameOf(wire, role));
    if (person === undefined) throw new Error(`${nameOf(wire, role)} is not there`);
    return person;
  }

  /** The names of all who are online. */
  get online(): string[] {
    return [observerName, ...this.present.keys()];
  }

  /** The names of all accounts, in the order of their lower-case forms. */
  get accounts(): string[] {
    const wires = [...this.wires.values()].filter(({ identity }) => identity === 'account');
    const names = wires.flatMap(({ name }) => roles.map((role) => nameOf(name, role)));
    return [observerName, founderName, ...names].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  }

  /** Comes, and is in `#lobby`. */
  async enter(name: WireName, role: Role, wire = this.wire(name)): Promise<Person> {
    const person = await wire.enter(nameOf(name, role));
    this.present.set(person.name, person);
    if (wire.identity === 'guest') await person.join?.(lobby);
    return person;
  }

  /** Goes, if there; resolves once the server knows. */
  async leave(wire: WireName, role: Role): Promise<void> {
    const name = nameOf(wire, role);
    this.present.get(name)?.leave();
    this.present.delete(name);
    await this.gone(name);
  }

  /** Makes an account of this name, where the wire has accounts; resolves once nobody is logged in to it. */
  async make(wire: Wire, name: string): Promise<void> {
    await wire.make?.(name);
    await this.gone(name);
  }

  /** Closes the connection of somebody, who is known to the server as `name`; resolves once the server knows. */
  async dismiss(person: Person, name: string): Promise<void> {
    person.leave();
    await this.gone(name);
  }

  async close(): Promise<void> {
    for (const person of [...this.present.values(), this.observer]) person.leave();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Accounts of the chatbot wire were there before. */
  private async makeAccounts(cmap: Wire): Promise<void> {
    for (const wire of this.wires.values()) {
      if (wire.identity === 'guest') continue;
      await wire.make?.(nameOf(wire.name, 'outsider'));
      if (wire.name === 'chatbot') continue;
      for (const role of ['speaker', 'listener'] as const) {
        const name = nameOf(wire.name, role);
        await wire.make?.(name);
        // Two of these wires have no request to join a room: it is the same account on another.
        const person = await cmap.enter(name);
        await person.join?.(lobby);
        person.leave();
        await this.gone(name);
      }
    }
  }

  private async gone(name: string): Promise<void> {
    while ((await this.observer.who()).includes(name));
  }
}

/** An account of the chatbot wire cannot join a room, but be one of its first members. The nick room's is made by whoever
 *  is first: here by somebody on cmap before the nick room opens. */
async function foundLobby(args: readonly string[]): Promise<void> {
  const server = await ServerProcess.start(args);
  try {
    await makeLobby(server);
  } finally {
    await server.stop();
  }
}

async function makeLobby(server: ServerProcess): Promise<void> {
  const chatbot = chatbotWire(portOf(server, 'chatbot'));
  const bots = [nameOf('chatbot', 'speaker'), nameOf('chatbot', 'listener')];
  for (const bot of bots) await chatbot.make?.(bot);
  const cmap = cmapWire(server.port);
  await cmap.make(founderName);
  const founder = await cmap.enter(founderName);
  await founder.found(lobby, bots);
  expect(await founder.send(lobby, 'welcome')).toMatchObject({ kind: 'stored' });
  founder.leave();
}

/** Where a wire listens, as the server says when it starts. */
export function portOf(server: ServerProcess, wire: string): number {
  const port = new RegExp(`:(\\d+) +${wire} clients$`, 'm').exec(server.stdout)?.[1];
  if (port === undefined) throw new Error(`no port of ${wire} in ${server.stdout}`);
  return Number(port);
}
