/** How results are told on this wire: as a `CommonResponse` where the call has one; a failure of any other call as a status.
 *  @see docs/protocols/grpc.md#failures */

import { status } from '@grpc/grpc-js';
import { ChatError, type ErrorCode, statusOf } from '../../../shared/errors';
import type { Logger } from '../../core/ports';
import type { CommonResponse } from './wire';

/** gRPC's status for each status that an error code has. */
const byStatus: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  408: status.DEADLINE_EXCEEDED,
  409: status.ABORTED,
  413: status.INVALID_ARGUMENT,
  429: status.RESOURCE_EXHAUSTED,
  500: status.INTERNAL,
  503: status.UNAVAILABLE,
  505: status.UNIMPLEMENTED,
  507: status.RESOURCE_EXHAUSTED,
};

/** Those that say something else here than their class does. */
const byCode: { readonly [code in ErrorCode]?: status } = {
  not_logged_in: status.UNAUTHENTICATED,
  name_taken: status.ALREADY_EXISTS,
};

/** The status that a stream ends with when it fails with `code`. */
export function grpcStatusOf(code: ErrorCode): status {
  return byCode[code] ?? byStatus[statusOf(code)] ?? status.UNKNOWN;
}

/** What a call of this wire answers when it failed. */
export function refusalOf(error: ChatError): CommonResponse {
  return { success: false, message: error.message, code: error.code };
}

/** What a call answers that has asked for undelivered messages; `count` is `undefined` where there is no stream yet. */
export function undeliveredSentence(count: number | undefined): string {
  if (count === undefined) return 'undelivered messages come on the next stream';
  if (count === 0) return 'no undelivered messages';
  return count === 1 ? '1 undelivered message follows' : `${count} undelivered messages follow`;
}

/** A failure as a peer may see it: what is no ChatError is a bug, is logged, and told as `internal`. */
export function asChatError(error: unknown, logger: Logger): ChatError {
  if (error instanceof ChatError) return error;
  logger.error('request_failed', error);
  return new ChatError('internal', {}, { cause: error });
}
