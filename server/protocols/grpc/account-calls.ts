/** The calls about accounts and logins. */

import { Metadata, type ServerUnaryCall } from '@grpc/grpc-js';
import { isDeviceName } from '../../../shared/client-names';
import { ChatError } from '../../../shared/errors';
import type { Chat } from '../../core/chat';
import type { GrpcConnection } from './connections';
import type { Identities } from './identities';
import type { Login } from './login';
import { refusalOf, undeliveredSentence } from './statuses';
import type { AccountRequest, CommonResponse, UserRequest } from './wire';

type Call<Request> = ServerUnaryCall<Request, CommonResponse>;

export class AccountCalls {
  constructor(
    private readonly chat: Chat,
    private readonly identities: Identities,
  ) {}

  /** Makes the account and logs in to it. */
  async create(call: Call<AccountRequest>): Promise<CommonResponse> {
    const { username, password } = call.request;
    this.identities.placeOf(call, call.request.token_only);
    deviceOf(call.request);
    await this.chat.accounts.create(username, password);
    return this.enter(call, 'account created, and logged in');
  }

  /** Answered once it is known how much is undelivered; the messages come on the stream. */
  login(call: Call<AccountRequest>): Promise<CommonResponse> {
    return this.enter(call, 'logged in');
  }

  private async enter(call: Call<AccountRequest>, success: string): Promise<CommonResponse> {
    const { username, password, ack, takeover, token_only: isTokenOnly } = call.request;
    const place = this.identities.placeOf(call, isTokenOnly);
    const device = deviceOf(call.request);
    const login = await this.identities.enter(place, {
      username,
      isTokenOnly,
      clientAcks: ack,
      open: async (outlet, isGone) => {
        await cameAlong();
        return this.chat.accounts.login({
          username,
          password,
          device,
          explicitAck: ack,
          wantsReceipts: false,
          takeover,
          outlet,
          isGone: () => isGone() || call.cancelled,
        });
      },
    });
    // Nobody is there to be answered.
    if (login === undefined) return refusalOf(new ChatError('not_logged_in'));
    const undelivered = await this.welcome(login, isTokenOnly ? undefined : place);
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${login.token}`);
    call.sendMetadata(metadata);
    if (undelivered === undefined) return { success: true, message: success };
    const message = undelivered === 0 ? success : `${success}; ${undeliveredSentence(undelivered)}`;
    return { success: true, message, undelivered };
  }

  logout(call: Call<UserRequest>): CommonResponse {
    this.identities.loginAs(call.request.username, call).end();
    return { success: true, message: 'logged out' };
  }

  /** Answered once the account is gone. */
  async remove(call: Call<UserRequest>): Promise<CommonResponse> {
    const login = this.identities.loginAs(call.request.username, call);
    await login.remove((session, burst) => this.chat.accounts.removeOwn({ session, outlet: login, burst }));
    return { success: true, message: 'account deleted' };
  }

  /** Lets the login have the stream that its connection has open, and tells how many messages come on it first.
   *  @throws ChatError store_failed, taken_over, and then the login is over */
  private async welcome(login: Login, place: GrpcConnection | undefined): Promise<number | undefined> {
    if (place?.stream === undefined) return undefined;
    try {
      const undelivered = await login.welcome(place.stream);
      if (login.isEnded) throw new ChatError('taken_over');
      return undelivered;
    } catch (error) {
      login.end();
      throw error;
    }
  }
}

/** Turns of the event loop in which a call is read that came in the same bytes, or just behind them. */
const turnsAlong = 4;

/** Resolves when what came along with a call has been read. A client may open its stream first and send both at once, when
 *  its channel has connected; Google's then sends the login first. */
async function cameAlong(): Promise<void> {
  for (let turn = 1; turn <= turnsAlong; turn += 1) await new Promise(setImmediate);
}

/** @throws ChatError device_invalid */
function deviceOf({ device }: AccountRequest): string | undefined {
  if (device === '') return undefined;
  if (!isDeviceName(device)) throw new ChatError('device_invalid');
  return device;
}
