/** One run from its setup to its verdict. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Build } from './build';
import { type Cast, castOf } from './cast';
import { check } from './check';
import { ClientCrowd } from './client-crowd';
import { FaultProxy } from './fault-proxy';
import { killsMinIn } from './kills-min';
import { ledgerPath, readLedger } from './ledger-file';
import { type Ports, serverPorts } from './ports';
import { type Counts, noCounts, type StoreAuditOptions } from './process-messages';
import { Random } from './random';
import { Spell } from './spell';
import { audit, setUp } from './stage';
import { noTorments, type Torments, torment } from './torment';
import { TorturedServer } from './tortured-server';
import type { Verdict } from './verdict';
import type { Wire } from './wires';

/** Undelivered messages that a mailbox may hold: few, so that those of accounts that stay away fill up. */
const mailboxMessagesMax = 500;
/** How long clients may take for the answers and messages that are due when the torture is over. */
const quietMsMax = 120_000;
/** A machine may be too slow for enough kills in the time: then the torture goes on until there were, for three times as long
 *  at most, and no longer than this. */
const overtimeSecondsMax = 600;
const overtimeLookMs = 100;

export interface RunOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Devices that speak cmap, if that is among the wires. */
  readonly clients: number;
  /** What is spoken. */
  readonly wires: readonly Wire[];
  /** Where everything is kept; it exists and is empty. */
  readonly folder: string;
  /** The source of the server's program, from the root of the project. */
  readonly program: string;
}

/** What is going on, for whoever watches. */
export interface Progress {
  readonly phase: 'setting up' | 'torturing' | 'settling' | 'draining' | 'auditing' | 'checking';
  readonly secondsLeft: number;
  readonly counts: Counts;
  readonly torments: Torments;
  readonly clientKills: number;
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly torments: Torments;
  readonly clientKills: number;
  /** How long the server took to start, in milliseconds; without those starts that a kill cut short. */
  readonly startMs: readonly number[];
}

/** Something ended, or did not come to its end, that should: the run proves nothing. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
}

/** Makes of whatever went wrong a failure of the run. */
function failTo(what: string): (error: unknown) => never {
  return (error) => {
    throw new RunFailure(`the server could not ${what}: ${error instanceof Error ? error.message : error}`);
  };
}

export class Run {
  private readonly torments: Torments = { ...noTorments };
  private readonly spells: Spell[] = [];
  private readonly build: Build;
  private readonly cast: Cast;
  private server: TorturedServer | undefined;
  private crowd: ClientCrowd | undefined;
  private phase: Progress['phase'] = 'setting up';
  private endsAt = 0;
  private fail: (error: RunFailure) => void = () => {};
  private readonly failed: Promise<never>;

  constructor(private readonly options: RunOptions) {
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => {});
    this.cast = castOf(options.clients, options.wires);
    this.build = Build.into(join(options.folder, 'build'), options.program);
  }

  get progress(): Progress {
    const { phase, crowd } = this;
    const secondsLeft = phase === 'torturing' ? Math.max(0, (this.endsAt - performance.now()) / 1_000) : 0;
    const counts = crowd?.counts ?? noCounts;
    return { phase, secondsLeft, counts, torments: this.torments, clientKills: crowd?.kills ?? 0 };
  }

  /** Ends the torture before its time; the rest of the run goes on. */
  cutShort(): void {
    for (const spell of this.spells) spell.end();
  }

  /** Ends every process that is still there, at once. */
  abandon(): void {
    this.crowd?.end();
    void this.server?.kill();
  }

  /** @throws RunFailure */
  async run(): Promise<Outcome> {
    const ports = await serverPorts();
    const proxies = new Map<Wire, FaultProxy>();
    for (const wire of this.options.wires) {
      proxies.set(wire, await FaultProxy.listen({ target: ports[wire], keepsRequests: wire === 'classic' }));
    }
    const server = this.serverOn(ports);
    this.server = server;
    try {
      return await Promise.race([this.play(server, ports, proxies), this.failed]);
    } finally {
      this.cutShort();
      this.crowd?.end();
      for (const proxy of proxies.values()) await proxy.close();
      await server.kill();
    }
  }

  private serverOn(ports: Ports): TorturedServer {
    const { folder, program, wires } = this.options;
    const died = (how: string): void =>
      this.fail(new RunFailure(`the server ended by itself, with ${how}; see server.log`));
    const built = this.build.programOf(program);
    return new TorturedServer({ folder, program: built, ports, wires, mailboxMessagesMax, died });
  }

  private async play(server: TorturedServer, ports: Ports, proxies: ReadonlyMap<Wire, FaultProxy>): Promise<Outcome> {
    const { cast } = this;
    const { folder } = this.options;
    server.start();
    await server.ready();
    await setUp({ cast, ports, folder }).catch(failTo('be set up'));
    const crowd = this.gather(ports, proxies);
    crowd.start();
    await this.torment(server, proxies);
    await server.ready();
    this.phase = 'settling';
    await this.within(crowd.settle(), 'to have an answer to every send');
    this.phase = 'draining';
    await this.within(crowd.drain(), 'to have every message');
    crowd.end();
    this.phase = 'auditing';
    await audit({ cast, ports, folder }).catch(failTo('be audited'));
    await server.kill();
    await this.auditStore();
    this.phase = 'checking';
    const verdict = check(cast, ({ index }) => readLedger(ledgerPath(folder, index)));
    return { verdict, torments: this.torments, clientKills: crowd.kills, startMs: server.startMs };
  }

  /** The clients, which know the proxies for the server. */
  private gather(ports: Ports, proxies: ReadonlyMap<Wire, FaultProxy>): ClientCrowd {
    const { cast } = this;
    const { clients, wires, folder, seed } = this.options;
    const program = this.build.programOf('tests/torture/client-process.ts');
    const random = new Random(seed, 'crowd');
    const reached = { ...ports };
    for (const [wire, proxy] of proxies) reached[wire] = proxy.port;
    const crowd = new ClientCrowd({ seed, clients, wires, folder, program, ports: reached, random, cast });
    this.crowd = crowd;
    crowd.failed.catch((error: Error) => this.fail(new RunFailure(`${error.message}; see clients.log`)));
    return crowd;
  }

  private async auditStore(): Promise<void> {
    const { clients, wires, folder } = this.options;
    if (!wires.includes('chatbot')) return;
    const options: StoreAuditOptions = { clients, wires, folder };
    const program = this.build.programOf('tests/torture/store-audit.ts');
    await promisify(execFile)(process.execPath, [program, JSON.stringify(options)]).catch(
      failTo('leave a database to audit'),
    );
  }

  private async torment(server: TorturedServer, proxies: ReadonlyMap<Wire, FaultProxy>): Promise<void> {
    const { seconds, seed } = this.options;
    this.phase = 'torturing';
    this.endsAt = performance.now() + seconds * 1_000;
    const lastMs = this.endsAt + Math.min(3 * seconds, overtimeSecondsMax) * 1_000;
    let timer: NodeJS.Timeout | undefined;
    const end = (): void => {
      if (this.torments.kills >= killsMinIn(seconds) || performance.now() >= lastMs) this.cutShort();
      else timer = setTimeout(end, overtimeLookMs);
    };
    timer = setTimeout(end, seconds * 1_000);
    const spell = (): Spell => {
      const begun = new Spell();
      this.spells.push(begun);
      return begun;
    };
    const random = (stream: string): Random => new Random(seed, stream);
    await torment({ server, proxies, random, torments: this.torments, spell });
    clearTimeout(timer);
  }

  /** @throws RunFailure when it takes too long: then something is missing that will not come any more */
  private async within(done: Promise<void>, what: string): Promise<void> {
    const timeout = new AbortController();
    const late = pause(quietMsMax, 'late', { signal: timeout.signal }).catch(() => 'late');
    const result = await Promise.race([done, late]);
    timeout.abort();
    if (result !== 'late') return;
    throw new RunFailure(`the clients waited ${quietMsMax / 1_000} s in vain ${what}:\n${this.crowd?.waitsFor}`);
  }
}
