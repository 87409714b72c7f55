/** A client of the gRPC wire, made by grpc-js from the interface: one that acknowledges, or one as there were before.
 *  @see docs/protocols/grpc.md */

import { join } from 'node:path';
import { type ClientReadableStream, credentials, loadPackageDefinition, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Arrivals } from './arrivals';
import { password } from './cast';
import { LogAcknowledger } from './log-acknowledger';
import {
  ConnectionLost,
  EntranceRefused,
  patienceMs,
  type SendAnswer,
  usernameOf,
  type WireConnection,
  type WireConnectionNeeds,
} from './wire-connection';

interface CommonResponse {
  readonly success: boolean;
  readonly message?: string;
  readonly code: string;
  /** 64 bits come as text. */
  readonly seq: string;
  readonly undelivered: string;
}

interface StreamedMessage {
  readonly fromUsername: string;
  readonly message: string;
  readonly seq: string;
  readonly time: string;
  readonly log: string;
}

type Answered = (error: ServiceError | null, response?: CommonResponse) => void;

interface ChatServiceClient {
  loginAccount(request: object, options: { deadline: number }, answered: Answered): void;
  sendMessage(request: object, options: { deadline: number }, answered: Answered): void;
  ack(request: object, options: { deadline: number }, answered: Answered): void;
  chatStream(request: object): ClientReadableStream<StreamedMessage>;
  close(): void;
}

const loaded = loadPackageDefinition(
  loadSync(join(__dirname, 'chat.proto'), { keepCase: true, longs: String, defaults: true }),
) as unknown as {
  grpc: { ChatService: new (address: string, credentials: object, options: object) => ChatServiceClient };
};

export class GrpcConnection implements WireConnection {
  /** Calls that are made at the same time are carried out in any order. */
  readonly unansweredMax = 1;
  readonly gone: Promise<void>;
  private readonly client: ChatServiceClient;
  private stream: ClientReadableStream<StreamedMessage> | undefined;
  private readonly acknowledger = new LogAcknowledger((log, seq) => this.acknowledge(log, seq));
  private acknowledging: Promise<unknown> = Promise.resolve();
  private undelivered = 0;
  private readonly arrivals: Arrivals;
  private end: () => void = () => {};
  private isGone = false;

  constructor(private readonly needs: WireConnectionNeeds) {
    this.gone = new Promise((resolve) => {
      this.end = resolve;
    });
    this.arrivals = new Arrivals(this.gone);
    this.client = new loaded.grpc.ChatService(`127.0.0.1:${needs.port}`, credentials.createInsecure(), {
      // A connection for each device: a login belongs to its connection.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
    });
  }

  /** The stream first, on the connection that the login is made on then. When that is lost the stream ends, and with it this
   *  device's visit: the channel would connect again by itself, as nobody. */
  async enter(): Promise<void> {
    const stream = this.client.chatStream({});
    this.stream = stream;
    stream.on('data', (message: StreamedMessage) => this.arrived(message));
    stream.on('error', () => this.close());
    stream.on('end', () => this.close());
    const { device } = this.needs;
    const login = { username: usernameOf(this.needs), password };
    const { success, code, undelivered } = await this.call(
      'loginAccount',
      device.acknowledges ? { ...login, device: device.name, ack: true, takeover: true } : login,
    );
    if (!success) throw new EntranceRefused(code);
    this.undelivered = Number(undelivered);
  }

  async caughtUp(): Promise<number> {
    await this.arrivals.reach(this.undelivered, patienceMs);
    if (this.isGone) throw new ConnectionLost('the stream has ended');
    this.acknowledger.flush();
    await this.acknowledging;
    return this.undelivered;
  }

  async send(to: string, body: string): Promise<SendAnswer> {
    const request = { fromUsername: usernameOf(this.needs), toUsername: to, message: body };
    const { success, code, seq, message = '' } = await this.call('sendMessage', request);
    if (success) return { kind: 'stored', seq: Number(seq) };
    return { kind: 'refused', status: code === 'mailbox_full' ? 507 : 400, sentence: `${code} ${message}` };
  }

  close(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.stream?.cancel();
    this.client.close();
    this.end();
  }

  private call(method: 'loginAccount' | 'sendMessage' | 'ack', request: object): Promise<CommonResponse> {
    if (this.isGone) return Promise.reject(new ConnectionLost('not connected'));
    return new Promise((resolve, reject) => {
      this.client[method](request, { deadline: Date.now() + patienceMs }, (error, response) => {
        if (response !== undefined) {
          resolve(response);
          return;
        }
        this.close();
        reject(new ConnectionLost(error?.message ?? 'no answer'));
      });
    });
  }

  /** One at a time, so that a later one is not overtaken by an earlier one. */
  private acknowledge(log: string, seq: number): void {
    const before = this.acknowledging;
    this.acknowledging = before.then(() => this.call('ack', { log, seq }).catch(() => undefined));
  }

  private arrived({ fromUsername: from, message: body, seq, time, log }: StreamedMessage): void {
    if (this.isGone) return;
    this.needs.arrived({ log, seq: Number(seq), at: Number(time), from, body });
    if (this.needs.device.acknowledges) this.acknowledger.note(log, Number(seq));
    this.arrivals.add();
  }
}
