/** What delivery promises, said with logs and cursors and nothing else: the model that the core is compared with. */

export interface Entry {
  readonly from: string;
  readonly text: string;
}

/** One log as one device follows it. */
interface Place {
  /** Everything after this is due to the device. */
  readonly begin: number;
  /** The furthest that any of its sessions has acknowledged. */
  acked: number;
  /** What was ever written to it. */
  readonly seen: Set<number>;
}

export class DeliveryModel {
  /** What senders were told is on disk: the message of number n stands at n - 1. */
  private readonly logs = new Map<string, Entry[]>();
  private readonly places = new Map<string, Place>();

  /** A sender was told that its message has this number. */
  stored(log: string, seq: number, entry: Entry): void {
    const entries = this.entries(log);
    require(seq === entries.length + 1, `${log} ${seq} was stored after ${entries.length}`);
    entries.push(entry);
  }

  /** A session of a device starts at `cursor`: never beyond what was acknowledged, by any device if it is new. */
  begun(account: string, device: string, log: string, cursor: number): void {
    const place = this.places.get(placeName(account, device, log));
    const acked = place?.acked ?? this.ackedByAny(account, log);
    this.requireOwn(account, log, acked, cursor + 1);
    if (place === undefined) {
      this.places.set(placeName(account, device, log), { begin: cursor, acked: cursor, seen: new Set() });
    }
  }

  acknowledged(account: string, device: string, log: string, seq: number): void {
    const place = this.place(account, device, log);
    place.acked = Math.max(place.acked, seq);
  }

  /** A message was written to a session whose last one in that log was `last`. */
  written(account: string, device: string, log: string, last: number, seq: number, entry: Entry): void {
    const there = this.entries(log)[seq - 1];
    require(there?.text === entry.text && there.from === entry.from, `${log} ${seq} was written and is not stored`);
    require(seq > last, `${log} ${seq} was written to ${account} ${device} after ${last}`);
    this.requireOwn(account, log, last, seq);
    this.place(account, device, log).seen.add(seq);
  }

  /** Everything that is due to a device was written to it at least once. */
  requireComplete(account: string, device: string, log: string): void {
    const { begin, seen } = this.place(account, device, log);
    for (const [index, entry] of this.entries(log).entries()) {
      const isDue = index + 1 > begin && !isOwn(account, log, entry);
      require(!isDue || seen.has(index + 1), `${log} ${index + 1} never came to ${account} ${device}`);
    }
  }

  /** Whether anything between these two is due to the account. */
  isDueBetween(account: string, log: string, after: number, before: number): boolean {
    return this.entries(log)
      .slice(after, before - 1)
      .some((entry) => !isOwn(account, log, entry));
  }

  /** Nothing between these two was due to the account. */
  private requireOwn(account: string, log: string, after: number, before: number): void {
    for (let seq = after + 1; seq < before; seq += 1) {
      require(isOwn(account, log, this.entries(log)[seq - 1]), `${log} ${seq} was left out for ${account}`);
    }
  }

  private ackedByAny(account: string, log: string): number {
    const places = [...this.places].filter(([name]) => name.startsWith(`${account} ${log} `));
    return Math.max(0, ...places.map(([, place]) => place.acked));
  }

  private entries(log: string): Entry[] {
    const entries = this.logs.get(log) ?? [];
    this.logs.set(log, entries);
    return entries;
  }

  private place(account: string, device: string, log: string): Place {
    const place = this.places.get(placeName(account, device, log));
    if (place === undefined) throw new Error(`${account} ${device} never logged in`);
    return place;
  }
}

/** In a room an account is not written its own messages. */
function isOwn(account: string, log: string, entry: Entry | undefined): boolean {
  return log.startsWith('#') && entry?.from === account;
}

function placeName(account: string, device: string, log: string): string {
  return `${account} ${log} ${device}`;
}

export function require(holds: boolean, violation: string): asserts holds {
  if (!holds) throw new Error(violation);
}
