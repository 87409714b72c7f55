/** What becomes of messages that were typed: `…` under way, `✓` stored, `✓✓` with their recipient. Each line says the
 *  latest that is known, changes in its place while that is possible, and is not written before it is worth it. */

import type { SendReceipt } from '../core/api';
import type { Clock, Timer } from '../core/clock';
import type { Note, Screen } from './screen';
import type { ScreenText, TickStage } from './screen-text';

export interface TicksNeeds {
  readonly screen: Screen;
  readonly text: ScreenText;
  readonly clock: Clock;
  /** Whether what is sent is kept until there is a server to take it. */
  readonly isWaiting: () => boolean;
  /** Whether the server tells when a message has reached its recipient. */
  readonly hasReceipts: () => boolean;
}

/** A message on its way. One of the two is called, once. */
export interface Tick {
  stored(receipt: SendReceipt): void;
  /** `text` says why. */
  failed(text: string): void;
}

/** What takes less is not worth a line of its own. */
const momentMs = 150;
/** What happens to messages of one recipient within this is told in one line. */
const togetherMs = 50;
/** How many messages are followed to their recipients; of the oldest beyond that nobody is told that they arrived. */
const awaitedMax = 10_000;

/** A line on the screen, and how many messages it speaks of. */
interface Line {
  readonly note: Note;
  readonly count: number;
}

interface Sent {
  readonly to: string;
  seq: number;
  stage: TickStage;
  told: TickStage | undefined;
  line: Line | undefined;
}

export class Ticks {
  private readonly unanswered = new Set<Sent>();
  /** Stored, and not yet with their recipients. */
  private awaited: Sent[] = [];
  /** How far each recipient has come, by name: a receipt may stand right behind the answer to its send, and is heard
   *  of first then. */
  private readonly reached = new Map<string, number>();
  /** Of which there is something to tell. */
  private readonly due = new Set<Sent>();
  private timer: Timer | undefined;

  constructor(private readonly needs: TicksNeeds) {}

  /** A message is under way to `to`, an account or a #room. */
  begin(to: string): Tick {
    const sent: Sent = { to, seq: 0, stage: 'sending', told: undefined, line: undefined };
    this.unanswered.add(sent);
    let timer: Timer | undefined;
    if (this.needs.isWaiting()) this.tellNow([sent]);
    else timer = this.needs.clock.after(momentMs - togetherMs, () => this.tell(sent));
    const answered = (): void => {
      timer?.cancel();
      this.unanswered.delete(sent);
    };
    return {
      stored: (receipt) => {
        answered();
        this.stored(sent, receipt);
      },
      failed: (text) => {
        answered();
        this.due.delete(sent);
        if (sent.line?.count === 1) sent.line.note.replace(text);
        else this.needs.screen.print(text);
      },
    };
  }

  /** The recipient has this message, and all before it. */
  receipt(to: string, seq: number): void {
    const name = to.toLowerCase();
    this.reached.set(name, Math.max(seq, this.reached.get(name) ?? 0));
    this.awaited = this.awaited.filter((sent) => {
      const isReached = sent.seq <= seq && sent.to.toLowerCase() === name;
      if (isReached) this.advance(sent, 'delivered');
      return !isReached;
    });
  }

  /** A message of an earlier session was stored, and `text` says so. */
  resent(to: string, { seq }: SendReceipt, text: string): void {
    this.needs.screen.print(text);
    this.await({ to, seq, stage: 'stored', told: 'stored', line: undefined });
  }

  /** The server is gone: what has no answer will not have one soon. */
  offline(): void {
    // Another server may come back, which counts anew.
    this.reached.clear();
    this.tellNow([...this.unanswered]);
  }

  /** Another account is logged in: what comes is about its messages. */
  forget(): void {
    this.awaited = [];
    this.reached.clear();
  }

  private stored(sent: Sent, { seq, live }: SendReceipt): void {
    sent.seq = seq;
    if (seq <= (this.reached.get(sent.to.toLowerCase()) ?? 0)) {
      this.advance(sent, 'delivered');
      return;
    }
    // Nobody tells of messages to rooms who has them.
    const isFollowed = this.needs.hasReceipts() && !sent.to.startsWith('#');
    if (isFollowed) this.await(sent);
    if (!live) {
      this.advance(sent, sent.to.startsWith('#') ? 'stored, nobody there' : 'stored, away');
    } else if (!isFollowed) {
      this.advance(sent, 'stored');
    } else {
      sent.stage = 'stored';
      // Somebody who is there has it within a moment, and then that is all there is to say.
      this.needs.clock.after(momentMs, () => {
        if (sent.stage === 'stored') this.tell(sent);
      });
    }
  }

  private await(sent: Sent): void {
    this.awaited.push(sent);
    if (this.awaited.length > awaitedMax) this.awaited.shift();
  }

  private advance(sent: Sent, stage: TickStage): void {
    sent.stage = stage;
    this.tell(sent);
  }

  /** Tells what has become of it, with others of this moment. */
  private tell(sent: Sent): void {
    this.due.add(sent);
    this.timer ??= this.needs.clock.after(togetherMs, () => {
      this.timer = undefined;
      this.tellNow([...this.due]);
      this.due.clear();
    });
  }

  private tellNow(sends: readonly Sent[]): void {
    const groups = new Map<string, Sent[]>();
    for (const sent of sends) {
      if (sent.told === sent.stage) continue;
      const key = `${sent.to.toLowerCase()} ${sent.stage}`;
      const group = groups.get(key) ?? [];
      group.push(sent);
      groups.set(key, group);
    }
    for (const group of groups.values()) this.tellGroup(group);
  }

  private tellGroup(group: readonly Sent[]): void {
    const [first] = group;
    if (first === undefined) return;
    const text = this.needs.text.tick(first.stage, first.to, group.length, this.needs.isWaiting());
    const last = group.findLast(({ line }) => line !== undefined)?.line;
    // A line that speaks of others too must go on doing so.
    const isOwn = last !== undefined && group.filter(({ line }) => line === last).length === last.count;
    if (isOwn) last.note.replace(text);
    const line = { note: isOwn ? last.note : this.needs.screen.note(text), count: group.length };
    for (const sent of group) {
      sent.line = line;
      sent.told = sent.stage;
    }
  }
}
