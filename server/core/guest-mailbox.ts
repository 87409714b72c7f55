/** The mailbox of a guest: in memory, bounded, and gone with its session. */

import { bounds } from '../../shared/limits';
import type { Username } from '../../shared/names';
import type { Feed } from './feed';
import {
  type Account,
  type Appended,
  type Backlog,
  type CountedSpan,
  type Draft,
  type Logger,
  type LogId,
  type LogPosition,
  type LogSpan,
  type LogStore,
  type Message,
  mailboxOf,
  type Seq,
  seqZero,
} from './ports';
import { RecentKeys } from './recent-keys';
import type { Acknowledgements, SessionLogs } from './session-logs';

/** The logs as a guest's session sees them: its own mailbox, and the stored logs of its rooms. What it acknowledges of
 *  its mailbox is forgotten, and of a room nothing is stored. */
export class GuestMailbox implements SessionLogs, Acknowledgements, Pick<LogStore, 'append'> {
  private readonly log: LogId;
  private readonly name: Username;
  private isClosed = false;
  /** What is not acknowledged, oldest first and without a hole. */
  private kept: Message[] = [];
  private keptBytes = 0;
  private head = seqZero;
  private readonly keys = new RecentKeys({ messagesMax: bounds.guestMessagesMax, bytesMax: bounds.guestBytesMax });

  constructor(
    account: Account,
    private readonly needs: { readonly logs: LogStore; readonly logger: Logger },
  ) {
    this.log = mailboxOf(account.id);
    this.name = account.name;
  }

  /** The guest has left: what is sent to it from now on is refused. */
  close(): void {
    this.isClosed = true;
  }

  /** As {@link LogStore.append}, with a copy of the body. */
  append(draft: Draft): void {
    void this.settle(draft);
  }

  private async settle(draft: Draft): Promise<void> {
    // As by a store, the draft is told after `append` has returned.
    await undefined;
    try {
      const { senderId, key, body } = draft;
      const stored = key === undefined ? undefined : this.keys.find(senderId, key);
      if (this.isClosed) draft.refused('recipient_unknown');
      else if (stored !== undefined && !isSameBody(stored.body, body)) draft.refused('key_reused');
      else if (stored !== undefined) draft.committed(this.appended(stored, true));
      else if (this.isFullFor(body)) draft.refused('mailbox_full');
      else draft.committed(this.appended(this.keep(draft), false));
    } catch (error) {
      this.needs.logger.error('draft_not_settled', error);
    }
  }

  private appended({ seq }: Message, repeated: boolean): Appended {
    return { log: this.log, seq, to: this.name, repeated };
  }

  private isFullFor(body: Uint8Array): boolean {
    return this.kept.length >= bounds.guestMessagesMax || this.keptBytes + body.length > bounds.guestBytesMax;
  }

  private keep({ at, from, senderId, key, body }: Draft): Message {
    this.head = (this.head + 1) as Seq;
    // A view would keep the whole packet that it came in, and of a Buffer a slice is a view.
    const message = { seq: this.head, at, from, body: new Uint8Array(body) };
    this.kept.push(message);
    this.keptBytes += body.length;
    if (key !== undefined) this.keys.add(senderId, key, message);
    return message;
  }

  /** As {@link LogStore.read}. A page of its own mailbox comes alone. */
  async read(spans: readonly LogSpan[], bytesMax: number): Promise<(readonly Message[])[]> {
    const [first, ...others] = spans;
    if (first?.log === this.log) return [this.page(first, bytesMax)];
    const own = others.findIndex(({ log }) => log === this.log);
    return this.needs.logs.read(own === -1 ? spans : spans.slice(0, own + 1), bytesMax);
  }

  /** As {@link LogStore.backlog}. Precondition: its own mailbox is the first position, or none. */
  async backlog(positions: readonly LogPosition[], bytesMax: number): Promise<Backlog> {
    const [first, ...rooms] = positions;
    if (first?.log !== this.log) return this.needs.logs.backlog(positions, bytesMax);
    const { head } = this;
    const page = this.page({ ...first, through: head }, bytesMax);
    const isWhole = page.length === 0 || page.at(-1)?.seq === head;
    const leftBytes = Math.max(0, bytesMax - page.reduce((sum, { body }) => sum + body.length, 0));
    const stored = rooms.length === 0 ? { heads: [], pages: [] } : await this.needs.logs.backlog(rooms, leftBytes);
    return { heads: [head, ...stored.heads], pages: [page, ...(isWhole ? stored.pages : [])] };
  }

  async heads(logs: readonly LogId[]): Promise<Seq[]> {
    const rooms = logs.filter((log) => log !== this.log);
    const heads = rooms.length === 0 ? [] : await this.needs.logs.heads(rooms);
    const stored = heads.values();
    return logs.map((log) => (log === this.log ? this.head : (stored.next().value ?? seqZero)));
  }

  /** Of rooms only: in a mailbox all messages count. */
  count(spans: readonly CountedSpan[]): Promise<number[]> {
    return this.needs.logs.count(spans);
  }

  private page({ after, through }: LogSpan, bytesMax: number): Message[] {
    const page: Message[] = [];
    let bytes = 0;
    for (const message of this.kept) {
      if (message.seq <= after) continue;
      bytes += message.body.length;
      if (message.seq > through || (page.length > 0 && bytes > bytesMax)) break;
      page.push(message);
    }
    return page;
  }

  moved({ log, acked }: Feed): void {
    if (log !== this.log) return;
    const later = this.kept.findIndex((message) => message.seq > acked);
    const passed = this.kept.splice(0, later === -1 ? this.kept.length : later);
    for (const { body } of passed) this.keptBytes -= body.length;
  }
}

function isSameBody(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
