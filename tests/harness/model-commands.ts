/** What may happen in the modelled world, as data that fast-check makes and shrinks. */

import fc from 'fast-check';
import type { ModelledDevice } from './modelled-device';
import { accountNames, type ModelledWorld, room } from './modelled-world';
import { quiet } from './quiet';
import type { ReadName } from './reference-store';

const device = fc.nat({ max: 5 });
const heldReads = ['read', 'backlog', 'heads', 'count', 'subscriptions'] as const satisfies ReadName[];
const failedReads = ['find', ...heldReads] as const satisfies ReadName[];

function kind<K extends string, F extends object>(name: K, facts: { [P in keyof F]: fc.Arbitrary<F[P]> }) {
  return fc.record(facts).map((given) => ({ kind: name, ...(given as F) }));
}

/** Commits, logins and sends are what most of a run should be made of. */
export const command = fc.oneof(
  { arbitrary: kind('send', { device, to: fc.constantFrom(...accountNames, room) }), weight: 6 },
  { arbitrary: kind('commit', {}), weight: 6 },
  {
    arbitrary: kind('login', { device, outboxBytesMax: fc.constantFrom(1, 25, 1_000), isBeyond: fc.boolean() }),
    weight: 5,
  },
  { arbitrary: kind('flush', { device }), weight: 4 },
  { arbitrary: kind('ack', { device, inRoom: fc.boolean(), back: fc.nat({ max: 2 }) }), weight: 4 },
  { arbitrary: kind('deliver', { device }), weight: 2 },
  { arbitrary: kind('logout', { device }), weight: 1 },
  { arbitrary: kind('lose', { device }), weight: 1 },
  { arbitrary: kind('failCommit', {}), weight: 1 },
  { arbitrary: kind('failRead', { name: fc.constantFrom(...failedReads) }), weight: 1 },
  { arbitrary: kind('hold', { name: fc.constantFrom(...heldReads) }), weight: 1 },
  { arbitrary: kind('release', { name: fc.constantFrom(...heldReads) }), weight: 2 },
  { arbitrary: kind('loseNudge', {}), weight: 1 },
  { arbitrary: kind('holdNudges', {}), weight: 1 },
  { arbitrary: kind('releaseNudges', {}), weight: 2 },
  { arbitrary: kind('advance', { byMs: fc.constantFrom(30, 1_000) }), weight: 2 },
);

export type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** Carries one out, lets everything that follows from it happen, and looks whether the model allows it. */
export async function apply(world: ModelledWorld, it: Command): Promise<void> {
  const { bus, store, clock } = world.world;
  const by = 'device' in it ? (world.devices[it.device] as ModelledDevice) : undefined;
  if (by !== undefined) actOn(world, by, it);
  else if (it.kind === 'commit') store.commit();
  else if (it.kind === 'failCommit') store.failNextCommit();
  else if (it.kind === 'failRead') store.failNextRead(it.name);
  else if (it.kind === 'hold') store.gate(it.name).close();
  else if (it.kind === 'release') store.gate(it.name).open();
  else if (it.kind === 'loseNudge') world.loseNudge();
  else if (it.kind === 'holdNudges') bus.hold();
  else if (it.kind === 'releaseNudges') bus.release();
  else if (it.kind === 'advance') clock.advance(it.byMs);
  await quiet();
  world.requireNoViolation();
}

function actOn(world: ModelledWorld, by: ModelledDevice, it: Command): void {
  if (it.kind === 'send') world.send(by, it.to);
  else if (it.kind === 'login') world.logIn(by, it);
  else if (it.kind === 'flush') by.flush();
  else if (it.kind === 'ack') world.acknowledge(by, it.inRoom ? room : by.account, it.back);
  else if (it.kind === 'deliver') world.deliver(by);
  else if (it.kind === 'logout') world.logOut(by);
  else if (it.kind === 'lose') world.lose(by);
}
