/** Three accounts with two devices each and a room, in a world whose every event the model looks at. */

import { type AccountId, mailboxOf, type Seq } from '../../server/core/ports';
import type { Session } from '../../server/core/session';
import { bounds } from '../../shared/limits';
import type { DestinationName, RoomName, Username } from '../../shared/names';
import { DeliveryModel, require } from './delivery-model';
import { deviceNames, ModelledDevice } from './modelled-device';
import { quiet } from './quiet';
import { RecordingOutlet } from './recording-outlet';
import { loginOptions, type Outcome, World } from './world';

export const accountNames = ['alice', 'bob', 'carol'] as const;
export const room = '#den' as RoomName;

export class ModelledWorld {
  readonly world = new World({ autoCommit: false, sessionsPerAccountMax: deviceNames.length });
  readonly devices: readonly ModelledDevice[];
  private readonly model = new DeliveryModel();
  private readonly posted: { outcome: Outcome }[] = [];
  private readonly violations: unknown[] = [];

  /** Without lost nudges a live session gets everything without asking for it. */
  constructor(private readonly options: { readonly mayLoseNudges: boolean }) {
    for (const name of accountNames) this.world.account(name);
    const { tables } = this.world.store;
    tables.createRoom(room, tables.named('alice' as Username).id, ['bob', 'carol'] as Username[]);
    this.devices = accountNames.flatMap((account) =>
      deviceNames.map((name) => new ModelledDevice(this.model, account, name)),
    );
  }

  send({ session }: ModelledDevice, to: string): void {
    if (session === undefined) return;
    const posted: { outcome: Outcome } = { outcome: undefined };
    const text = `message ${this.posted.push(posted)}`;
    const settle = (outcome: Outcome): void => {
      require(posted.outcome === undefined, `${text} was answered twice`);
      posted.outcome = outcome;
    };
    const { name: from } = session.account;
    this.world.chat.messages.send({
      session,
      to,
      key: undefined,
      body: new TextEncoder().encode(text),
      ticket: {
        sent: (result) =>
          this.watch(() => {
            settle(result);
            this.model.stored(result.to, result.seq, { from, text });
          }),
        failed: ({ code }) => this.watch(() => settle(code)),
      },
    });
  }

  /** Begins a login over a new connection; it goes on by itself. With `isBeyond` it takes no burst. */
  logIn(device: ModelledDevice, { outboxBytesMax, isBeyond }: { outboxBytesMax: number; isBeyond: boolean }): void {
    if (device.session !== undefined || device.isBusy) return;
    device.outlet = new RecordingOutlet();
    device.outlet.outboxBytesMax = outboxBytesMax;
    device.outlet.onTold = (told) => this.watch(() => device.observe(told));
    void this.goOn(device, () => this.open(device, isBeyond));
  }

  /** The connection stays, and what was written to it is still taken. */
  logOut(device: ModelledDevice): void {
    device.session?.end();
    device.flush();
    device.session = undefined;
  }

  lose(device: ModelledDevice): void {
    device.outlet.lose();
    device.session = undefined;
  }

  deliver(device: ModelledDevice): void {
    const { session } = device;
    if (session === undefined || device.isBusy) return;
    void this.goOn(device, async () => {
      await this.world.deliver({ session, account: session.account, outlet: device.outlet });
    });
  }

  /** Acknowledges a log up to `back` before the last message that it was given. */
  acknowledge(device: ModelledDevice, log: string, back: number): void {
    const seq = (device.furthest(log) ?? 0) - back;
    if (device.session === undefined || !device.isExplicit || seq <= 0) return;
    device.acknowledged(log, seq);
    device.session.acknowledge(log as DestinationName, seq as Seq);
  }

  loseNudge(): void {
    if (this.options.mayLoseNudges) this.world.bus.loseNext();
  }

  /** @throws what the model did not allow so far */
  requireNoViolation(): void {
    if (this.violations.length > 0) throw this.violations[0];
  }

  /** Lets everything come to its end, with every device logged in: no more failures, and readers as fast as may be. */
  async drain(): Promise<void> {
    const { bus, store, clock } = this.world;
    store.recover();
    store.autoCommit = true;
    store.commit();
    bus.release();
    await this.readOn();
    clock.advance(bounds.readRetryMs);
    await this.readOn();
    for (const device of this.devices) {
      const mayLack = this.options.mayLoseNudges || device.isBeyond;
      this.logIn(device, { outboxBytesMax: Number.POSITIVE_INFINITY, isBeyond: false });
      if (mayLack) this.deliver(device);
    }
    await this.readOn();
  }

  /** @throws Error when a message, an answer or a device is missing; after {@link ModelledWorld.drain} */
  requireEverythingDelivered(): void {
    this.requireNoViolation();
    for (const { outcome } of this.posted) require(outcome !== undefined, 'a send was never answered');
    for (const { account, name, session, isBusy } of this.devices) {
      require(session !== undefined && !isBusy, `${account} ${name} is stuck`);
      for (const log of [account, room]) this.model.requireComplete(account, name, log);
    }
  }

  private async readOn(): Promise<void> {
    await quiet();
    const isWaiting = ({ session, outlet }: ModelledDevice): boolean => session !== undefined && outlet.outboxBytes > 0;
    while (this.devices.some(isWaiting)) {
      for (const device of this.devices) device.flush();
      await quiet();
    }
  }

  private async open(device: ModelledDevice, isBeyond: boolean): Promise<void> {
    const { account, name, outlet, isExplicit } = device;
    const options = { ...loginOptions(account, outlet), device: name, explicitAck: isExplicit };
    const session = await this.world.chat.accounts.login(options);
    if (session === undefined) return;
    const id = session.account.id;
    const cursors = new Map([account, room].map((log) => [log, this.storedCursor(id, name, log)]));
    device.begin(session, cursors);
    try {
      if (!isBeyond) await this.world.deliver({ session, account: session.account, outlet });
      else await this.goLiveBeyond(device, session);
    } catch (error) {
      this.logOut(device);
      throw error;
    }
  }

  private async goLiveBeyond(device: ModelledDevice, session: Session): Promise<void> {
    device.goesBeyond();
    await session.goLiveBeyondBacklog();
    const { tables } = this.world.store;
    device.isLive((log) => tables.head(log === room ? tables.namedRoom(room).log : mailboxOf(session.account.id)));
  }

  private async goOn(device: ModelledDevice, action: () => Promise<void>): Promise<void> {
    device.isBusy = true;
    try {
      await action();
    } catch (error) {
      // A store that fails is part of the game.
      if ((error as { code?: string }).code !== 'store_failed') this.violations.push(error);
    }
    device.isBusy = false;
  }

  private storedCursor(account: AccountId, device: string, log: string): number {
    const { tables } = this.world.store;
    const id = log === room ? tables.namedRoom(room).log : mailboxOf(account);
    return tables.existing(account).cursors.get(device)?.get(id) as number;
  }

  /** The core would take an error for a failure of its own. */
  private watch(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.violations.push(error);
    }
  }
}
