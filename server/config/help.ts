/** What `--help` prints. */

import { type OptionSpec, optionGroups } from './option-spec';
import { environmentName, optionEntries, steering } from './options';

const widthMax = 92;
const indent = 2;
/** Where the explanations start. */
const column = 34;

/** The whole help, made from the table of options. */
export function helpText(version: string): string {
  return [
    `chateau ${version}: account-based chat with offline delivery`,
    '',
    'Usage: npm run server -- [flags]',
    '',
    ...wrap(
      'A flag counts more than its environment variable, that more than the file, and that more than the default. ' +
        'Of a flag given twice the last counts. A switch is turned off with --no- before its name.',
      0,
    ),
    '',
    ...optionGroups.flatMap((group) => [
      `${group}:`,
      ...optionEntries.filter(([, spec]) => spec.group === group).flatMap(([, spec]) => optionLines(spec)),
      '',
    ]),
    'This program:',
    ...Object.values(steering).flatMap(steeringLines),
    '',
    ...wrap(
      'In the environment a setting has the name in brackets; an empty variable counts as not set, and a switch is ' +
        'true or false. In the file a setting has the name of its flag:',
      0,
    ),
    '',
    '  # chateau.toml',
    ...exampleLines(),
    '',
  ].join('\n');
}

function optionLines(spec: OptionSpec): string[] {
  const flag = spec.placeholder === undefined ? `--${spec.name}` : `--${spec.name} ${spec.placeholder}`;
  const hasDefault = spec.kind !== 'switch' && spec.default !== '';
  const facts = [spec.allowed, hasDefault ? `default ${spec.default}` : undefined];
  const stated = facts.filter((fact) => fact !== undefined).join('; ');
  return entry(flag, `${spec.help} ${stated === '' ? '' : `(${stated}) `}[${environmentName(spec.name)}]`);
}

function steeringLines(flag: (typeof steering)[keyof typeof steering]): string[] {
  if (flag.name === 'config') {
    const help = `${flag.help}; without it chateau.toml in the working directory, if it is there`;
    return entry(`--${flag.name} ${flag.placeholder}`, `${help} [${environmentName(flag.name)}]`);
  }
  return entry(flag.name === 'help' ? '-h, --help' : `--${flag.name}`, flag.help);
}

/** Every kind of value once. */
function exampleLines(): string[] {
  const examples = optionEntries.filter(
    ([, { kind }], index) => optionEntries.findIndex(([, other]) => other.kind === kind) === index,
  );
  return examples.map(([, { name, default: value }]) => `  ${name} = ${JSON.stringify(value)}`);
}

function entry(flag: string, explanation: string): string[] {
  const [first = '', ...rest] = wrap(explanation, column);
  const label = `${' '.repeat(indent)}${flag}`.padEnd(column - 1);
  return [`${label} ${first.trimStart()}`, ...rest];
}

/** Lines of at most {@link widthMax} characters, each moved right by `margin`. */
function wrap(text: string, margin: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && margin + line.length + 1 + word.length > widthMax) {
      lines.push(' '.repeat(margin) + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, ' '.repeat(margin) + line];
}
