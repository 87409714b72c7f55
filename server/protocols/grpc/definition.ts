/** `chat.proto` as grpc-js wants it. */

import { join } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type Options, type PackageDefinition } from '@grpc/proto-loader';
import { checkFields } from './strict-reading';

/** Field names as they are written, and 64 bits as text: a number of JavaScript holds 53. */
export const loading: Options = { keepCase: true, longs: String, defaults: true };

export const chatServiceName = 'grpc.ChatService';

export function loadChatPackage(): PackageDefinition {
  return loadSync(join(__dirname, 'chat.proto'), loading);
}

/** The service in a package that holds it. A request that is no message of its kind throws when it is read. */
export function chatServiceOf(definition: PackageDefinition): ServiceDefinition {
  const service = definition[chatServiceName] as ReflectedService;
  const strict = Object.entries(service).map(([name, method]) => {
    const { field } = method.requestType.type;
    const texts = new Set(field.filter(({ type }) => type === 'TYPE_STRING').map(({ number }) => number));
    const requestDeserialize = (bytes: Buffer): unknown => {
      checkFields(bytes, texts);
      return method.requestDeserialize(bytes);
    };
    return [name, { ...method, requestDeserialize }];
  });
  return Object.fromEntries(strict) as ServiceDefinition;
}

/** Methods as the loader gives them: with the descriptors of their messages. */
type ReflectedService = {
  readonly [name: string]: ServiceDefinition[string] & {
    readonly requestType: { readonly type: { readonly field: readonly FieldDescriptor[] } };
  };
};

interface FieldDescriptor {
  readonly number: number;
  /** `TYPE_STRING`, `TYPE_BOOL`, ... */
  readonly type: string;
}
