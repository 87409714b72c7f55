/** What texts are accepted as: `true`, or `false`, or a sentence that says why not. */

import { isIP } from 'node:net';
import { withoutBrackets } from '../../shared/host-port';

/** An IPv6 address may stand in brackets. */
export function isHost(value: string): boolean {
  return isIP(withoutBrackets(value)) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(value);
}

export function isPath(value: string): boolean {
  return value !== '' && !value.includes('\0');
}

export function isDatabasePath(value: string): boolean | string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
    return 'a URL is not supported yet: this version keeps its data in a SQLite file, so give a path';
  }
  if (value === ':memory:') return 'for a server that keeps nothing use --memory (memory = true in the file)';
  return isPath(value);
}

/** Origins as browsers write them, separated by commas. */
export function isOriginList(value: string): boolean {
  return value.split(',').every((origin) => isOrigin(origin.trim()));
}

/** `ldap://` is one too: on it TLS is begun before anything is said. */
export function isDirectoryUrl(value: string): boolean {
  const url = parseUrl(value);
  const isBare = url !== undefined && /^\/?$/.test(url.pathname) && url.search === '' && url.hash === '';
  return isBare && /^ldaps?:$/.test(url.protocol) && url.hostname !== '' && url.username === '' && url.password === '';
}

/** Balance is for the directory to judge; without the name in it everybody would be found. */
export function isDirectoryFilter(value: string): boolean {
  return /^\(.*\)$/s.test(value) && value.includes('{username}');
}

function isOrigin(value: string): boolean {
  const url = parseUrl(value);
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === value;
}

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}
