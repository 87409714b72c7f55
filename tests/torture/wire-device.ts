/** What one device of another wire than cmap does all along: come, send, receive, go away for a while, come back. Nothing that
 *  it sends is sent again: its wire has no keys. */

import { setTimeout as pause } from 'node:timers/promises';
import { bodyOf } from './body';
import { Destinations } from './destinations';
import { openWire } from './open-wire';
import type { Counts } from './process-messages';
import type { Random } from './random';
import { type ArrivedMessage, Screen, type ScreenNeeds } from './screen';
import { Spell } from './spell';
import { ConnectionLost, EntranceRefused, type SendAnswer, type WireConnection } from './wire-connection';
import { alphabets } from './wires';

/** Sends of one turn, at most: all at once, or each after the answer to the one before. */
const burstMax = { atOnce: 12, oneByOne: 40 } as const;
const burstPauseMsMax = 800;
/** Between two attempts to log in. */
const retryMs = 100;
/** How long a device that leaves in peace waits for its answers. */
const answersMsMax = 3_000;
/** Logins with which a device has to have everything. */
const drainLoginsMax = 10;

export interface WireDeviceNeeds extends ScreenNeeds {
  /** Where to connect, on this machine. */
  readonly port: number;
  readonly random: Random;
  /** What happened, added up. */
  readonly counts: Counts;
  /** A message was shown and is not acknowledged yet: a good moment to die. */
  readonly shown: () => void;
}

export class WireDevice {
  private readonly screen: Screen;
  private readonly destinations: Destinations;
  private connection: WireConnection | undefined;
  private spell = new Spell();
  private isSettling = false;
  private readonly unanswered = new Set<Promise<void>>();
  private lastFailure = '';

  constructor(private readonly needs: WireDeviceNeeds) {
    this.screen = new Screen(needs);
    this.destinations = new Destinations(needs.cast, needs.device, needs.random);
  }

  /** What it is waiting for, for when it does not get it. */
  get state(): string {
    const { index, wire } = this.needs.device;
    const failure = this.lastFailure || 'none';
    return `device ${index} (${wire}): ${this.unanswered.size} sends unanswered, last failure: ${failure}`;
  }

  /** Comes and goes until {@link WireDevice.settle} is called. */
  async live(): Promise<void> {
    const { random, device, cast } = this.needs;
    const isSleeper = cast.accounts[device.account]?.isSleeper === true;
    while (!this.isSettling) {
      this.spell = new Spell();
      await this.stay(random.between(500, 12_000));
      this.spell = new Spell();
      const away = random.oneIn(3) ? 0 : isSleeper ? random.between(5_000, 25_000) : random.between(100, 4_000);
      if (!this.isSettling) await this.spell.wait(away);
    }
  }

  /** Ends whatever it is at. What has no answer then never gets one. */
  async settle(living: Promise<void>): Promise<void> {
    this.isSettling = true;
    this.spell.end();
    await living;
  }

  /** Logs in until the server has nothing undelivered for it any more.
   *  @throws Error when it still has after {@link drainLoginsMax} logins */
  async drain(): Promise<void> {
    let undelivered = 1;
    for (let login = 0; undelivered > 0; ) {
      if (login === drainLoginsMax) throw new Error(`${this.state}; still ${undelivered} undelivered`);
      const connection = await this.enter(() => false);
      if (connection === undefined) continue;
      login += 1;
      undelivered = await connection.caughtUp().catch((error) => {
        this.note(error);
        return 1;
      });
      connection.close();
      await connection.gone;
    }
    this.screen.close();
  }

  /** One visit of so many milliseconds, or shorter when the connection ends before. */
  private async stay(milliseconds: number): Promise<void> {
    const { spell } = this;
    const connection = await this.enter(() => spell.over);
    if (connection === undefined) return;
    void connection.gone.then(() => spell.end());
    const until = performance.now() + milliseconds;
    while (!spell.over && performance.now() < until) {
      this.sendBurst(connection);
      await spell.wait(this.needs.random.between(0, burstPauseMsMax));
    }
    await this.leave(connection);
  }

  /** Half of the time, and at the end, it waits for the answers to what it has sent. */
  private async leave(connection: WireConnection): Promise<void> {
    if (this.isSettling || this.needs.random.oneIn(2)) {
      const timeout = new AbortController();
      const late = pause(answersMsMax, undefined, { signal: timeout.signal }).catch(() => {});
      await Promise.race([Promise.all(this.unanswered), connection.gone, late]);
      timeout.abort();
    }
    connection.close();
    await connection.gone;
    await Promise.all(this.unanswered);
  }

  /** Connects and logs in, however often it takes, or until `isCalledOff` says so. */
  private async enter(isCalledOff: () => boolean): Promise<WireConnection | undefined> {
    while (!isCalledOff()) {
      this.screen.connected();
      const connection = this.connect();
      try {
        await connection.enter();
        return connection;
      } catch (error) {
        this.note(error);
        connection.close();
        await connection.gone;
        await pause(retryMs);
      }
    }
    return undefined;
  }

  private connect(): WireConnection {
    const { cast, device, port } = this.needs;
    let connection: WireConnection | undefined;
    const arrived = (message: ArrivedMessage): void => {
      if (connection === this.connection) this.show(message);
    };
    const expected = (sender: number, number: number) => this.screen.expected(sender, number);
    connection = openWire({ cast, device, port, arrived, expected });
    this.connection = connection;
    return connection;
  }

  /** One that acknowledges is told again what it has not acknowledged, and knows what it has shown. */
  private show(message: ArrivedMessage): void {
    const { device, counts, shown } = this.needs;
    const { log, seq } = message;
    const isAgain = device.acknowledges && log !== undefined && seq !== undefined && this.screen.hasShown(log, seq);
    if (isAgain) return;
    this.screen.show(message);
    counts.shown += 1;
    shown();
  }

  private sendBurst(connection: WireConnection): void {
    const { random } = this.needs;
    const free = connection.unansweredMax - this.unanswered.size;
    if (connection.unansweredMax === 1) {
      if (free > 0) this.track(this.sendInTurn(connection, random.whole(1, burstMax.oneByOne)));
      return;
    }
    const count = Math.min(random.whole(1, burstMax.atOnce), free);
    for (let sent = 0; sent < count; sent++) this.track(this.send(connection));
  }

  private track(doing: Promise<void>): void {
    const tracked = doing.finally(() => this.unanswered.delete(tracked));
    this.unanswered.add(tracked);
  }

  private async sendInTurn(connection: WireConnection, count: number): Promise<void> {
    const { spell } = this;
    for (let sent = 0; sent < count && !spell.over; sent++) await this.send(connection);
  }

  private async send(connection: WireConnection): Promise<void> {
    const { cast, device, counts } = this.needs;
    const log = this.destinations.draw();
    const number = this.screen.sending(log);
    counts.sent += 1;
    try {
      const body = bodyOf(device.index, number, alphabets[device.wire]);
      this.answered(number, await connection.send(cast.logs[log]?.name ?? '', body));
    } catch (error) {
      this.note(error);
    }
  }

  private answered(number: number, answer: SendAnswer): void {
    switch (answer.kind) {
      case 'stored':
        this.screen.acknowledged(number, answer.seq);
        this.needs.counts.acknowledged += 1;
        break;
      case 'refused':
        if (answer.status !== mailboxFull) this.lastFailure = `${answer.status} ${answer.sentence}`;
        this.screen.refused(number, answer.status);
        this.needs.counts.refused += 1;
        break;
      case 'untold':
        break;
    }
  }

  private note(error: unknown): void {
    if (!(error instanceof ConnectionLost || error instanceof EntranceRefused)) throw error;
    this.lastFailure = error.message;
  }
}

const mailboxFull = 507;
