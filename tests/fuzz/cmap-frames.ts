/** Requests of both versions of cmap, valid and not, and what tries the rule of the first byte. */

import { type CommandSpec, commands } from '../../shared/cmap';
import type { Random } from '../torture/random';
import { mutated, randomBytes } from './mutation';
import { attackerName, attackerPassword, someName, someRoom, someText } from './names';
import { repeated, type Target } from './script';

/** Those that hash a password, and the one that closes: a few are enough. */
const rareCommands: ReadonlySet<string> = new Set([
  'create',
  'login',
  'takeover',
  'delete',
  'passwd',
  'deliver',
  'quit',
  'logout',
  'list',
  'history',
]);

const specs: readonly CommandSpec[] = commands;
const commonSpecs = specs.filter(({ name }) => !rareCommands.has(name));

const capabilities = ['ack', 'keys', 'receipts', 'device=phone', 'device=', 'client=fuzz/1', 'nothing', '2', '1', '99'];

/** Most lines after login are shorter than one before it may be. */
const lineBytesMax = 1_000;
const lineFeed = 0x0a;

/** Version 2. Every line is a frame. */
export function modernTarget(port: number): Target {
  const name = 'cmap2';
  return {
    name,
    port,
    connections: 24,
    framesPerConnection: 900,
    opening: (random, slot) => Buffer.from(modernOpening(random, attackerName(name, slot))),
    frames: (random, slot, count) => repeated(count, () => modernFrame(random, attackerName(name, slot))),
    breaking: (random) => firstBytes(random),
  };
}

function modernOpening(random: Random, own: string): string {
  if (random.oneIn(3)) return '';
  const hello = random.oneIn(2) ? '7 2 ack receipts client=fuzz/1\n' : '';
  return `${hello}${random.oneIn(4) ? `0 ${own} ${attackerPassword}\n` : ''}20 ${own} ${attackerPassword}\n`;
}

function modernFrame(random: Random, own: string): Buffer {
  const spec = random.oneIn(60) ? random.pick(specs) : random.pick(commonSpecs);
  const line = Buffer.from(modernLine(random, spec, own));
  if (random.oneIn(3)) return line;
  if (random.oneIn(20)) return Buffer.concat([randomBytes(random, random.whole(0, 60)), Buffer.from('\n')]);
  const made = mutated(random, line).subarray(0, lineBytesMax);
  return random.oneIn(20) || made.at(-1) === lineFeed ? made : Buffer.concat([made, Buffer.from('\n')]);
}

function modernLine(random: Random, spec: CommandSpec, own: string): string {
  const first = random.oneIn(4) ? spec.name : `${spec.opcode}`;
  const count = random.oneIn(5) ? random.whole(0, 6) : spec.arguments.length;
  const given = Array.from({ length: count }, (_, at) => modernArgument(random, spec.arguments[at]?.name ?? '', own));
  return [first, ...given].join(' ').concat(random.oneIn(3) ? '\r\n' : '\n');
}

function modernArgument(random: Random, name: string, own: string): string {
  if (/capab|version/.test(name)) return random.pick(capabilities);
  if (/room|log/.test(name)) return random.oneIn(3) ? own : someRoom(random);
  if (/seq|limit|before/.test(name)) return random.pick(['0', '1', '2', '50', '-1', '1e3', '9007199254740993', '']);
  if (/body|token|key/.test(name)) return someText(random);
  return random.oneIn(4) ? someRoom(random) : someName(random, 'cmap2');
}

const classicRequests = ['1 1 zzz', '1 3 # x', '1 6', '1 3', '1 7', '1 9 a', '1  ', '1 1 a b c', '1 33', '1 -1', '1 x'];

/** Version 1. Line ends separate the requests of one read; a read that is not UTF-8 is one request, so those that are not
 *  come last. */
export function classicTarget(port: number): Target {
  const name = 'cmap1';
  return {
    name,
    port,
    connections: 24,
    framesPerConnection: 700,
    opening: (random, slot) => Buffer.from(classicOpening(random, attackerName(name, slot))),
    frames: (random, _, count) => repeated(count, () => classicFrame(random)),
    breaking: (random) => classicBreaking(random),
  };
}

function classicOpening(random: Random, own: string): string {
  if (random.oneIn(2)) return '1 6\n';
  return `${random.oneIn(4) ? `1 0 ${own} ${attackerPassword}\n` : ''}1 2 ${own} ${attackerPassword}\n`;
}

function classicFrame(random: Random): Buffer {
  const line = Buffer.from(classicLine(random));
  const made = random.oneIn(3) ? line : mutated(random, line).subarray(0, lineBytesMax);
  // Another first word closes the connection, and a byte that is no ASCII may spoil the whole read.
  const text = Buffer.from(made).map((byte) => (byte === lineFeed || byte === 0 || byte >= 0x80 ? 0x3f : byte));
  return Buffer.concat([Buffer.from('1 '), text.subarray(text[0] === 0x31 ? 2 : 0), Buffer.from('\n')]);
}

function classicLine(random: Random): string {
  const name = someName(random, 'cmap1');
  if (random.oneIn(1_500)) return `1 ${random.pick(['0', '2', '4', '5'])} ${name} ${attackerPassword}`;
  if (random.oneIn(50)) return `1 1 ${name}`;
  if (random.oneIn(4)) return `1 3 ${name} ${someText(random)}`;
  return random.pick(classicRequests);
}

function classicBreaking(random: Random): Buffer {
  const line = Buffer.from(classicLine(random));
  if (random.oneIn(3)) return Buffer.from(`${random.whole(2, 99)} 1 a\n`);
  return mutated(random, line);
}

const beginnings = [
  '1',
  '1 ',
  '1 7',
  '1 0',
  '12',
  'GET',
  'GET ',
  'POST ',
  'OPTIONS',
  'HEAD /',
  'PUT ',
  '\x16',
  '\x16\x03',
  '',
  'é',
];

/** What could be the beginning of anything, and lines that are too long. */
function firstBytes(random: Random): Buffer {
  if (random.oneIn(8)) return Buffer.alloc(random.whole(1_000, 70_000), random.pick(['x', '3', ' ', '\\', '\0']));
  const beginning = Buffer.from(random.pick(beginnings), 'latin1');
  return Buffer.concat([beginning, randomBytes(random, random.whole(0, 30))]);
}

/** Connections that begin with anything: the rule of the first bytes. Each has a few frames only. */
export function firstBytesTarget(port: number): Target {
  return {
    name: 'first-bytes',
    port,
    connections: 32,
    framesPerConnection: 4,
    opening: (random) => firstBytes(random),
    frames: (random, _, count) => repeated(count, () => modernFrame(random, 'nobody')),
    breaking: (random) => firstBytes(random),
  };
}
