/** The client processes of a run: started, started again when they have killed themselves, and led to the end. */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Cast } from './cast';
import { type ClientProcessOptions, type Counts, type FromClients, noCounts, type ToClients } from './process-messages';
import type { Random } from './random';

/** Devices in one process. */
const devicesPerProcess = 4;
/** A process that was killed is started again within this. */
const restartMsMax = 1_500;

export interface ClientCrowdOptions
  extends Pick<ClientProcessOptions, 'seed' | 'clients' | 'wires' | 'ports' | 'folder'> {
  /** The clients' program, for node. */
  readonly program: string;
  readonly random: Random;
  readonly cast: Cast;
}

type Phase = 'living' | 'settle' | 'drain' | 'over';

export class ClientCrowd {
  /** What all processes have told, added up: a lower bound, since those that were killed tell no more. */
  readonly counts: Counts = { ...noCounts };
  /** How often a process killed itself. */
  kills = 0;
  private readonly members: readonly Member[];
  private phase: Phase = 'living';
  private waitingFor: (() => void) | undefined;
  private fail: (error: Error) => void = () => {};
  /** Rejects when a process ends in any other way than by killing itself; never resolves. */
  readonly failed: Promise<never>;

  constructor(private readonly options: ClientCrowdOptions) {
    this.members = options.wires.flatMap((wire) => {
      const devices = options.cast.devices.filter((device) => device.wire === wire && !device.isAuditor);
      const processes = Math.ceil(devices.length / devicesPerProcess);
      // Round robin: the two devices of an account are not killed together.
      return Array.from({ length: processes }, (_, first) => ({
        devices: devices.filter((_device, place) => place % processes === first).map(({ index }) => index),
        child: undefined,
        lives: 0,
        isDone: false,
        waitsFor: '',
      }));
    });
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => {});
  }

  start(): void {
    for (const member of this.members) this.startOne(member);
  }

  /** Everybody stops sending, and no process kills itself any more. Resolves when every send has its answer. */
  settle(): Promise<void> {
    return this.lead('settle');
  }

  /** Resolves when every device has everything. */
  drain(): Promise<void> {
    return this.lead('drain');
  }

  /** What those are waiting for that are not done. */
  get waitsFor(): string {
    return this.members
      .filter(({ isDone }) => !isDone)
      .map(({ waitsFor }) => waitsFor)
      .join('\n');
  }

  /** Ends every process, however it is. */
  end(): void {
    this.phase = 'over';
    for (const { child } of this.members) child?.kill('SIGKILL');
  }

  private lead(phase: 'settle' | 'drain'): Promise<void> {
    this.phase = phase;
    for (const member of this.members) {
      member.isDone = false;
      tell(member, { kind: phase });
    }
    return new Promise((resolve) => {
      this.waitingFor = resolve;
    });
  }

  private startOne(member: Member): void {
    if (this.phase === 'over') return;
    const { seed, clients, wires, ports, folder, program } = this.options;
    const { devices, lives: life } = member;
    const options: ClientProcessOptions = { seed, clients, wires, ports, folder, devices, life };
    member.lives += 1;
    const log = openSync(join(folder, 'clients.log'), 'a');
    const child = spawn(process.execPath, [program, JSON.stringify(options)], {
      // A Ctrl-C at the terminal is for the run alone.
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    member.child = child;
    child.on('message', (message: FromClients) => this.heard(member, message));
    child.once('exit', (code, signal) => this.ended(member, signal ?? `status ${code}`));
    if (this.phase !== 'living') tell(member, { kind: 'settle' });
  }

  private ended(member: Member, how: string): void {
    member.child = undefined;
    if (this.phase === 'over') return;
    if (how !== 'SIGKILL' || this.phase === 'drain') {
      this.fail(new Error(`the client process of devices ${member.devices.join(', ')} ended by itself, with ${how}`));
      return;
    }
    this.kills += 1;
    setTimeout(() => this.startOne(member), this.options.random.between(0, restartMsMax));
  }

  private heard(member: Member, message: FromClients): void {
    switch (message.kind) {
      case 'counts':
        for (const key of Object.keys(noCounts) as (keyof Counts)[]) this.counts[key] += message.counts[key];
        break;
      case 'waiting':
        member.waitsFor = message.what;
        break;
      case 'settled':
      case 'drained':
        member.isDone = true;
        if (this.members.every(({ isDone }) => isDone)) this.waitingFor?.();
    }
  }
}

interface Member {
  readonly devices: readonly number[];
  child: ChildProcess | undefined;
  lives: number;
  isDone: boolean;
  waitsFor: string;
}

function tell({ child }: Member, message: ToClients): void {
  // One that dies just now is told nothing more.
  if (child?.connected) child.send(message, () => {});
}
