import { readFlags } from './flags';

describe('flags', () => {
  it('has a default for everything', () => {
    expect(readFlags([])).toEqual({
      kind: 'run',
      flags: {
        seed: undefined,
        seconds: 60,
        clients: 24,
        wires: ['cmap', 'classic', 'chateau', 'chatbot', 'nickroom', 'grpc'],
        folder: undefined,
        keep: false,
        progress: undefined,
        program: 'server/main.ts',
      },
    });
  });

  it('takes every flag', () => {
    const argv =
      '--seed 7 --minutes 0.5 --clients=8 --wires chatbot,cmap --folder /mnt/x --keep --progress lines --server other.ts';
    expect(readFlags(argv.split(' '))).toEqual({
      kind: 'run',
      flags: {
        seed: 7,
        seconds: 30,
        clients: 8,
        wires: ['cmap', 'chatbot'],
        folder: '/mnt/x',
        keep: true,
        progress: 'lines',
        program: 'other.ts',
      },
    });
  });

  it('gives help whatever else is there', () => {
    expect(readFlags(['--help', '--minutes', 'ten'])).toEqual({ kind: 'help' });
  });

  it.each([
    [['--minutes', 'ten'], '--minutes: must be a number from 0.1 to 1440, not "ten"'],
    [['--minutes', '0'], '--minutes: must be a number from 0.1 to 1440, not "0"'],
    [['--clients', '3'], '--clients: must be a whole number from 4 to 200, not "3"'],
    [['--clients', '4.5'], '--clients: must be a whole number from 4 to 200, not "4.5"'],
    [['--wires', 'cmap,smtp'], '--wires: must be some of cmap, classic, chateau, chatbot, nickroom, grpc'],
    [['--wires', 'chatbot,nickroom'], '--wires: at least one of cmap, classic, chateau, grpc has to be there'],
    [['--seed', '-1'], "Option '--seed' argument is ambiguous."],
    [['--seed', '0x10'], '--seed: must be a whole number from 0 to 4294967295, not "0x10"'],
    [['--progress', 'none '], '--progress: must be one of bar, lines, none, not "none "'],
    [['--minute', '1'], "Unknown option '--minute'"],
    [['--folder'], "Option '--folder <value>' argument missing"],
    [['now'], "Unexpected argument 'now'"],
  ])('says in one line what is wrong with %j', (argv, sentence) => {
    const start = readFlags(argv);
    expect(start).toMatchObject({ kind: 'mistake', mistake: expect.stringContaining(sentence) });
    expect(start.kind === 'mistake' && start.mistake).not.toContain('\n');
  });
});
