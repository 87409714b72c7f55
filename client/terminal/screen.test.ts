import * as readline from 'node:readline';
import { PassThrough } from 'node:stream';
import { turn } from '../core/fake-clock';
import { Screen } from './screen';

const columns = 30;
const rows = 8;

/** As much of a terminal as readline needs: it wraps, scrolls, moves and clears. */
class GridTerminal extends PassThrough {
  readonly columns = columns;
  readonly rows = rows;
  private grid: string[][] = [[]];
  private row = 0;
  private column = 0;

  constructor() {
    super();
    this.on('data', (chunk) => this.show(String(chunk)));
  }

  moveCursor(right: number, down: number): boolean {
    return readline.moveCursor(this, right, down);
  }
  cursorTo(column: number): boolean {
    return readline.cursorTo(this, column);
  }
  clearScreenDown(): boolean {
    return readline.clearScreenDown(this);
  }

  /** What is on the screen and has scrolled away, without what is empty at the end. */
  text(): string[] {
    const lines = this.grid.map((cells) => Array.from(cells, (cell) => cell ?? ' ').join(''));
    return lines.map((line) => line.trimEnd());
  }

  private show(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what a terminal reads
    for (const [token, count, command] of text.matchAll(/\x1b\[(\d*)([A-Za-z])|[^\x1b]/g)) {
      if (command !== undefined) this.obey(command, Number(count || '1'));
      else if (token === '\r') this.column = 0;
      else if (token === '\n') this.goDown();
      else this.put(token);
    }
  }

  private obey(command: string, count: number): void {
    // The uppermost row that is still on the screen.
    const top = Math.max(0, this.grid.length - rows);
    if (command === 'A') this.row = Math.max(top, this.row - count);
    else if (command === 'B') this.row = Math.min(this.grid.length - 1, this.row + count);
    else if (command === 'G') this.column = count - 1;
    else if (command === 'C') this.column += count;
    else if (command === 'D') this.column -= count;
    else if (command === 'J') {
      this.grid.length = this.row + 1;
      this.cells().length = Math.min(this.cells().length, this.column);
    }
  }

  private put(character: string): void {
    const width = character < '\u2e80' ? 1 : 2;
    if (this.column + width > columns) this.goDown();
    this.cells()[this.column] = character;
    if (width === 2) this.cells()[this.column + 1] = '';
    this.column += width;
  }

  private goDown(): void {
    this.row += 1;
    this.column = 0;
    if (this.row === this.grid.length) this.grid.push([]);
  }

  private cells(): string[] {
    const cells = this.grid[this.row];
    if (cells === undefined) throw new Error('the cursor is nowhere');
    return cells;
  }
}

function sit() {
  const input = new PassThrough();
  const terminal = new GridTerminal();
  const line = readline.createInterface({ input, output: terminal, terminal: true, prompt: 'alice> ' });
  const screen = new Screen(line, terminal as unknown as NodeJS.WriteStream);
  line.prompt();
  const type = async (keys: string): Promise<void> => {
    input.write(keys);
    await turn();
  };
  return { terminal, line, screen, type };
}

test('what is said stands above the typed line, and the cursor stays in it', async () => {
  const { terminal, line, screen, type } = sit();
  await type('half a thought\x1b[D\x1b[D');
  screen.print('hello');
  await type('X');
  expect(terminal.text()).toEqual(['hello', 'alice> half a thougXht']);
  expect(line.line).toBe('half a thougXht');
});

test('a note changes in its place, above a typed line of several rows', async () => {
  const { terminal, screen, type } = sit();
  screen.print('before');
  const note = screen.note('… bob');
  await type('a line that is longer than the terminal is wide');
  note.replace('✓ bob');
  note.replace('✓✓ bob');
  expect(terminal.text()).toEqual(['before', '✓✓ bob', 'alice> a line that is longer t', 'han the terminal is wide']);
});

test('notes that follow each other change each in its own place', async () => {
  const { terminal, screen, type } = sit();
  const [one, two, three] = ['… one', '… two', '… three'].map((text) => screen.note(text));
  await type('typing');
  two?.replace('✓ two');
  one?.replace('✓ one');
  three?.replace('✓ three');
  expect(terminal.text()).toEqual(['✓ one', '✓ two', '✓ three', 'alice> typing']);
});

test.each([
  ['something else was said', async (seat: ReturnType<typeof sit>) => seat.screen.print('news'), ['news']],
  ['a line was entered', async (seat: ReturnType<typeof sit>) => seat.type('list\r'), ['alice> list']],
  ['somebody else has written', async (seat: ReturnType<typeof sit>) => seat.screen.settle(), []],
  ['the terminal was resized', async (seat: ReturnType<typeof sit>) => void seat.terminal.emit('resize'), []],
])('after %s a note is said anew below', async (_, happen, between) => {
  const seat = sit();
  const note = seat.screen.note('… bob');
  await happen(seat);
  note.replace('✓ bob');
  note.replace('✓✓ bob');
  expect(seat.terminal.text()).toEqual(['… bob', ...between, '✓✓ bob', 'alice>']);
});

test('a note that has scrolled away is said anew below', async () => {
  const { terminal, screen, type } = sit();
  const note = screen.note('… first');
  for (let index = 0; index < rows; index += 1) screen.note(`… ${index}`);
  await type('x');
  note.replace('✓ first');
  expect(terminal.text()).toEqual([
    '… first',
    ...Array.from({ length: rows }, (_, index) => `… ${index}`),
    '✓ first',
    'alice> x',
  ]);
});

test('a note that takes more than a row is said once and not written again', async () => {
  const { terminal, screen } = sit();
  const note = screen.note('a line that is too long for one row');
  note.replace('short');
  expect(terminal.text()).toEqual(['a line that is too long for on', 'e row', 'short', 'alice>']);
});

test('a note whose letters take two columns each is not written over as if they took one', () => {
  const { terminal, screen } = sit();
  const note = screen.note('… 日本日本日本日本日本日本日本日本');
  note.replace('short');
  expect(terminal.text()).toEqual(['… 日本日本日本日本日本日本日本', '日本', 'short', 'alice>']);
});

test('once nothing is typed any more, what is said is plain lines', async () => {
  const { terminal, screen } = sit();
  const note = screen.note('… bob');
  screen.leave();
  terminal.write('\n');
  note.replace('✓ bob');
  screen.print('bye');
  expect(terminal.text()).toEqual(['… bob', 'alice>', '✓ bob', 'bye', '']);
});
