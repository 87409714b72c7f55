/** The links of one workload: opened together, closed together; the first failure ends what is waited for. */

import { Link, type LinkOptions, type Workload } from './link';
import type { Target } from './orders';
import { Turn } from './turn';
import type { Role, User, Wire } from './wire';

/** How long answers to pings may take. */
const pingMsMax = 30_000;

/** What is left to a workload that has a crew: failures are the crew's. */
export type CrewWork = Omit<Workload, 'failed'>;

export class Crew {
  readonly turn = new Turn();
  private readonly links: Link[] = [];
  private reject: (error: Error) => void = () => {};
  private readonly failure = new Promise<never>((_, reject) => {
    this.reject = reject;
  });
  private readonly workload: Workload;

  constructor(
    private readonly wire: Wire,
    private readonly target: Target,
    work: CrewWork,
  ) {
    // Also when nobody waits any more.
    this.failure.catch(() => undefined);
    this.workload = {
      acked: (link, count) => work.acked(link, count),
      received: (link, bytes, start, end) => work.received(link, bytes, start, end),
      turnEnds: (link) => work.turnEnds(link),
      failed: (reason) => this.fail(reason),
    };
  }

  /** A connection that is being opened. */
  link(user: User, role: Role, index: number): Link {
    const { wire, turn, workload } = this;
    const options: LinkOptions = { wire, port: this.target.port, user, role, index, turn, workload };
    const link = new Link(options);
    link.opened.catch((error: Error) => this.fail(error.message));
    this.links.push(link);
    return link;
  }

  /** Opens a link for each user, at most `atOnce` at a time, and resolves with them once all are ready. */
  async open(users: readonly User[], role: Role, atOnce = 50): Promise<Link[]> {
    const links: Link[] = [];
    for (let first = 0; first < users.length; first += atOnce) {
      const group = users.slice(first, first + atOnce).map((user, i) => this.link(user, role, first + i));
      await this.until(Promise.all(group.map((link) => link.opened)));
      links.push(...group);
    }
    return links;
  }

  /** Resolves once each of these links was answered a ping.
   *  @throws Error when that takes more than 30 s, or when any link has failed */
  async ping(links: readonly Link[]): Promise<void> {
    const answered = Promise.all(links.map((link) => link.ping())).then(() => undefined);
    if (!(await within(pingMsMax, this.until(answered)))) throw new Error('a connection was not answered any more');
  }

  /** As `event`, but rejects as soon as a link fails. */
  until<T>(event: Promise<T>): Promise<T> {
    return Promise.race([event, this.failure]);
  }

  /** What is waited for rejects with this reason. */
  fail(reason: string): void {
    this.reject(new Error(reason));
  }

  close(): void {
    for (const link of this.links) link.close();
  }
}

/** Resolves with whether `event` came within so long. */
export async function within(ms: number, event: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([event.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
