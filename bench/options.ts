/** What the benchmark can measure, and what it was asked to. */

import { parseArgs } from 'node:util';

/** Every workload and what it is, in the order in which they run. */
export const workloadTitles = {
  W1: 'live messages, 50 pairs with 64 messages under way each; and at 2 000 messages a second',
  load: 'live messages against load: the charts',
  W2: 'messages to 100 recipients who are away, 10 senders with 64 waiting each',
  W3: 'the 100 recipients log in and acknowledge what was kept',
  W4: 'memory of a login that does nothing',
  W5: 'a storm of logins beside live messages',
  W6: '10 000 connections of which one in a hundred does something',
  W7: 'a mailbox with 1 000 000 undelivered messages',
  W8: 'names among 1 000 000 accounts',
  start: 'from its start to accepting connections',
  durability: 'SIGKILL after the last of 5 000 messages was acknowledged',
  'growth-of-costs': 'what each request costs at two sizes of what its cost may depend on, and the ratio',
  receipts: 'acknowledgements with delivery receipts and without, and the end of 4 000 sessions that wait for some',
  bare: 'what SQLite and the disk do by themselves, on one core',
  growth: 'how figures grow with what the server holds',
} as const;

export type WorkloadName = keyof typeof workloadTitles;

export const workloadNames = Object.keys(workloadTitles) as readonly WorkloadName[];
/** What is measured when nothing is named: growth has a flag of its own. */
const usual = workloadNames.filter((name) => name !== 'growth');

export interface Options {
  /** Names of peers that were asked for; installed or not. */
  readonly peers: readonly string[] | 'all';
  readonly only: ReadonlySet<WorkloadName>;
  /** Each figure is the median of so many, 1 or more. */
  readonly runs: number;
  /** How long each rate is measured. */
  readonly seconds: number;
  /** The folder of the report. */
  readonly out: string;
}

export const usage = `npm run bench -- [flags]

  --peers NAMES    peers to measure beside this server, separated by commas; none; all that are installed by default
  --only NAMES     workloads, separated by commas: ${usual.join(', ')}
  --runs N         runs of which the median is taken (3)
  --seconds N      how long each rate is measured (10)
  --out FOLDER     where the report goes (bench/results)
  --growth         how throughput and latency grow with connections, mailboxes and accounts, in place of the workloads

Workloads:
${usual.map((name) => `  ${name.padEnd(16)} ${workloadTitles[name]}`).join('\n')}
`;

/** @throws Error that says what is wrong with the arguments */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      peers: { type: 'string' },
      only: { type: 'string' },
      runs: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '10' },
      out: { type: 'string', default: 'bench/results' },
      growth: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    peers: peersOf(values.peers),
    only: new Set(onlyOf(values)),
    runs: whole('runs', values.runs),
    seconds: whole('seconds', values.seconds),
    out: values.out,
  };
}

function peersOf(value: string | undefined): readonly string[] | 'all' {
  if (value === undefined) return 'all';
  return value === 'none' ? [] : value.split(',');
}

function onlyOf({ only, growth }: { readonly only?: string; readonly growth: boolean }): readonly WorkloadName[] {
  if (growth) return ['growth'];
  return only === undefined ? usual : only.split(',').map(workloadNamed);
}

function workloadNamed(name: string): WorkloadName {
  const found = workloadNames.find((each) => each === name);
  if (found === undefined) throw new Error(`no workload ${name}; there are ${workloadNames.join(', ')}`);
  return found;
}

function whole(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} must be a whole number from 1`);
  return number;
}
