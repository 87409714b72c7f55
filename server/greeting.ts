/** What the server says on stdout when it has started, for people. */

import { formatHostPort } from '../shared/host-port';
import type { Config } from './config';

/** A wire that listens on a port of its own. */
export interface ListeningWire {
  /** For people, such as `gRPC`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export interface GreetingFacts {
  readonly version: string;
  readonly config: Config;
  /** The port that cmap and HTTP share. */
  readonly port: number;
  readonly others: readonly ListeningWire[];
}

/** What listens where, what is kept, and how to begin. */
export function greeting({ version, config, port, others }: GreetingFacts): string {
  const host = reachable(config.host);
  const flags = port === 8888 && host === '127.0.0.1' ? '' : ` -- --host ${host} --port ${port}`;
  const kept = config.memory ? 'nothing is kept after it stops' : `accounts and messages in ${config.database}`;
  const ways = [
    [`npm run client${flags}`, 'chat in a terminal'],
    [`nc ${host} ${port}`, 'the same by hand: create alice pw, login alice pw, send bob hi'],
    [`${config.tlsCert === '' ? 'ws' : 'wss'}://${formatHostPort(host, port)}/ws`, 'JSON over WebSockets'],
    ...others.map((wire) => [formatHostPort(reachable(wire.host), wire.port), `${wire.name} clients`]),
  ];
  const whatColumn = Math.max(...ways.map(([way = '']) => way.length)) + 3;
  return [
    `chateau ${version} listens on ${config.host} port ${port}; ${kept}`,
    '',
    ...ways.map(([way = '', what]) => `  ${way.padEnd(whatColumn)}${what}`),
    '',
    'Ctrl-C stops it.',
  ].join('\n');
}

function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? 'localhost' : host;
}
