/** A client program: some devices in one operating system process, which kills itself now and then. Started by the run,
 *  with its options as its only argument. */

import { tcp } from '../../client/core/tcp';
import { castOf } from './cast';
import { hurriedChance, hurriedClock } from './hurry';
import { type ClientProcessOptions, type FromClients, noCounts, type ToClients } from './process-messages';
import { Random } from './random';
import { TorturedDevice } from './tortured-device';
import { WireDevice } from './wire-device';

/** How long a process lives on the average. */
const lifeMs = 15_000;
const countsEveryMs = 250;
const waitingEveryMs = 2_000;

class ClientProcess {
  private readonly random: Random;
  private readonly counts = { ...noCounts };
  private readonly devices: readonly (TorturedDevice | WireDevice)[];
  private lives: Promise<void>[] = [];
  private death: NodeJS.Timeout | undefined;
  private diesAtNextMessage = false;

  constructor({ seed, life, clients, wires, devices, ports, folder }: ClientProcessOptions) {
    const cast = castOf(clients, wires);
    this.random = new Random(seed, `process ${devices[0]} life ${life}`);
    const connect = tcp({ host: '127.0.0.1', port: ports.cmap });
    const clock = hurriedClock();
    this.devices = cast.devices
      .filter(({ index }) => devices.includes(index))
      .map((device) => {
        const random = new Random(seed, `device ${device.index} life ${life}`);
        const shown = (): void => {
          if (this.diesAtNextMessage) die();
        };
        const needs = { cast, device, folder, random, counts: this.counts, shown };
        if (device.wire !== 'cmap') return new WireDevice({ ...needs, port: ports[device.wire] });
        return new TorturedDevice({ ...needs, client: { connect, clock, chance: hurriedChance(random) } });
      });
  }

  begin(): void {
    this.lives = this.devices.map((device) => device.live());
    for (const life of this.lives) life.catch(fail);
    setInterval(() => this.tellCounts(), countsEveryMs);
    // Half of the deaths come between a message's being shown and its being acknowledged.
    this.death = setTimeout(
      () => {
        if (this.random.oneIn(2)) die();
        this.diesAtNextMessage = true;
      },
      this.random.between(0, 2 * lifeMs),
    );
  }

  async obey({ kind }: ToClients): Promise<void> {
    const waiting = setInterval(() => {
      tell({ kind: 'waiting', what: this.devices.map(({ state }) => state).join('\n') });
    }, waitingEveryMs);
    if (kind === 'settle') {
      clearTimeout(this.death);
      this.diesAtNextMessage = false;
      await Promise.all(this.devices.map((device, index) => device.settle(this.lives[index] ?? Promise.resolve())));
      tell({ kind: 'settled' });
    } else {
      await Promise.all(this.devices.map((device) => device.drain()));
      this.tellCounts();
      tell({ kind: 'drained' });
    }
    clearInterval(waiting);
  }

  private tellCounts(): void {
    tell({ kind: 'counts', counts: { ...this.counts } });
    Object.assign(this.counts, noCounts);
  }
}

/** As hard as it gets: no handler runs, no buffer is flushed. */
function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
}

function tell(message: FromClients): void {
  if (process.connected) process.send?.(message);
}

/** The run sees it by the exit status and the words. */
function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}

const clients = new ClientProcess(JSON.parse(process.argv[2] ?? '') as ClientProcessOptions);
process.on('message', (message: ToClients) => clients.obey(message).catch(fail));
// The run is over, however.
process.on('disconnect', () => process.exit(0));
clients.begin();
