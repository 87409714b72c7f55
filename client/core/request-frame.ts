/** Requests as bytes, checked so that none of them can cost the connection. */

import { ByteWriter, encodeText } from '../../shared/bytes';
import { type CommandName, type CommandSpec, findCommand } from '../../shared/cmap';
import { ChatError } from '../../shared/errors';
import { limits } from '../../shared/limits';
import { writeRequest } from '../../shared/request';
import { RequestFailure } from './failures';

export type RequestValue = string | number | Uint8Array;

/** A request line and what it asks for. */
export interface RequestFrame {
  readonly spec: CommandSpec;
  readonly bytes: Uint8Array;
}

/** Writes requests. */
export class RequestFramer {
  private readonly scratch = new ByteWriter(256);

  /** @throws RequestFailure 400 when a value cannot be written, 413 when the line would be too long for the server:
   *  that would cost the connection */
  frame(name: CommandName, values: readonly RequestValue[], isLoggedIn: boolean): RequestFrame {
    const spec = specOf(name);
    try {
      writeRequest(this.scratch, spec, values);
    } catch (error) {
      this.scratch.take();
      if (error instanceof ChatError) throw new RequestFailure(error.status, whyMalformed(spec, values));
      throw error;
    }
    const bytes = this.scratch.take();
    const lineBytesMax = isLoggedIn ? limits.headBytesMax + limits.bodyBytesMax : limits.lineBytesMaxBeforeLogin;
    if (bytes.length - 1 > lineBytesMax) throw new RequestFailure(413, 'this line is too long');
    return { spec, bytes };
  }
}

/** The bytes of a message body.
 *  @throws RequestFailure 400 when it is empty or holds a NUL, 413 when it is too long as it stands on the wire */
export function bodyBytes(body: string): Uint8Array {
  if (body === '') throw new RequestFailure(400, 'a message must not be empty');
  if (body.includes('\0')) throw new RequestFailure(400, 'a message must not hold a NUL');
  const bytes = encodeText(body);
  const escapes = body.match(/[\n\r\\]/g)?.length ?? 0;
  if (bytes.length + escapes > limits.bodyBytesMax) {
    throw new RequestFailure(413, `a message is at most ${limits.bodyBytesMax} bytes`);
  }
  return bytes;
}

function specOf(name: CommandName): CommandSpec {
  const spec = findCommand(name);
  if (spec === undefined) throw new Error(`${name} is not in the table`);
  return spec;
}

function whyMalformed(spec: CommandSpec, values: readonly RequestValue[]): string {
  const index = values.findIndex((value, i) => {
    const text = value instanceof Uint8Array ? '' : String(value);
    return /[\0\r\n]/.test(text) || (i < values.length - 1 && /^$| /.test(text) && !(value instanceof Uint8Array));
  });
  const argument = spec.arguments[index]?.name ?? 'an argument';
  return `${spec.name}: ${argument} must not be empty or hold spaces or line breaks`;
}
