/** One device of an account, as our own client does it: keeps what it does not know to be stored and sends it again with
 *  the same key, shows each message once, acknowledges. */

import type { AccountId, LogId } from '../../server/core/ports';
import type { ErrorCode } from '../../shared/errors';
import type { Item, Request } from './item';
import type { Ledger } from './ledger';
import type { Send } from './send';
import type { ClientEnd, Wire } from './wire';

export interface ClientOptions {
  readonly ledger: Ledger;
  readonly username: string;
  /** `undefined` uses the account's default cursor. */
  readonly device: string | undefined;
  readonly isExplicit: boolean;
  readonly isKeyed: boolean;
  readonly connect: (client: Client) => Wire;
}

/** Refusals that a later try may not meet. */
const passing: ReadonlySet<ErrorCode> = new Set(['store_failed', 'store_full', 'mailbox_full', 'not_logged_in']);

type Asked = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

export class Client implements ClientEnd {
  wire: Wire | undefined;
  isLoggedIn = false;
  /** Requests that are not answered yet; `ack` has no answer. */
  private asked: Request[] = [];
  private lastId = 0;
  private account: AccountId | undefined;
  /** The account is not there, as the last login has told. */
  isUnknown = false;
  /** Messages whose fate it does not know, oldest first, and that are not on their way on this connection. */
  private unsure: Send[] = [];
  /** How far it has shown each log, and what it has not acknowledged since. */
  private readonly high = new Map<LogId, number>();
  private readonly ackDue = new Map<LogId, { readonly log: string; readonly seq: number }>();

  constructor(readonly options: ClientOptions) {}

  get askedCount(): number {
    return this.asked.length;
  }

  get unsureCount(): number {
    return this.unsure.length;
  }

  get hasAckDue(): boolean {
    return this.ackDue.size > 0;
  }

  enter(kind: 'login' | 'takeover' | 'create' | 'delete'): void {
    this.wire ??= this.options.connect(this);
    this.ask({ kind, username: this.options.username });
  }

  ask(request: Asked): void {
    this.lastId += 1;
    const full = { ...request, id: this.lastId } as Request;
    if (full.kind !== 'ack') this.asked.push(full);
    this.wire?.ask(full);
  }

  send(to: string): void {
    const { ledger, username, isKeyed } = this.options;
    this.try(ledger.send(username, to, isKeyed));
  }

  /** Sends again what may not be stored. */
  retry(): void {
    const [send] = this.unsure.splice(0, 1);
    if (send !== undefined) this.try(send);
  }

  /** Acknowledges one log, up to `back` before what it has shown. */
  acknowledge(back: number): void {
    const [first] = this.ackDue;
    if (first === undefined || this.account === undefined) return;
    const [id, { log, seq }] = first;
    this.ackDue.delete(id);
    if (seq - back <= 0) return;
    if (back > 0) this.ackDue.set(id, { log, seq });
    this.options.ledger.acked(this.account, this.options.device ?? '', id, seq - back);
    this.ask({ kind: 'ack', log, seq: seq - back });
  }

  close(): void {
    this.wire?.clientCloses();
    this.lost();
  }

  lost(): void {
    if (this.wire !== undefined) this.wire.client = undefined;
    this.wire = undefined;
    this.isLoggedIn = false;
    for (const request of this.asked) if (request.kind === 'send') this.unknownFate(request.send);
    this.asked = [];
  }

  received(items: readonly Item[]): void {
    const { wire } = this;
    for (const item of items) if (this.wire === wire) this.receive(item);
  }

  private receive(item: Item): void {
    if (item.kind === 'message') this.message(item);
    else if (item.kind === 'burst') this.burst(item.account);
    else if (item.kind === 'burst end') this.burstEnd();
    else if (item.kind === 'reply') this.answered(item.id, item.code);
    else if (item.kind === 'ended') this.isLoggedIn = false;
  }

  private message({ view, to, log, seq }: Extract<Item, { kind: 'message' }>): void {
    // A deletion without a login reads from the account's default cursor: what it brings is no place of this device.
    if (!this.options.isExplicit || view.options.device !== this.options.device) return;
    if (seq > (this.high.get(log) ?? 0)) {
      this.high.set(log, seq);
      this.options.ledger.shown(view.options.account, view.options.device, log, seq);
    }
    this.ackDue.set(log, { log: to, seq: this.high.get(log) as number });
  }

  private burst(account: AccountId): void {
    if (this.account === account) return;
    this.account = account;
    // The account was made anew under its name, and with it everything that keys stand for.
    for (const send of this.unsure.splice(0)) send.isSettled = true;
    this.high.clear();
    this.ackDue.clear();
  }

  private burstEnd(): void {
    const request = this.shift();
    if (request?.kind === 'login' || request?.kind === 'takeover') this.isLoggedIn = true;
    if (request?.kind === 'delete') this.close();
  }

  private answered(id: number, code: ErrorCode | undefined): void {
    const request = this.shift();
    this.options.ledger.require(request?.id === id, 'answered out of order', () => `${id} to ${this.options.username}`);
    if (request?.kind === 'send') this.sendAnswered(request.send, code);
    if (request?.kind === 'logout') this.isLoggedIn = false;
    if (request?.kind === 'create') this.isUnknown = false;
    if (request?.kind === 'login' || request?.kind === 'takeover') this.isUnknown = code === 'credentials_wrong';
  }

  private shift(): Request | undefined {
    return this.asked.shift();
  }

  private try(send: Send): void {
    this.ask({ kind: 'send', send });
  }

  private sendAnswered(send: Send, code: ErrorCode | undefined): void {
    if (code !== undefined && passing.has(code)) this.unknownFate(send);
    else send.isSettled = true;
  }

  private unknownFate(send: Send): void {
    if (send.key === undefined) send.isSettled = true;
    else this.unsure.push(send);
  }
}
