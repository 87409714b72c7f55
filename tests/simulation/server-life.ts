/** One life of the server: a core on the disk as it was left, until it crashes. */

import { type Chat, createChat } from '../../server/core/chat';
import type { Bus, Chance, Logger } from '../../server/core/ports';
import { ChatError, type ErrorCode } from '../../shared/errors';
import { seededChance } from '../harness/seeded-chance';
import { Conversation } from './conversation';
import type { Disk } from './disk';
import type { Fault } from './fault';
import type { Ledger } from './ledger';
import type { Lane, Scheduler } from './scheduler';
import { SimulatedBus } from './simulated-bus';
import { SimulatedClock, type Time } from './simulated-clock';
import { SimulatedHasher } from './simulated-hasher';
import { SimulatedStore } from './simulated-store';
import type { Weather } from './weather';
import type { Wire } from './wire';

export interface ServerLifeNeeds {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  /** As it is drawn, or calm by now. */
  readonly weather: () => Weather;
  readonly disk: Disk;
  readonly ledger: Ledger;
  readonly time: Time;
  readonly fault: Fault;
  readonly restarts: number;
}

export class ServerLife {
  private readonly chat: Chat;
  readonly conversations = new Set<Conversation>();
  private readonly lanes: Lane[] = [];
  private readonly wires: Wire[] = [];
  private readonly bus: Bus;
  private readonly clock: SimulatedClock;

  constructor(private readonly needs: ServerLifeNeeds) {
    const { fault, disk, chance, restarts, weather } = needs;
    const scene = { disk, chance, restarts };
    const { sessionsPerAccountMax, slowness } = weather();
    const clock = new SimulatedClock(needs.time, this.lane('clock', slowness.clock));
    this.clock = clock;
    const bus = new SimulatedBus(weather(), chance, () => this.lane('bus', slowness.bus));
    const store = this.store();
    this.bus = fault.bus?.(bus, scene) ?? bus;
    this.chat = createChat(
      {
        store: fault.store?.(store, scene) ?? store,
        bus: this.bus,
        clock: fault.clock?.(clock, scene) ?? clock,
        chance: seededChance(restarts),
        hasher: new SimulatedHasher(
          () => this.lane('hasher', slowness.hasher),
          () => this.draws(weather().hashFails),
        ),
        logger: this.logger(),
      },
      { sessionsPerAccountMax },
    );
    this.chat.onRelief(() => {
      for (const conversation of this.conversations) conversation.resume();
    });
  }

  /** A connection is accepted. */
  accept(wire: Wire, device: string | undefined, isExplicit: boolean): void {
    const { fault, ledger, weather } = this.needs;
    const conversation = new Conversation({
      chat: this.chat,
      ledger,
      wire,
      device,
      isExplicit,
      outboxBytesMax: weather().outboxBytesMax,
      plant: (outlet, session) => fault.outlet?.(outlet, session, this.bus) ?? outlet,
      onClosed: () => this.conversations.delete(conversation),
    });
    wire.server = conversation;
    this.wires.push(wire);
    this.conversations.add(conversation);
  }

  /** Time passes until a timer is due, which is that of the heads when nothing else is under way. */
  passTime(): void {
    this.clock.ring();
  }

  /** Nothing of it ever happens again. */
  crash(): void {
    for (const lane of this.lanes) lane.cut();
    for (const wire of this.wires) wire.serverDied();
  }

  private store(): SimulatedStore {
    const { chance, disk, weather } = this.needs;
    const { draftsMax, hasPooledReads, slowness } = weather();
    const reader = this.lane('reader', slowness.reader);
    const failure = (): ErrorCode => (chance.fraction() < 0.5 ? 'store_failed' : 'store_full');
    return new SimulatedStore({
      disk,
      lane: this.lane('writer', slowness.writer),
      draftsMax,
      drawFailure: () => (this.draws(weather().commitFails) ? failure() : undefined),
      drawBoolean: () => chance.fraction() < 0.5,
      readLane: () => (hasPooledReads ? this.lane('pooled reader', slowness.reader) : reader),
      readFails: () => this.draws(weather().readFails),
    });
  }

  /** A store that fails is part of the game; anything else is a fault of the server. */
  private logger(): Logger {
    return {
      info: () => undefined,
      warn: () => undefined,
      error: (event, cause) => {
        this.needs.ledger.require(cause instanceof ChatError, 'fault of the server', () => {
          return `${event}: ${(cause as Error).stack}`;
        });
      },
    };
  }

  private draws(probability: number): boolean {
    return probability > 0 && this.needs.chance.fraction() < probability;
  }

  private lane(name: string, slowness: number): Lane {
    const lane = this.needs.scheduler.lane(name, slowness);
    this.lanes.push(lane);
    return lane;
  }
}
