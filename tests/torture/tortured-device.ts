/** What one device does all along: come, send, receive, go away for a while, come back. */

import type { ChatClient } from '../../client/core/api';
import { RequestFailure } from '../../client/core/failures';
import { bodyOf, nameAt } from './body';
import { Destinations } from './destinations';
import { clientOf, type EntranceNeeds, enter, ignoreLost } from './entrance';
import type { Counts } from './process-messages';
import type { Random } from './random';
import { Screen } from './screen';
import { Spell } from './spell';
import { alphabets } from './wires';

/** Sends that may be without an answer before a device waits. */
const unansweredMax = 256;
/** Sends of one turn, at most. */
const burstMax = 56;
const burstPauseMsMax = 800;
/** Logins with which a device has to have everything. */
const drainLoginsMax = 10;

export interface TorturedDeviceNeeds extends EntranceNeeds {
  readonly random: Random;
  /** What happened, added up. */
  readonly counts: Counts;
  /** A message was shown and is not acknowledged yet: a good moment to die. */
  readonly shown: () => void;
}

export class TorturedDevice {
  private readonly screen: Screen;
  private readonly destinations: Destinations;
  private client: ChatClient | undefined;
  private spell = new Spell();
  private isSettling = false;
  private unanswered = 0;
  private lastFailure = '';

  constructor(private readonly needs: TorturedDeviceNeeds) {
    this.screen = new Screen(needs);
    this.destinations = new Destinations(needs.cast, needs.device, needs.random);
  }

  /** What it is waiting for, for when it does not get it. */
  get state(): string {
    const { index } = this.needs.device;
    return `device ${index}: ${this.client?.connected ? 'connected' : 'not connected'}, ${this.unanswered} sends unanswered, last failure: ${this.lastFailure || 'none'}`;
  }

  /** Comes and goes until {@link TorturedDevice.settle} is called. */
  async live(): Promise<void> {
    const { random, device, cast } = this.needs;
    const isSleeper = cast.accounts[device.account]?.isSleeper === true;
    while (!this.isSettling) {
      await this.stay(random.between(500, 12_000));
      if (this.isSettling) return;
      await this.leave();
      this.spell = new Spell();
      const away = random.oneIn(3) ? 0 : isSleeper ? random.between(5_000, 25_000) : random.between(100, 4_000);
      if (!this.isSettling) await this.spell.wait(away);
    }
  }

  /** Ends whatever it is at. Resolves when every send has its answer. */
  async settle(living: Promise<void>): Promise<void> {
    this.isSettling = true;
    this.spell.end();
    await living;
    for (;;) {
      await this.leave();
      const client = this.come();
      const isOver = new Promise<false>((resolve) => client.once('loggedOut', () => resolve(false)));
      await enter(
        this.needs,
        client,
        () => false,
        (failure) => this.note(failure),
      );
      if ((await Promise.race([client.settled().then(() => true), isOver])) !== false) return;
    }
  }

  /** Logs in until the server has nothing undelivered for it any more.
   *  @throws Error when it still has after {@link drainLoginsMax} logins */
  async drain(): Promise<void> {
    let undelivered: number | undefined = 1;
    for (let login = 0; undelivered !== 0; login++) {
      if (login === drainLoginsMax) throw new Error(`${this.state}; still ${undelivered} undelivered`);
      await this.leave();
      undelivered = await enter(
        this.needs,
        this.come(),
        () => false,
        (failure) => this.note(failure),
      );
    }
    await this.leave();
    this.screen.close();
  }

  /** One visit of so many milliseconds, or shorter when the session ends before. */
  private async stay(milliseconds: number): Promise<void> {
    const spell = new Spell();
    this.spell = spell;
    const client = this.come();
    client.once('loggedOut', (reason) => {
      this.note(reason);
      spell.end();
    });
    const entered = await enter(
      this.needs,
      client,
      () => spell.over,
      (failure) => this.note(failure),
    );
    if (entered === undefined) return;
    const until = performance.now() + milliseconds;
    while (!spell.over && performance.now() < until) {
      this.sendBurst(client);
      await spell.wait(this.needs.random.between(0, burstPauseMsMax));
    }
    spell.end();
  }

  private come(): ChatClient {
    const { counts, shown } = this.needs;
    const client = clientOf(this.needs, this.screen.seen);
    client.on('message', (message) => {
      const { to, at, ...rest } = message;
      this.screen.show({ ...rest, log: to, at: at.getTime() });
      counts.shown += 1;
      shown();
    });
    client.on('resent', (_to, body, outcome) => {
      const { number = 0 } = nameAt(body) ?? {};
      if (outcome.kind === 'stored') this.acknowledged(number, outcome.receipt.seq);
      else this.refused(number, outcome.failure);
    });
    client.on('journalFailed', (reason) => {
      throw new Error(`the journal of device ${this.needs.device.index}: ${reason}`);
    });
    this.client = client;
    return client;
  }

  private async leave(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.close();
  }

  private sendBurst(client: ChatClient): void {
    const count = Math.min(this.needs.random.whole(1, burstMax), unansweredMax - this.unanswered);
    for (let sent = 0; sent < count; sent++) void this.send(client);
  }

  private async send(client: ChatClient): Promise<void> {
    const log = this.destinations.draw();
    const number = this.screen.sending(log);
    this.unanswered += 1;
    this.needs.counts.sent += 1;
    try {
      const body = bodyOf(this.needs.device.index, number, alphabets.cmap);
      const { seq } = await client.send(this.needs.cast.logs[log]?.name ?? '', body);
      this.acknowledged(number, seq);
    } catch (error) {
      if (error instanceof RequestFailure) this.refused(number, error);
      else ignoreLost(error);
    } finally {
      this.unanswered -= 1;
    }
  }

  private acknowledged(number: number, seq: number): void {
    this.screen.acknowledged(number, seq);
    this.needs.counts.acknowledged += 1;
  }

  private refused(number: number, { status, message }: RequestFailure): void {
    if (status !== mailboxFull) this.note(`${status} ${message}`);
    this.screen.refused(number, status);
    this.needs.counts.refused += 1;
  }

  private note(failure: string): void {
    this.lastFailure = failure;
  }
}

const mailboxFull = 507;
