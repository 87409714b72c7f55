/** Somebody who is logged in over gRPC: a session of the core, and the `ChatStream` that it writes to at the moment. */

import { ChatError, type ErrorCode } from '../../../shared/errors';
import type { DestinationName } from '../../../shared/names';
import type { Outlet } from '../../core/outlet';
import type { Account, Message } from '../../core/ports';
import type { Session } from '../../core/session';
import type { MessageStream, StreamOwner } from './message-stream';
import { Outbox } from './outbox';

export interface LoginOptions {
  /** What this login is known by on other connections. */
  readonly token: string;
  /** The name that its client goes by, in the case it was given in: a client drops what is addressed to any other. */
  readonly username: string;
  /** The client acknowledges by itself; otherwise what the operating system has taken is acknowledged. */
  readonly clientAcks: boolean;
  /** Called once, whoever ends the login. */
  readonly onEnded: () => void;
}

/** Writes what is undelivered if `burst`, then removes the account. Tells whether it is gone. */
export type Removal = (session: Session, burst: boolean) => Promise<boolean>;

export class Login implements Outlet, StreamOwner {
  /** How long no call has used the login and no stream was open, as the sweeps have counted. */
  unusedMs = 0;
  private session: Session | undefined;
  private readonly outbox = new Outbox(() => this.session?.resume());
  /** Messages are written, or will be when there is a stream. */
  private isStarted = false;
  private isRemoving = false;
  private hasEnded = false;
  private isMarkDue = false;
  /** The delivery under way, resolved when its number of messages is known, or when it came to nothing. */
  private counting: Promise<number | undefined> | undefined;
  private counted: ((count: number | undefined) => void) | undefined;

  constructor(private readonly options: LoginOptions) {}

  get token(): string {
    return this.options.token;
  }

  get hasStream(): boolean {
    return this.outbox.stream !== undefined;
  }

  get isEnded(): boolean {
    return this.hasEnded;
  }

  /** @throws ChatError not_logged_in when the login has ended */
  get open(): Session {
    if (this.session === undefined || this.hasEnded) throw new ChatError('not_logged_in');
    return this.session;
  }

  /** The session that was opened with this login as its outlet. */
  enter(session: Session): void {
    this.session = session;
  }

  /** Messages go to this stream from now on; the one before it, if there is one, ends. To a client that acknowledges by
   *  itself everything that it has not acknowledged is written first. To others what is undelivered comes when they ask
   *  for it, or if they have. */
  attach(stream: MessageStream): void {
    if (!this.take(stream)) return;
    if (this.options.clientAcks) this.startOver(stream);
    else if (this.isStarted) this.session?.resume();
    else this.start(stream);
  }

  /** Messages go to this stream from now on, first what is undelivered: see {@link Login.deliver}. */
  welcome(stream: MessageStream): Promise<number | undefined> {
    this.take(stream);
    return this.deliver();
  }

  streamClosed(stream: MessageStream): void {
    if (this.outbox.stream === stream) this.release();
  }

  /** Writes everything undelivered, and after it what comes. Resolves with the number of undelivered messages once it is
   *  known; at once, and without it, when there is no stream: they come on the next.
   *  @throws ChatError store_failed */
  async deliver(): Promise<number | undefined> {
    if (this.isRemoving) return undefined;
    this.isStarted = true;
    this.counting ??= this.startDelivery();
    if (this.hasStream) return this.counting;
    // Nobody waits for what becomes of it: should it fail, the messages come with the next delivery.
    this.counting.catch(() => undefined);
    return undefined;
  }

  /** Removes the account, and the login is over. When the stream goes before it has everything, the login is over and
   *  the account stays.
   *  @throws ChatError logged_in_elsewhere, not_logged_in */
  async remove(removal: Removal): Promise<void> {
    const session = this.open;
    if (this.isRemoving) throw new ChatError('logged_in_elsewhere', { name: session.account.name });
    const hadStream = this.hasStream;
    this.isRemoving = true;
    try {
      if (!(await removal(session, hadStream))) throw new ChatError('not_logged_in');
    } finally {
      this.isRemoving = false;
      this.counting = undefined;
      if (session.isEnded) this.end();
      else if (this.isStarted) session.goLive();
    }
  }

  /** Ends the login. Its stream stays open for the next one, unless it was this login's alone. */
  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.isRemoving = false;
    // What was written and not yet marked as this session's counts as delivered once it is taken.
    this.mark();
    const { stream } = this.outbox;
    if (stream !== undefined) stream.owner = undefined;
    this.outbox.close();
    this.session?.end();
    this.counted?.(undefined);
    if (stream?.isByToken) stream.end();
    this.options.onEnded();
  }

  get hasRoom(): boolean {
    return this.outbox.hasRoom;
  }

  burst(_account: Account, count: number): void {
    this.counted?.(count);
  }

  message({ seq, at, from, body }: Message, log: DestinationName): void {
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
    const { username: toUsername } = this.options;
    this.outbox.put({ fromUsername: from, toUsername, message: text, seq, time: at, log }, body.length);
    if (this.isMarkDue) return;
    this.isMarkDue = true;
    setImmediate(() => this.mark());
  }

  receipt(): void {}

  ended(reason: ErrorCode): void {
    this.outbox.stream?.end(new ChatError(reason));
    this.end();
  }

  flushed(): Promise<boolean> {
    this.mark();
    return this.outbox.emptied();
  }

  private take(stream: MessageStream): boolean {
    const before = this.outbox.stream;
    if (before !== undefined) this.release();
    before?.end(new ChatError('taken_over'));
    if (this.hasEnded) return false;
    // All that is not acknowledged comes again, in order: a part of it in front would pass for the rest.
    if (this.options.clientAcks) this.outbox.clear();
    stream.owner = this;
    this.outbox.stream = stream;
    return true;
  }

  /** There is no stream any more. */
  private release(): void {
    const { stream } = this.outbox;
    if (stream !== undefined) stream.owner = undefined;
    this.outbox.stream = undefined;
    // The removal waits for a delivery that nobody will take any more.
    if (this.isRemoving) this.end();
  }

  /** Live messages are written from now on; older ones are left for a delivery. */
  private start(stream: MessageStream): void {
    this.isStarted = true;
    this.open.goLiveBeyondBacklog().catch((error: unknown) => {
      this.isStarted = false;
      fail(stream, error);
    });
  }

  private startOver(stream: MessageStream): void {
    this.counting = undefined;
    this.deliver().catch((error: unknown) => fail(stream, error));
  }

  private startDelivery(): Promise<number | undefined> {
    const counting = new Promise<number | undefined>((resolve, reject) => {
      this.counted = resolve;
      const session = this.open;
      const finish = (complete: boolean): void => {
        if (this.counting !== counting) return;
        this.counting = undefined;
        if (complete) session.goLive();
      };
      session.burst().then(finish, (error: unknown) => {
        finish(false);
        reject(error);
      });
    });
    return counting;
  }

  /** Lets what was written so far count as delivered once it is taken, unless the client tells. */
  private mark(): void {
    this.isMarkDue = false;
    const mark = this.session?.mark();
    if (mark === undefined) return;
    this.outbox.whenTaken(() => this.session?.flushed(mark));
  }
}

function fail(stream: MessageStream, error: unknown): void {
  stream.end(error instanceof ChatError ? error : new ChatError('internal'));
}
