/** What SQLite and the file system say when a database cannot be opened, as a sentence for whoever starts the server. */

import { StoreOpenError } from '../open-error';

/** The error for `cause`, met while opening `path`. One that is a sentence already is left as it is. */
export function openFailure(path: string, cause: unknown): StoreOpenError {
  if (cause instanceof StoreOpenError) return cause;
  const sentence = sentenceFor(path, codeOf(cause)) ?? `cannot open ${path}: ${messageOf(cause)}`;
  return new StoreOpenError(sentence, { cause });
}

/** The code of a Node or SQLite error, `''` for any other. Not by `instanceof`: an addon's errors are made in the realm
 *  that loaded it first, which under jest is another one. */
export function codeOf(error: unknown): string {
  return textOf(error, 'code') ?? '';
}

/** What an error says, of whatever realm. */
export function messageOf(error: unknown): string {
  return textOf(error, 'message') ?? String(error);
}

/** A property of an error that is a text. */
export function textOf(error: unknown, property: 'code' | 'message' | 'stack'): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' ? value : undefined;
}

function sentenceFor(path: string, code: string): string | undefined {
  const elsewhere = 'or choose another file with --database';
  const rights = `not allowed to write ${path}: give this user the right to write the file and its folder, ${elsewhere}`;
  const sentences: readonly (readonly [prefix: string, sentence: string])[] = [
    ['SQLITE_NOTADB', `${path} is not a SQLite database: move it away, ${elsewhere}`],
    ['SQLITE_CORRUPT', `${path} is damaged: restore it from a backup, ${elsewhere}`],
    ['SQLITE_FULL', `the disk that holds ${path} is full: free some space, ${elsewhere}`],
    ['SQLITE_BUSY', `${path} is locked by another program: close that, ${elsewhere}`],
    ['SQLITE_READONLY', rights],
    ['SQLITE_PERM', rights],
    ['SQLITE_CANTOPEN', rights],
    ['EACCES', rights],
    ['EPERM', rights],
    ['EROFS', `the disk that holds ${path} is read-only: make it writable, ${elsewhere}`],
    ['ENOSPC', `the disk that holds ${path} is full: free some space, ${elsewhere}`],
    ['ENOTDIR', `a part of the path ${path} is not a folder: choose another file with --database`],
    ['EEXIST', `a part of the path ${path} is not a folder: choose another file with --database`],
    ['ENOENT', `there can be no file ${path}: choose another with --database`],
  ];
  return sentences.find(([prefix]) => code.startsWith(prefix))?.[1];
}
