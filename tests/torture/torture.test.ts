import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sabotage, sabotageVariable } from './sabotage';
import { type Wire, wires } from './wires';

const root = join(__dirname, '..', '..');
const seconds = Number(process.env.TORTURE_SECONDS ?? 60);
/** Short runs in one of which a fault has to show. One in eight has no answer cut off that matters (measured on
 *  repeated keys, beside other work), so about one in 30,000 tests fails for nothing; and on a machine that has no time
 *  for the server one may prove nothing at all. */
const shortRunsMax = 5;

interface Ended {
  readonly status: number | null;
  readonly output: string;
  /** A number of the summary by its title. */
  readonly count: (title: string) => number;
}

describe('npm run torture', () => {
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'torture-'));
  });

  afterEach(() => {
    child?.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  /** In `folder`, unless the arguments name another one. */
  async function torture(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const ran = spawn(process.execPath, ['--import', 'tsx', 'tests/torture/main.ts', '--folder', folder, ...args], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = ran;
    let output = '';
    for (const stream of [ran.stdout, ran.stderr]) {
      stream.on('data', (text) => {
        output += text;
      });
    }
    const [status] = await once(ran, 'close');
    const count = (title: string): number => {
      const digits = new RegExp(`^${title} +([\\d,]+)`, 'm').exec(output)?.[1];
      return Number(digits?.replaceAll(',', ''));
    };
    return { status, output, count };
  }

  it(
    'finds nothing lost, doubled, disordered or invented by the server, and leaves nothing behind',
    async () => {
      const { status, output, count } = await torture(['--minutes', String(seconds / 60)]);
      // The summary says what was wrong.
      expect({ status, output }).toEqual({ status: 0, output });
      expect(count('kills')).toBeGreaterThanOrEqual(Math.min(20, Math.floor(seconds / 3)));
      expect(count('acknowledged')).toBeGreaterThan(0);
      expect(count('shown')).toBeGreaterThanOrEqual(count('due'));
      for (const wire of wires)
        expect(output).toMatch(new RegExp(`^  ${wire} +[1-9][\\d,]* sent, .* [1-9][\\d,]* shown`, 'm'));
      expect(existsSync(folder)).toBe(false);
    },
    // With the time that a slow machine needs for enough kills, and twice the two minutes that clients wait at the end.
    (4 * seconds + 480) * 1_000,
  );

  it.each<[Sabotage, string, Wire[]]>([
    ['acknowledgeEarly', 'lost', ['cmap']],
    ['forgetKeys', 'duplicated', ['cmap']],
    ['passOver', 'lost', ['cmap']],
    ['acknowledgeEarly', 'lost', ['chateau', 'chatbot', 'nickroom']],
    ['passOver', 'lost', ['classic', 'grpc']],
  ])(
    'finds out about a server with the fault %s, by what is %s, on %j',
    async (sabotage, title, spoken) => {
      const server = ['--server', 'tests/torture/sabotaged-server.ts', '--wires', spoken.join(',')];
      const args = [...server, '--minutes', '0.2', '--clients', '16'];
      for (let seed = 1; ; seed += 1) {
        const kept = join(folder, `seed-${seed}`);
        const faulty = [...args, '--folder', kept, '--seed', String(seed)];
        const { status, output, count } = await torture(faulty, { [sabotageVariable]: sabotage });
        // A server that acknowledges early guesses its seqs: it may not even deliver what it says it has.
        const isBroken = output.includes('the server did not keep its promise') && count(title) > 0;
        const isFoundOut = isBroken || output.includes('messages undelivered');
        if (!isFoundOut && seed < shortRunsMax) continue;
        expect({ isFoundOut, status, output }).toEqual({ isFoundOut: true, status: 1, output });
        // For whoever wants to see why.
        expect(readdirSync(kept)).toEqual(expect.arrayContaining(['chateau.db', 'server.log', 'device-0.ledger']));
        return;
      }
    },
    // Each may wait two minutes for messages that do not come.
    shortRunsMax * 120_000 + 240_000,
  );

  it('says in one line what is wrong with a flag', async () => {
    expect(await torture(['--minutes', 'ten'])).toMatchObject({
      status: 2,
      output: 'torture: --minutes: must be a number from 0.1 to 1440, not "ten"\n',
    });
  });

  it('does not touch a folder that holds something', async () => {
    const { status, output } = await torture(['--folder', root]);
    expect(output).toBe(`torture: --folder: ${root} is not empty\n`);
    expect(status).toBe(2);
  });
});
