/** Everything that is done to the server and the network during a run, at random moments drawn from the seed. */

import type { FaultProxy, ProxiedLink } from './fault-proxy';
import type { Random } from './random';
import type { Spell } from './spell';
import type { TorturedServer } from './tortured-server';
import type { Wire } from './wires';

/** What was done, counted. */
export interface Torments {
  kills: number;
  /** Kills of a server that was not listening yet. */
  killsWhileStarting: number;
  stops: number;
  cuts: number;
  delays: number;
  halfOpen: number;
  trickles: number;
}

export const noTorments: Readonly<Torments> = {
  kills: 0,
  killsWhileStarting: 0,
  stops: 0,
  cuts: 0,
  delays: 0,
  halfOpen: 0,
  trickles: 0,
};

/** Between two faults of a wire's connections: few connections have fewer faults than cmap's many. */
const otherWiresPauseMsMax = 1_600;

export interface TormentNeeds {
  readonly server: TorturedServer;
  /** One for each wire. */
  readonly proxies: ReadonlyMap<Wire, FaultProxy>;
  /** Gives a source of random numbers for one of the torments. */
  readonly random: (stream: string) => Random;
  readonly torments: Torments;
  /** The end of it all. */
  readonly spell: () => Spell;
}

/** Torments until the spells are over. The server is running afterwards, and may still be starting. */
export async function torment(needs: TormentNeeds): Promise<void> {
  const { proxies } = needs;
  const disturbing = [...proxies].map(([wire, proxy]) => disturbConnections(needs, wire, proxy));
  await Promise.all([killAgainAndAgain(needs), stopNowAndThen(needs), ...disturbing]);
  for (const proxy of proxies.values()) for (const link of proxy.links) link.restore();
}

/** A kill at least every two seconds, unless the machine is so busy that the server is not up in time: then it is left for
 *  about as long as it took to start, or all it ever did would be to start. */
async function killAgainAndAgain({ server, random: source, torments, spell: begin }: TormentNeeds): Promise<void> {
  const random = source('kills');
  const spell = begin();
  while (!spell.over) {
    const startedAt = performance.now();
    // Now and then it is killed before it listens, while it opens what the last kill has left.
    if (random.oneIn(10)) {
      await spell.wait(random.between(50, 500));
    } else {
      const rest = random.between(900, 1_900);
      await server.ready();
      const left = startedAt + rest - performance.now();
      await spell.wait(left > 0 ? left : random.between(50, Math.min(1_500, performance.now() - startedAt)));
    }
    if (spell.over) return;
    torments.kills += 1;
    if (!server.isReady) torments.killsWhileStarting += 1;
    await server.kill();
    server.start();
  }
}

async function stopNowAndThen({ server, random: source, torments, spell: begin }: TormentNeeds): Promise<void> {
  const random = source('stops');
  const spell = begin();
  for (;;) {
    await spell.wait(random.between(500, 6_000));
    if (spell.over) return;
    torments.stops += 1;
    server.stop();
    await spell.wait(random.between(20, 1_500));
    // A server that was killed meanwhile has a successor, which was not stopped.
    server.continue();
  }
}

async function disturbConnections(
  { random: source, torments, spell: begin }: TormentNeeds,
  wire: Wire,
  proxy: FaultProxy,
): Promise<void> {
  const random = source(`connections of ${wire}`);
  const spell = begin();
  for (;;) {
    await spell.wait(random.between(0, wire === 'cmap' ? 400 : otherWiresPauseMsMax));
    if (spell.over) return;
    const { links } = proxy;
    if (links.length > 0) disturb(random.pick(links), random, torments);
  }
}

function disturb(link: ProxiedLink, random: Random, torments: Torments): void {
  const kind = random.whole(1, 10);
  if (kind <= 4) {
    torments.cuts += 1;
    if (kind <= 1) link.drop();
    // In the middle of a line, most likely.
    else (kind <= 2 ? link.up : link.down).cut(random.whole(0, 300));
  } else if (kind <= 7) {
    torments.delays += 1;
    link.hold();
    setTimeout(() => link.release(), random.between(20, random.oneIn(4) ? 8_000 : 800)).unref();
  } else if (kind <= 8) {
    torments.halfOpen += 1;
    link.loseHalfOpen();
    setTimeout(() => link.restore(), random.between(1_000, 15_000)).unref();
  } else {
    torments.trickles += 1;
    link.up.trickleBytes += random.whole(1, 2_000);
    link.down.trickleBytes += random.whole(1, 2_000);
  }
}
