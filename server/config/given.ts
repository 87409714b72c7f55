/** What a source said about an option, before anybody has decided what holds. */

import type { OptionSpec, OptionValue } from './option-spec';
import type { ConfigKey } from './options';

/** A value from one source. */
export interface Given {
  readonly key: ConfigKey;
  readonly value: OptionValue;
  /** Where it was said: `--port`, `CHATEAU_PORT` or `chateau.toml:3`. */
  readonly source: string;
}

/** What one source came to: values to use, and lines about what is wrong with the others. */
export interface Reading {
  readonly given: Given[];
  readonly mistakes: string[];
}

/** A value or why it is none. */
export type Checked = { readonly ok: true; readonly value: OptionValue } | { readonly ok: false; readonly why: string };

/** Checks what stood in a flag or a variable. */
export function checkText(spec: OptionSpec, raw: string): Checked {
  return check(spec, fromText(spec, raw), raw);
}

/** Checks what stood in a file, where a number is a number already. */
export function checkValue(spec: OptionSpec, raw: unknown): Checked {
  if (isNumeric(spec) && typeof raw === 'string' && /^\d+$/.test(raw)) {
    return { ok: false, why: `must be ${spec.mustBe}, without quotes` };
  }
  return check(spec, raw, raw);
}

function fromText(spec: OptionSpec, raw: string): unknown {
  if (isNumeric(spec)) return /^[+-]?\d+$/.test(raw) ? Number(raw) : raw;
  if (spec.kind === 'switch') return { true: true, '1': true, false: false, '0': false }[raw.toLowerCase()] ?? raw;
  return raw;
}

function isNumeric({ kind }: OptionSpec): boolean {
  return kind === 'whole' || kind === 'port';
}

function check(spec: OptionSpec, value: unknown, raw: unknown): Checked {
  const result = spec.schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  if (issue?.code === 'custom' && issue.params?.explained === true) return { ok: false, why: issue.message };
  return { ok: false, why: `must be ${spec.mustBe}, not ${quoted(raw)}` };
}

const quotedLengthMax = 60;

/** A raw value for a message, short. */
function quoted(raw: unknown): string {
  const json = JSON.stringify(raw) ?? String(raw);
  return json.length > quotedLengthMax ? `${json.slice(0, quotedLengthMax)}…` : json;
}
