/** What the terminal client is told at its start: flags > environment > file > defaults. */

import { parseArgs } from 'node:util';
import { parse, TomlError } from 'smol-toml';
import { isDeviceName } from '../../shared/client-names';
import { parseHostPort } from '../../shared/host-port';
import { limits } from '../../shared/limits';
import { nearest } from '../../shared/nearest';

export interface TerminalOptions {
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  readonly device: string | undefined;
  /** Connect by TLS; the server's certificate must be from `ca`, or be in it, or be trusted by Node without it. */
  readonly tls: { readonly ca: string | undefined } | undefined;
}

/** What to do, and with what. `mistakes` has at least one line when it is there, each about one mistake. */
export type Start =
  | { readonly kind: 'run'; readonly options: TerminalOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly string[] };

export interface StartNeeds {
  /** What follows the program's name. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The text of a file. Throws as `fs.readFileSync` does. */
  readonly readFile: (path: string) => string;
}

export const usageText = `chateau, the terminal client

  npm run client -- [flags]
  npm run client -- ws [url]   send JSON files over WebSocket instead; ws --help tells more

  --host ADDRESS   where the server is (127.0.0.1); chat.lan, chat.lan:8888, ::1 and [::1]:8888 are understood
  --port N         its port (8888)
  --tls            connect by TLS; a certificate that cannot be trusted is refused
  --tls-ca PATH    PEM file of certificates to trust instead of the usual ones: an authority's, or the server's own
  --device NAME    keep a place of its own in the messages, for several clients of one account
  --config PATH    TOML file with host and port, which may be the server's (chateau.toml, where there is one)
  --help, --version

In the environment: CHATEAU_HOST, CHATEAU_PORT, CHATEAU_TLS (true), CHATEAU_TLS_CA, CHATEAU_DEVICE, CHATEAU_CONFIG;
NO_COLOR for no colours.
Messages that the server has not answered for are kept in $XDG_STATE_HOME/chateau (~/.local/state/chateau), so that they
survive a crash of the client and are sent at the next login.
With a terminal it is a prompt; otherwise one command per line in, one result per line out:

  printf 'login bob secret\\nsend alice hi\\n' | npm run --silent client
`;

const flags = {
  host: { type: 'string' },
  port: { type: 'string' },
  device: { type: 'string' },
  tls: { type: 'boolean' },
  'tls-ca': { type: 'string' },
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const defaultConfigPath = 'chateau.toml';

type Setting = 'host' | 'port' | 'device';

/** A value and where it was said, for messages. */
interface Given {
  readonly value: unknown;
  readonly source: string;
}

type Source = Partial<Record<Setting, Given>>;

/** Reads everything, and finds all mistakes at once. */
export function readStart(needs: StartNeeds): Start {
  const mistakes: string[] = [];
  const values = readFlags(needs.argv, mistakes);
  if (mistakes.length > 0) return { kind: 'mistakes', mistakes };
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const flagged = fromTexts(values, (name) => `--${name}`);
  const environment = fromTexts(
    {
      host: needs.environment.CHATEAU_HOST,
      port: needs.environment.CHATEAU_PORT,
      device: needs.environment.CHATEAU_DEVICE,
    },
    (name) => `CHATEAU_${name.toUpperCase()}`,
  );
  const file = readFile(needs, values.config ?? (needs.environment.CHATEAU_CONFIG || undefined), mistakes);
  const given = merged([file, environment, flagged], mistakes);
  const options = {
    host: readHost(given.host, mistakes),
    port: readPort(given.port, mistakes),
    device: readDevice(given.device, mistakes),
    tls: readTls(needs, values, mistakes),
  };
  return mistakes.length > 0 ? { kind: 'mistakes', mistakes } : { kind: 'run', options };
}

function readFlags(argv: readonly string[], mistakes: string[]) {
  const { tokens, values, positionals } = parseArgs({
    args: [...argv],
    options: flags,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const problem = flagProblem(token.name, token.value, token.inlineValue);
    if (problem !== undefined) mistakes.push(`${token.rawName}: ${problem}`);
  }
  // What stands behind a wrong flag may have been meant for its value.
  if (mistakes.length === 0) {
    for (const word of positionals) mistakes.push(`${word}: commands are typed at the prompt, or piped in`);
  }
  // Not strict, so that all mistakes are found; what is left of them is of the types that the table says.
  return values as {
    host?: string;
    port?: string;
    device?: string;
    tls?: boolean;
    'tls-ca'?: string;
    config?: string;
    help?: boolean;
    version?: boolean;
  };
}

function flagProblem(name: string, value: string | undefined, isInline: boolean | undefined): string | undefined {
  if (!Object.hasOwn(flags, name)) {
    const meant = nearest(name, Object.keys(flags));
    return `no such flag${meant === undefined ? '; --help lists them' : `; did you mean --${meant}?`}`;
  }
  if (flags[name as keyof typeof flags].type === 'boolean') return value === undefined ? undefined : 'takes no value';
  return value === undefined || value === '' || (!isInline && value.startsWith('--')) ? 'needs a value' : undefined;
}

function fromTexts(texts: Partial<Record<Setting, string | undefined>>, sourceOf: (name: Setting) => string): Source {
  const source: Source = {};
  for (const name of ['host', 'port', 'device'] as const) {
    const text = texts[name];
    if (text === undefined || text === '') continue;
    const isNumber = name === 'port' && /^[0-9]{1,9}$/.test(text);
    source[name] = { value: isNumber ? Number(text) : text, source: sourceOf(name) };
  }
  return source;
}

/** The file may be the server's, so keys that are none of ours are the server's business. */
function readFile({ readFile: read }: StartNeeds, named: string | undefined, mistakes: string[]): Source {
  const path = named ?? defaultConfigPath;
  let text: string;
  try {
    text = read(path);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (named === undefined && isMissing) return {};
    mistakes.push(`cannot read ${path}: ${reasonOf(error)}`);
    return {};
  }
  try {
    const table = parse(text.replace(/^\uFEFF/, ''));
    const source: Source = {};
    if (table.host !== undefined) source.host = { value: table.host, source: `${path}: host` };
    if (table.port !== undefined) source.port = { value: table.port, source: `${path}: port` };
    return source;
  } catch (error) {
    const line = error instanceof TomlError ? `:${error.line}` : '';
    mistakes.push(`${path}${line}: ${messageOf(error).split('\n', 1)[0]}`);
    return {};
  }
}

/** A server listens on all addresses where a client needs one of them. */
const anyAddress: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

/** Later sources go before earlier ones. A port that stands behind the host counts like one that its source names, and is not
 *  used with the host of another source. */
function merged(sources: readonly Source[], mistakes: string[]): Source {
  const given: Source = Object.assign({}, ...sources);
  const { host } = given;
  if (typeof host?.value !== 'string') return given;
  const { host: name, port } = parseHostPort(host.value);
  const named: Source = { ...given, host: { ...host, value: name } };
  const from = sources.findLastIndex((source) => source.host === host);
  if (port === undefined || sources.slice(from + 1).some((source) => source.port !== undefined)) return named;
  const other = sources[from]?.port;
  if (other !== undefined && other.value !== port) {
    mistakes.push(`${host.source}: names port ${port}, and ${other.source} another: give one of them`);
  }
  return { ...named, port: { value: port, source: host.source } };
}

function readHost(given: Given | undefined, mistakes: string[]): string {
  if (given === undefined) return '127.0.0.1';
  const { value, source } = given;
  if (typeof value === 'string' && /^[A-Za-z0-9:._%-]+$/.test(value)) return anyAddress.get(value) ?? value;
  mistakes.push(`${source}: must be a host name or an IP address, not ${JSON.stringify(value)}`);
  return '';
}

function readPort(given: Given | undefined, mistakes: string[]): number {
  if (given === undefined) return 8888;
  const { value, source } = given;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535) return value;
  const hint = value === 0 ? ' (any free one; the server prints which: use --port)' : '';
  mistakes.push(`${source}: must be a whole number from 1 to 65535, not ${JSON.stringify(value)}${hint}`);
  return 0;
}

function readDevice(given: Given | undefined, mistakes: string[]): string | undefined {
  if (given === undefined) return undefined;
  const { value, source } = given;
  if (typeof value === 'string' && isDeviceName(value)) return value;
  mistakes.push(`${source}: must be 1 to ${limits.deviceLengthMax} letters, digits, _ or -`);
  return undefined;
}

function readTls(
  { environment, readFile: read }: StartNeeds,
  flagged: { readonly tls?: boolean; readonly 'tls-ca'?: string },
  mistakes: string[],
): TerminalOptions['tls'] {
  const wanted = readSwitch(flagged.tls, environment.CHATEAU_TLS, mistakes);
  const source = flagged['tls-ca'] === undefined ? 'CHATEAU_TLS_CA' : '--tls-ca';
  const path = flagged['tls-ca'] ?? (environment.CHATEAU_TLS_CA || undefined);
  if (path === undefined) return wanted ? { ca: undefined } : undefined;
  // Who names a certificate and connects without one would be deceived.
  if (!wanted) mistakes.push(`${source}: is of no use without --tls`);
  try {
    const ca = read(path);
    if (!ca.includes('-----BEGIN CERTIFICATE-----')) mistakes.push(`${source}: there is no certificate in ${path}`);
    return { ca };
  } catch (error) {
    mistakes.push(`${source}: cannot read ${path}: ${reasonOf(error)}`);
    return undefined;
  }
}

const switchValues: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

function readSwitch(flag: boolean | undefined, variable: string | undefined, mistakes: string[]): boolean {
  if (flag !== undefined || variable === undefined || variable === '') return flag ?? false;
  const value = switchValues.get(variable.toLowerCase());
  if (value === undefined) mistakes.push(`CHATEAU_TLS: must be true or false, not ${JSON.stringify(variable)}`);
  return value ?? false;
}

function reasonOf(error: unknown): string {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return isMissing ? 'there is no such file' : messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
