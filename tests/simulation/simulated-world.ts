/** Accounts with their devices, the network, a server that dies and comes back, and the disk that stays: one schedule. */

import type { Chance, LogId } from '../../server/core/ports';
import type { RoomName, Username } from '../../shared/names';
import { seededChance } from '../harness/seeded-chance';
import { hashOf } from '../harness/transparent-hasher';
import { password } from '../harness/world';
import { Client } from './client';
import { act, rooms } from './client-actions';
import { Disk } from './disk';
import type { Fault } from './fault';
import { Ledger } from './ledger';
import { Scheduler } from './scheduler';
import { ServerLife } from './server-life';
import { calm, drawWeather, type Weather } from './weather';
import { Wire } from './wire';

const usernames = ['ann', 'bob', 'cid', 'dee'] as const;

/** An unnamed device, one that acknowledges, and one that names itself only. */
const devices = [
  { device: undefined, isExplicit: false, isKeyed: true },
  { device: 'desk', isExplicit: true, isKeyed: true },
  { device: 'hall', isExplicit: false, isKeyed: false },
] as const;

export class SimulatedWorld {
  readonly ledger = new Ledger();
  readonly scheduler: Scheduler;
  readonly clients: readonly Client[];
  weather: Weather;
  life: ServerLife;
  private readonly chance: Chance;
  private readonly disk: Disk;
  private readonly time = { nowMs: 1_789_000_000_000 };
  private readonly usernames: readonly string[];
  private restarts = 0;
  private wires: Wire[] = [];

  constructor(
    seed: number,
    private readonly fault: Fault,
  ) {
    this.chance = seededChance(seed);
    this.weather = drawWeather(this.chance);
    this.scheduler = new Scheduler(this.chance);
    this.disk = new Disk(this.ledger, this.weather.mailboxMessagesMax);
    this.usernames = usernames.slice(0, this.weather.accounts);
    this.settle();
    this.clients = this.usernames.flatMap((username) => devices.map((device) => this.client(username, device)));
    this.life = this.start();
  }

  /** One thing happens. */
  step(): void {
    const { activity, crash, cut, prune } = this.weather;
    const fraction = this.chance.fraction();
    if (fraction < crash) this.crash();
    else if (fraction < crash + cut) this.cut();
    else if (fraction < crash + cut + prune) this.prune();
    else if (this.scheduler.isQuiet || fraction < crash + cut + prune + activity) this.act();
    else this.scheduler.runOne();
  }

  /** From now on nothing goes wrong, and nobody does anything by itself. */
  calmDown(): void {
    this.weather = calm(this.weather);
  }

  requireKept(): void {
    this.disk.requireKept();
  }

  private settle(): void {
    const ids = this.usernames.map((name) => this.disk.createAccount(name as Username, hashOf(password)).id);
    const [first] = ids;
    const members = this.usernames.filter(() => this.chance.fraction() < 0.7) as Username[];
    if (first !== undefined) this.disk.createRoom(rooms[0] as RoomName, first, members);
  }

  private start(): ServerLife {
    const { chance, disk, fault, ledger, restarts, scheduler, time } = this;
    return new ServerLife({ chance, disk, fault, ledger, restarts, scheduler, time, weather: () => this.weather });
  }

  private client(username: string, device: (typeof devices)[number]): Client {
    return new Client({ ...device, ledger: this.ledger, username, connect: (client) => this.connect(client) });
  }

  private connect(client: Client): Wire {
    const { username, device, isExplicit } = client.options;
    const wire = new Wire(this.scheduler, this.chance, this.weather, `${username}/${device ?? ''}`);
    wire.client = client;
    this.life.accept(wire, device, isExplicit);
    this.wires = this.wires.filter((other) => !other.isGone);
    this.wires.push(wire);
    return wire;
  }

  private crash(): void {
    this.scheduler.note('world', 'the server crashes and starts again');
    this.life.crash();
    this.fault.crash?.(this.disk);
    this.disk.restart();
    this.disk.requireKept();
    this.restarts += 1;
    this.life = this.start();
  }

  private cut(): void {
    const wire = this.draw(this.wires);
    this.scheduler.note('world', wire === undefined ? 'calm' : `${wire.name} is cut`);
    wire?.cut();
  }

  /** What everybody has acknowledged, and no sender asks about any more, may go: it is kept for longer than any request
   *  takes. */
  private prune(): void {
    if ([...this.life.conversations].some((conversation) => conversation.isWaiting)) {
      this.scheduler.note('world', 'nothing is old enough to be pruned');
      return;
    }
    const log = this.draw([...this.disk.tables.messages.keys()]) as LogId;
    const floor = this.disk.floor(log);
    const unsettled = this.ledger.log(log).entries.findIndex((send) => send?.isSettled === false);
    const through = unsettled === -1 ? floor : Math.min(floor, unsettled - 1);
    this.scheduler.note('world', `log ${log} is pruned through ${through}`);
    this.disk.prune(log, (this.fault.pruneThrough?.(through) ?? through) as never);
  }

  private act(): void {
    const client = this.draw(this.clients) as Client;
    const { username, device } = client.options;
    this.scheduler.note(`${username}/${device ?? ''}`, act(client, { chance: this.chance, usernames: this.usernames }));
  }

  private draw<T>(of: readonly T[]): T | undefined {
    return of[Math.floor(this.chance.fraction() * of.length)];
  }
}
