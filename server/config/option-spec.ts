/** What an option is, and the kinds of them. */

import * as z from 'zod';

/** How a value is written. `text` in quotes in the file; `whole` a whole number; `port` a whole number or `off`;
 *  `switch` true or false, on the command line also by its mere presence; `choice` one of some words. */
export type OptionKind = 'text' | 'whole' | 'port' | 'switch' | 'choice';

/** A value as the program uses it. */
export type OptionValue = string | number | boolean;

/** A port to listen on; 0 takes any free one. */
export type PortSetting = number | 'off';

/** One option, whatever its kind. `Value` is what it holds. */
export interface OptionSpec<Value extends OptionValue = OptionValue> {
  /** As a flag (with `--` before it) and as a key in the file. */
  readonly name: string;
  readonly kind: OptionKind;
  readonly group: OptionGroup;
  /** The empty text means that it is not set. */
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
export const optionGroups = ['Network', 'TLS', 'Storage', 'Accounts', 'Directory', 'Operation'] as const;
export type OptionGroup = (typeof optionGroups)[number];

interface Common {
  readonly name: string;
  readonly group: OptionGroup;
  readonly help: string;
}

interface TextSpec extends Common {
  readonly default: string;
  readonly placeholder: string;
  readonly mustBe: string;
  /** Whether it is one; a sentence says why not. */
  readonly accepts: (value: string) => boolean | string;
  /** The form in which the program uses an accepted value; as it is by default. */
  readonly normalize?: (value: string) => string;
}

export function text({ accepts, normalize = (value) => value, ...rest }: TextSpec): OptionSpec<string> {
  const checked = z.string().superRefine((value, context) => {
    const verdict = accepts(value);
    if (verdict !== true) context.addIssue({ code: 'custom', ...(verdict === false ? {} : explained(verdict)) });
  });
  const schema = checked.transform(normalize);
  return { ...rest, kind: 'text', allowed: undefined, schema };
}

/** A text that need not be there: empty, as by default, it is not set. */
export function optionalText(spec: Omit<TextSpec, 'default'>): OptionSpec<string> {
  return text({ ...spec, default: '', accepts: (value) => value === '' || spec.accepts(value) });
}

export function whole({
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

const portMax = 65_535;

export function port(spec: Common & { default: PortSetting }): OptionSpec<PortSetting> {
  return {
    ...spec,
    kind: 'port',
    allowed: `0 to ${portMax}, or off`,
    mustBe: `a whole number from 0 to ${portMax}, or off`,
    placeholder: 'N',
    schema: z.union([z.int().min(0).max(portMax), z.literal('off')]),
  };
}

export function toggle(spec: Common & { default: boolean }): OptionSpec<boolean> {
  return {
    ...spec,
    kind: 'switch',
    allowed: undefined,
    mustBe: 'true or false',
    placeholder: undefined,
    schema: z.boolean(),
  };
}

export function choice<Word extends string>({
  choices,
  ...spec
}: Common & { default: Word; choices: readonly Word[]; placeholder: string }): OptionSpec<Word> {
  const schema = z.enum(choices) as z.ZodType<Word>;
  const allowed = choices.join(', ');
  return { ...spec, kind: 'choice', allowed, mustBe: `one of ${allowed}`, schema };
}

/** A custom issue that is to be shown as it is. */
function explained(message: string): { message: string; params: object } {
  return { message, params: { explained: true } };
}
