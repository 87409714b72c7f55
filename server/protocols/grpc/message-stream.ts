/** One open `ChatStream`. */

import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ChatError } from '../../../shared/errors';
import { grpcStatusOf } from './statuses';
import type { ChatMessage } from './wire';

/** Whoever writes to a stream at the moment. */
export interface StreamOwner {
  streamClosed(stream: MessageStream): void;
}

export class MessageStream {
  owner: StreamOwner | undefined;
  private isOver = false;

  /** One that `isByToken` ends with its login; another waits for the next login of its connection. */
  constructor(
    private readonly call: ServerWritableStream<object, ChatMessage>,
    readonly isByToken: boolean,
  ) {
    call.on('close', () => {
      this.isOver = true;
      this.owner?.streamClosed(this);
    });
  }

  /** `taken` is called once the operating system has the message, in the order of the writes; never when the stream goes
   *  first. */
  write(message: ChatMessage, taken: () => void): void {
    if (this.isOver) return;
    this.call.write(message, (error: Error | null | undefined) => {
      if (!error) taken();
    });
  }

  /** Ends the stream after what was written: with this failure, or in good order. Twice is once. */
  end(error?: ChatError): void {
    if (this.isOver) return;
    this.isOver = true;
    if (error === undefined) this.call.end();
    // As grpc-js has it: the writable side ends, and the error is the status that it ends with.
    else this.call.emit('error', { code: grpcStatusOf(error.code), details: error.message });
  }
}
