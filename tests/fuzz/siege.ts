/** One server under attack, with people in it who behave well, and somebody who watches. */

import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { Attack, type AttackReport } from './attacker';
import type { Descriptors, InspectedServer, Memory } from './inspected-server';
import type { Target } from './script';
import type { Pair } from './voice';
import { startEveryThread } from './warm-up';
import { type PingTimes, Watchdog, worseOf } from './watchdog';

export interface SiegeNeeds {
  readonly server: InspectedServer;
  readonly pairs: readonly Pair[];
  readonly targets: readonly Target[];
  readonly seed: number;
}

/** What an attack has come to. */
export interface Outcome extends AttackReport {
  readonly isServerThere: boolean;
  readonly complaints: readonly string[];
  /** More than before; of a wire that is given time only at the end of the round, none. */
  readonly connectionsLeft: number;
}

/** What the server holds after the last round that it did not hold after the first. */
export interface Growth {
  readonly heapGrowthBytes: number;
  readonly residentGrowthBytes: number;
  /** The kinds of file descriptors that there are more of, and how many more. */
  readonly descriptorGrowth: ReadonlyMap<string, number>;
}

/** How long closed connections and messages on their way are waited for: many times as long as they take. */
const settleMs = 90_000;
const settlePollMs = 20;
/** How long one is waited for that HTTP/2 has given up, or that only the server's keep-alive ends: 60 s until it asks, 20 s
 *  for an answer, on a machine that does nothing else. */
const lateMs = 240_000;
const mebibyte = 2 ** 20;

export class Siege {
  worstPing: PingTimes = { elapsedMs: 0, workMs: 0 };
  private readonly numbers = new Map<string, number>();
  private readonly memories: Memory[] = [];

  private constructor(
    private readonly needs: SiegeNeeds,
    private readonly watchdog: Watchdog,
    /** Connections by port. */
    private readonly before: ReadonlyMap<number, number>,
    private readonly socketsBefore: number,
  ) {}

  static async lay(needs: SiegeNeeds): Promise<Siege> {
    const { server, pairs } = needs;
    await startEveryThread(server);
    const watchdog = await Watchdog.start(server.process, () => {
      for (const pair of pairs) pair.beat();
    });
    const before = new Map(needs.targets.map(({ port }) => [port, server.connectionStates(port).length]));
    return new Siege(needs, watchdog, before, server.sockets());
  }

  get pings(): number {
    return this.watchdog.pings;
  }

  async attack(name: string, framesMin: number): Promise<Outcome> {
    const { server, targets, seed } = this.needs;
    const target = targets.find((each) => each.name === name);
    if (target === undefined) throw new Error(`no target ${name}`);
    const begun = performance.now();
    const isCalm = (): boolean => server.isThere && server.complaints().length === 0;
    const firstNumber = this.numbers.get(name) ?? 0;
    const attack = new Attack({ target, seed, framesMin, firstNumber, isServerThere: isCalm });
    const report = await attack.run();
    this.numbers.set(name, firstNumber + report.connections);
    const seconds = (performance.now() - begun) / 1_000;
    const isLate = target.closePatienceMs !== undefined;
    const left = await this.connectionsLeft(target.port, isLate ? 0 : settleMs);
    const memory = await server.memory();
    this.tellAbout(name, report, memory, seconds, left);
    const complaints = server.complaints().slice(0, 5);
    return { ...report, isServerThere: server.isThere, complaints, connectionsLeft: isLate ? 0 : left };
  }

  /** Resolves with what is left over once each wire has had all the time that it may need: how many sockets more than
   *  before the first round, and the states that the kernel has the connections of each port in. Sockets and not
   *  connections are waited for: the kernel's list has no connection that the peer reset before the server looked, and may
   *  miss others while it changes. */
  async endRound(): Promise<string[]> {
    const { server } = this.needs;
    const left = (): number => (server.isThere ? server.sockets() - this.socketsBefore : 0);
    const count = await settled(left, lateMs);
    const memory = await server.memory();
    this.memories.push(memory);
    process.stdout.write(`fuzz: round ${this.memories.length} is through; ${held(memory)}\n`);
    return count === 0 ? [] : [`${count} sockets`, ...this.statesByTargets()];
  }

  growth(): Growth {
    const [first, last] = [this.memories.at(0), this.memories.at(-1)];
    if (first === undefined || last === undefined || first === last) throw new Error('there were no two rounds');
    return {
      heapGrowthBytes: last.heapBytes - first.heapBytes,
      residentGrowthBytes: last.residentBytes - first.residentBytes,
      descriptorGrowth: grown(first.descriptors, last.descriptors),
    };
  }

  /** What every pair has said and heard, once nothing is under way. */
  async accounts(): Promise<{ wire: string; heard: readonly number[][]; said: readonly number[][] }[]> {
    await this.watchdog.stop();
    const quiet = Promise.all(this.needs.pairs.map((pair) => pair.quiet()));
    const patience = new AbortController();
    const late = setTimeout(settleMs, undefined, { signal: patience.signal }).catch(() => undefined);
    // What has not arrived then is told by the accounts.
    await Promise.race([quiet, late]);
    patience.abort();
    return this.needs.pairs.map((pair) => ({ wire: pair.wire, ...pair.account }));
  }

  async lift(): Promise<void> {
    for (const pair of this.needs.pairs) pair.close();
    await this.needs.server.stop();
  }

  /** Connections to a port more than before, once there are none or they have had time to go. */
  private connectionsLeft(port: number, patienceMs: number): Promise<number> {
    const { server } = this.needs;
    const before = this.before.get(port) ?? 0;
    return settled(() => (server.isThere ? server.connectionStates(port).length - before : 0), patienceMs);
  }

  private statesByTargets(): string[] {
    const { server, targets } = this.needs;
    return [...this.before.keys()].map((port) => {
      const names = targets.filter((target) => target.port === port).map(({ name }) => name);
      return `${names}: states ${server.connectionStates(port)}`;
    });
  }

  private tellAbout(name: string, report: AttackReport, memory: Memory, seconds: number, left: number): void {
    const worst = this.watchdog.takeWorst();
    this.worstPing = worseOf(this.worstPing, worst);
    const { frames, connections, bytesWritten, bytesRead } = report;
    const parts = [
      `fuzz: ${name.padEnd(11)} ${frames} frames, ${connections} connections, ${seconds.toFixed(1)} s`,
      `${inMebibytes(bytesWritten)} out, ${inMebibytes(bytesRead)} in`,
      `${left} connections left, ${held(memory)}`,
      `worst ping ${worst.elapsedMs.toFixed(0)} ms, ${worst.workMs} ms of them work`,
    ];
    process.stdout.write(`${parts.join('; ')}\n`);
  }
}

/** What is still left once it has had its time; 0 as soon as there is nothing left. */
async function settled(left: () => number, patienceMs: number): Promise<number> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const now = left();
    if (now <= 0) return 0;
    if (performance.now() >= deadline) return now;
    await setTimeout(settlePollMs);
  }
}

function grown(before: Descriptors, after: Descriptors): Map<string, number> {
  const differences = [...after].map(([kind, count]) => [kind, count - (before.get(kind) ?? 0)] as const);
  return new Map(differences.filter(([, difference]) => difference > 0));
}

function held({ descriptors, heapBytes, residentBytes }: Memory): string {
  return `${sum(descriptors)} descriptors, heap ${inMebibytes(heapBytes)}, resident ${inMebibytes(residentBytes)}`;
}

function sum(descriptors: Descriptors): number {
  return [...descriptors.values()].reduce((total, count) => total + count, 0);
}

function inMebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}
