/** The one table of options, from which flags, environment names, file keys, `--help` and `--print-config` come. */

import { isIP } from 'node:net';
import { z } from 'zod';
import { logLevels } from '../logger';

/** How a value is written. `text` in quotes in the file; `whole` a whole number; `switch` true or false, on the
 *  command line also by its mere presence; `choice` one of some words. */
export type OptionKind = 'text' | 'whole' | 'switch' | 'choice';

/** A value as the program uses it. */
export type OptionValue = string | number | boolean;

/** One option, whatever its kind. `Value` is what it holds; an option that is not `inFile` is no setting but steers
 *  how settings are read. */
export interface OptionSpec<Value extends OptionValue = OptionValue> {
  /** As a flag (with `--` before it) and as a key in the file. */
  readonly name: string;
  readonly kind: OptionKind;
  readonly group: OptionGroup;
  readonly default: Value;
  /** What a value must be, as the end of the sentence "must be …". */
  readonly mustBe: string;
  /** What a value may be, shortly, for `--help`; `undefined` when there is nothing to add. */
  readonly allowed: string | undefined;
  /** Checks a value. A custom issue with a message explains itself; for any other {@link mustBe} says what was wrong. */
  readonly schema: z.ZodType<Value>;
  /** What stands for the value in `--help`; `undefined` for a switch. */
  readonly placeholder: string | undefined;
  /** One sentence or two for `--help`. */
  readonly help: string;
}

/** Headings of `--help`, in order. */
export const optionGroups = ['Network', 'Storage', 'Accounts', 'Operation'] as const;
export type OptionGroup = (typeof optionGroups)[number];

interface Common {
  readonly name: string;
  readonly group: OptionGroup;
  readonly help: string;
}

/** Every setting by its name in {@link Config}. */
export const options = {
  host: text({
    name: 'host',
    group: 'Network',
    default: '127.0.0.1',
    placeholder: 'ADDRESS',
    mustBe: 'an IP address or a host name',
    accepts: (value) => isIP(value) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(value),
    help: 'address to listen on; 0.0.0.0 or :: listens on all of them',
  }),
  port: whole({
    name: 'port',
    group: 'Network',
    default: 8888,
    bounds: [0, 65_535],
    help: 'port to listen on; 0 takes any free one and says which',
  }),
  connectionsMax: whole({
    name: 'connections',
    group: 'Network',
    default: 20_000,
    bounds: [1, 1_000_000],
    help: 'connections at the same time; the next one is told so and closed',
  }),
  database: text({
    name: 'database',
    group: 'Storage',
    default: 'data/chateau.db',
    placeholder: 'PATH',
    mustBe: 'a path',
    accepts: isDatabasePath,
    help: 'SQLite file of accounts and messages, made with its folder when missing',
  }),
  memory: toggle({
    name: 'memory',
    group: 'Storage',
    default: false,
    help: 'keep nothing after the server stops; --database is left alone',
  }),
  mailboxMessagesMax: whole({
    name: 'mailbox-messages',
    group: 'Storage',
    default: 100_000,
    bounds: [1, 10_000_000],
    help: 'undelivered messages in one mailbox; the sender of the next one is refused',
  }),
  historyDays: whole({
    name: 'history-days',
    group: 'Storage',
    default: 30,
    bounds: [0, 3_650],
    help: 'days that messages stay readable after everybody has acknowledged them; 0 removes them within hours',
  }),
  sessionsPerAccountMax: whole({
    name: 'sessions-per-account',
    group: 'Accounts',
    default: 1,
    bounds: [1, 100],
    help: 'connections that may be logged in to one account at the same time',
  }),
  bcryptCost: whole({
    name: 'bcrypt-cost',
    group: 'Accounts',
    default: 10,
    bounds: [4, 15],
    help: 'work per password hash; each step doubles it. For new passwords: old hashes keep their cost',
  }),
  logLevel: choice({
    name: 'log-level',
    group: 'Operation',
    default: 'info',
    choices: logLevels,
    help: 'least severe log lines to write to stderr',
  }),
} as const;

/** Everything that can be set, valid. */
export type Config = {
  readonly [Key in keyof typeof options]: (typeof options)[Key] extends OptionSpec<infer Value> ? Value : never;
};
export type ConfigKey = keyof Config;

/** The settings in the order of the table. */
export const optionEntries = Object.entries(options) as (readonly [ConfigKey, OptionSpec])[];

/** What steers the program before there is a configuration: flags only, but `config` is in the environment too. */
export const steering = {
  config: { name: 'config', takesValue: true, placeholder: 'PATH', help: 'TOML file of settings' },
  printConfig: {
    name: 'print-config',
    takesValue: false,
    help: 'print the settings and where each came from, as TOML',
  },
  help: { name: 'help', takesValue: false, help: 'print this' },
  version: { name: 'version', takesValue: false, help: 'print the version' },
} as const;

/** What every environment variable of the program starts with. */
export const environmentPrefix = 'CHATEAU_';

/** The environment variable of an option: `CHATEAU_BCRYPT_COST` for `bcrypt-cost`. */
export function environmentName(name: string): string {
  return environmentPrefix + name.toUpperCase().replaceAll('-', '_');
}

function text(
  spec: Common & { default: string; placeholder: string; mustBe: string; accepts: (value: string) => boolean | string },
): OptionSpec<string> {
  const { accepts, ...rest } = spec;
  const schema = z.string().superRefine((value, context) => {
    const verdict = accepts(value);
    if (verdict !== true) context.addIssue({ code: 'custom', ...(verdict === false ? {} : explained(verdict)) });
  });
  return { ...rest, kind: 'text', allowed: undefined, schema };
}

function whole({
  bounds: [min, max],
  ...spec
}: Common & { default: number; bounds: [number, number] }): OptionSpec<number> {
  const allowed = `${min} to ${max}`;
  return {
    ...spec,
    kind: 'whole',
    allowed,
    mustBe: `a whole number from ${allowed}`,
    placeholder: 'N',
    schema: z.int().min(min).max(max),
  };
}

function toggle(spec: Common & { default: boolean }): OptionSpec<boolean> {
  return {
    ...spec,
    kind: 'switch',
    allowed: undefined,
    mustBe: 'true or false',
    placeholder: undefined,
    schema: z.boolean(),
  };
}

function choice<Word extends string>({
  choices,
  ...spec
}: Common & { default: Word; choices: readonly Word[] }): OptionSpec<Word> {
  const schema = z.enum(choices) as z.ZodType<Word>;
  const allowed = choices.join(', ');
  return { ...spec, kind: 'choice', allowed, mustBe: `one of ${allowed}`, placeholder: 'LEVEL', schema };
}

/** A custom issue that is to be shown as it is. */
function explained(message: string): { message: string; params: object } {
  return { message, params: { explained: true } };
}

/** A sentence says why not. */
function isDatabasePath(value: string): boolean | string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
    return 'a URL is not supported yet: this version keeps its data in a SQLite file, so give a path';
  }
  if (value === ':memory:') return 'for a server that keeps nothing use --memory (memory = true in the file)';
  return value !== '' && !value.includes('\0');
}
