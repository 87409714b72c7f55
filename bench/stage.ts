/** What every workload stands on: contestants started on a fresh folder of a real disk, with a load generator beside. */

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cores } from './cores';
import { Generator } from './load/generator';
import type { Target } from './load/orders';
import type { User } from './load/wire';
import type { Options } from './options';
import type { Peer, Running } from './peers/peer';
import type { Recorder } from './recorder';
import { recipients, senders } from './users';

export interface StageOptions {
  readonly options: Options;
  readonly cores: Cores;
  readonly recorder: Recorder;
  /** On a real disk; every run makes a folder of its own in it. */
  readonly folder: string;
}

/** One contestant that runs, and its generator. */
export interface Scene {
  readonly peer: Peer;
  readonly running: Running;
  readonly generator: Generator;
  target(): Target;
}

export interface SceneOptions {
  readonly users?: readonly User[];
  readonly connectionsMax?: number;
  readonly mailboxMessagesMax?: number;
  /** Starts it in another way than the peer's own. */
  readonly start?: Peer['start'];
}

export class Stage {
  readonly options: Options;
  readonly recorder: Recorder;
  readonly cores: Cores;
  private readonly folder: string;

  constructor({ options, cores, recorder, folder }: StageOptions) {
    this.options = options;
    this.cores = cores;
    this.recorder = recorder;
    this.folder = folder;
  }

  /** Starts the contestant and a generator, has `play` use them, and ends both; the folder goes with them. What fails is
   *  a failure of the report, and the rest goes on. */
  async play(
    title: string,
    peer: Peer,
    play: (scene: Scene) => Promise<void>,
    options: SceneOptions = {},
  ): Promise<void> {
    process.stderr.write(`${title}: ${peer.name}\n`);
    const folder = this.makeFolder();
    let running: Running | undefined;
    const generator = Generator.start(this.cores.generator);
    try {
      running = await (options.start ?? ((each) => peer.start(each)))({
        folder,
        prefix: this.cores.server,
        users: options.users ?? [...senders, ...recipients],
        connectionsMax: options.connectionsMax ?? 1_000,
        mailboxMessagesMax: options.mailboxMessagesMax ?? 1_000_000,
      });
      const scene = running;
      const target = (): Target => ({ wire: peer.wire, port: scene.port, pid: scene.pid });
      await play({ peer, running: scene, generator, target });
    } catch (error) {
      this.recorder.fail(`${title} ${peer.name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await generator.stop();
      await running?.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  makeFolder(): string {
    return mkdtempSync(join(this.folder, 'run-'));
  }
}
