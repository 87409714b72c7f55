/** The calls about messages, and the listing of accounts. */

import { Metadata, type ServerUnaryCall, type ServerWritableStream } from '@grpc/grpc-js';
import { isSendKey } from '../../../shared/client-names';
import { ChatError } from '../../../shared/errors';
import { parseDestination } from '../../../shared/names';
import type { Chat } from '../../core/chat';
import type { Seq } from '../../core/ports';
import type { Sent } from '../../core/service/messages';
import type { Connections } from './connections';
import type { Identities } from './identities';
import { MessageStream } from './message-stream';
import { undeliveredSentence } from './statuses';
import type {
  AckRequest,
  ChatMessage,
  CommonResponse,
  ListedAccount,
  ListRequest,
  SendRequest,
  UserRequest,
} from './wire';

type Call<Request> = ServerUnaryCall<Request, CommonResponse>;

export interface MessageCallsNeeds {
  readonly chat: Chat;
  readonly identities: Identities;
  readonly connections: Connections;
  /** Resolves when the store has caught up with what it was given; whoever was first may fill it again. */
  readonly relief: () => Promise<void>;
}

export class MessageCalls {
  constructor(private readonly needs: MessageCallsNeeds) {}

  /** Answered once the message is on disk. */
  async send(call: Call<SendRequest>): Promise<CommonResponse> {
    const { fromUsername, toUsername, message, key } = call.request;
    const { chat, identities, relief } = this.needs;
    const login = identities.loginAs(fromUsername, call);
    while (chat.isCongested()) await relief();
    if (key !== '' && !isSendKey(key)) throw new ChatError('key_invalid');
    const body = Buffer.from(message);
    const sent = await new Promise<Sent>((resolve, reject) => {
      const ticket = { sent: resolve, failed: reject };
      chat.messages.send({ session: login.open, to: toUsername, key: key === '' ? undefined : key, body, ticket });
    });
    return { success: true, message: 'message sent', seq: sent.seq };
  }

  /** Answered once it is known how much is undelivered; without a stream it comes on the next one. */
  async deliver(call: Call<UserRequest>): Promise<CommonResponse> {
    const undelivered = await this.needs.identities.loginAs(call.request.username, call).deliver();
    const message = undeliveredSentence(undelivered);
    return undelivered === undefined ? { success: true, message } : { success: true, message, undelivered };
  }

  ack(call: Call<AckRequest>): CommonResponse {
    const login = this.needs.identities.loginOf(call);
    const seq = Number(call.request.seq);
    if (!Number.isSafeInteger(seq)) throw new ChatError('number_invalid', { name: 'seq' });
    login.open.acknowledge(parseDestination(call.request.log), seq as Seq);
    return { success: true, message: 'acknowledged' };
  }

  /** The messages of whoever the call's token names, or of whoever is logged in on its connection, now or later. */
  stream(call: ServerWritableStream<object, ChatMessage>): void {
    const { identities, connections } = this.needs;
    const tokenLogin = identities.tokenLogin(call);
    const connection = connections.find(call);
    if (connection === undefined) throw new ChatError('not_logged_in');
    const stream = new MessageStream(call, tokenLogin !== undefined);
    connection.streams.add(stream);
    call.once('close', () => {
      connection.streams.delete(stream);
      if (connection.stream === stream) connection.stream = undefined;
    });
    // The client learns that the stream is there before its first message.
    call.sendMetadata(new Metadata());
    if (tokenLogin !== undefined) {
      tokenLogin.attach(stream);
      return;
    }
    connection.stream?.end(new ChatError('taken_over'));
    connection.stream = stream;
    connection.login?.attach(stream);
  }

  /** Page by page, each once the client has taken the one before. */
  async list(call: ServerWritableStream<ListRequest, ListedAccount>): Promise<void> {
    const term = call.request.search_term === '' ? undefined : call.request.search_term;
    for (let after: string | undefined; ; ) {
      const { names, more } = await this.needs.chat.accounts.list(term, after);
      for (const username of names) {
        if (!call.write({ username })) await room(call);
        if (call.destroyed) return;
      }
      after = names.at(-1);
      if (!more || after === undefined) break;
    }
    call.end();
  }
}

/** Resolves when a stream can take more, or is gone. */
function room(call: ServerWritableStream<ListRequest, ListedAccount>): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      call.off('drain', settle).off('close', settle);
      resolve();
    };
    if (call.destroyed) resolve();
    else call.on('drain', settle).on('close', settle);
  });
}
