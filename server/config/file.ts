/** Settings from a TOML file. */

import { parse, TomlError } from 'smol-toml';
import { checkValue, type Reading } from './given';
import { optionEntries, steering } from './options';
import { suggestion } from './suggestion';

/** The text of a file. Throws as `fs.readFileSync` does. */
export type ReadFile = (path: string) => string;

/** The file that is read when none is named, if it is there. */
export const defaultConfigPath = 'chateau.toml';

/** A file that somebody named, and where. */
export interface NamedFile {
  readonly path: string;
  /** `--config` or `CHATEAU_CONFIG`. */
  readonly source: string;
}

/** Reads the file that was named, or `chateau.toml` in the working directory, which may be missing. */
export function readConfigFile(named: NamedFile | undefined, readFile: ReadFile): Reading {
  const path = named?.path ?? defaultConfigPath;
  let text: string;
  try {
    text = readFile(path);
  } catch (cause) {
    if (named === undefined && codeOf(cause) === 'ENOENT') return { given: [], mistakes: [] };
    return { given: [], mistakes: [`${named?.source ?? path}: ${unreadable(path, cause)}`] };
  }
  return parseConfigFile(path, text);
}

/** Reads the text of a file; `path` is for the messages. */
export function parseConfigFile(path: string, text: string): Reading {
  const reading: Reading = { given: [], mistakes: [] };
  const toml = text.replace(/^\uFEFF/, '');
  let table: Record<string, unknown>;
  try {
    table = parse(toml);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    return { given: [], mistakes: [`${path}:${cause.line}: not valid TOML: ${firstSentence(cause)}`] };
  }
  for (const [name, raw] of Object.entries(table)) {
    const line = lineOfKey(toml, name);
    const source = line === undefined ? path : `${path}:${line}`;
    const option = optionEntries.find(([, spec]) => spec.name === name);
    if (option === undefined) {
      reading.mistakes.push(`${source}: ${name}: ${unknownKey(name)}`);
      continue;
    }
    const checked = checkValue(option[1], raw);
    if (checked.ok) reading.given.push({ key: option[0], value: checked.value, source });
    else reading.mistakes.push(`${source}: ${name}: ${checked.why}`);
  }
  return reading;
}

const keys = optionEntries.map(([, spec]) => spec.name);

function unknownKey(name: string): string {
  const isFlag = Object.values(steering).some((flag) => flag.name === name);
  return isFlag ? 'a flag only, not for a file' : `no such setting${suggestion(name, keys)}`;
}

/** The parser keeps no positions. A key of the top level stands at the start of a line, before any table, and what
 *  stands before it is a document of its own: so text inside a string of many lines is not taken for a key. */
function lineOfKey(toml: string, name: string): number | undefined {
  const start = new RegExp(`^\\s*\\[{0,2}\\s*["']?${name.replace(/[^\w-]/g, '\\$&')}["']?\\s*[=.\\]]`);
  const lines = toml.split(/\r?\n/);
  const index = lines.findIndex((line, before) => start.test(line) && isToml(lines.slice(0, before).join('\n')));
  return index === -1 ? undefined : index + 1;
}

function isToml(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Without the excerpt that the parser adds. */
function firstSentence(error: TomlError): string {
  return error.message.replace(/^Invalid TOML document: /, '').split('\n', 1)[0] ?? '';
}

function unreadable(path: string, cause: unknown): string {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
  };
  return `cannot read ${path}: ${reasons[codeOf(cause) ?? ''] ?? (cause instanceof Error ? cause.message : String(cause))}`;
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}
