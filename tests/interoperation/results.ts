/** What the tests have seen, as data, and as the tables of docs/interoperation.md. */

import { type Body, bodies, noBodies, separators } from './bodies';
import { expectationOf, type Saying, type WireName, wireNames } from './expectations';

/** When a message came: while its recipient was there; to one who was away, at the next login; or to a newcomer. */
export type Coming = 'live' | 'later' | 'history';

/** By row and column, what was seen, in the order in which it was. */
type Grid<Cell> = Map<string, Map<string, Set<Cell>>>;

export class Results {
  readonly toOne: Grid<Coming> = new Map();
  readonly inRoom: Grid<Coming> = new Map();
  readonly said: Grid<Saying> = new Map();
  readonly heard: Grid<string> = new Map();
  /** Messages that the receiving client could take, by its own rules, where a message is of that kind. */
  readonly taken: Grid<'live' | 'later'> = new Map();
  /** By who asks. */
  readonly presence: Grid<'list' | 'who'> = new Map();

  /** `body` was sent on one wire and arrived on another as `text`. */
  hear(from: WireName, to: WireName, body: Body, text: string): void {
    see(this.said, body.name, from, 'whole');
    see(this.heard, body.name, to, described(body.text, text));
  }

  /** What has not been seen of what there is to see: pairs between which nothing has come, in either way, and bodies that
   *  were not tried. */
  get unseen(): string[] {
    const pairs = missing(wireNames, (from, to) =>
      [this.toOne, this.inRoom].some((grid) => grid.get(from)?.get(to)?.has('live')),
    );
    const taken = missing(takenRows, (row, wire) => this.taken.get(row)?.has(wire));
    const said = missing(saidRows, (body, wire) => this.said.get(body)?.has(wire));
    return [
      ...pairs,
      ...taken,
      ...said,
      ...missing([...heardRows, ...separatorRows], (body, wire) => this.heard.get(body)?.has(wire)),
    ];
  }

  /** Each table by its heading. */
  tables(): Record<string, string[]> {
    return {
      'To one': table('from ↓ to →', wireNames, this.toOne, '–'),
      'In #lobby': table('from ↓ to →', wireNames, this.inRoom, '–'),
      'By other spellings of a name': table('taken by →', [takenRow.spelling], this.taken, '–'),
      'From a room': [...table('taken by →', [takenRow.room], this.taken, '–'), roomPlaces()],
      'What can be said': table('said on', saidRows, this.said, '?'),
      'How it arrives': table('read on', heardRows, this.heard, '?'),
      'Separators in a text': table('read on', separatorRows, this.heard, '?'),
      'Who is seen': table('asked on ↓ is on →', [...this.presence.keys()], this.presence, '–'),
    };
  }
}

/** The kinds of messages that a client could refuse. */
export const takenRow = { room: 'sent to a room', spelling: 'as `Dora`, `DORA`, `dora`' } as const;
const takenRows = Object.values(takenRow);

const separatorRows = separators.map(({ name }) => name);
const heardRows = bodies.map(({ name }) => name).filter((name) => !separatorRows.includes(name));
const saidRows = [...heardRows, ...separatorRows, ...noBodies.map(({ name }) => name)];

function missing(rows: readonly string[], isThere: (row: string, wire: WireName) => boolean | undefined): string[] {
  return rows.flatMap((row) => wireNames.filter((wire) => !isThere(row, wire)).map((wire) => `${row}, ${wire}`));
}

/** The row that says where each wire names the room. */
function roomPlaces(): string {
  return `| the room is | ${wireNames.map((wire) => expectationOf(wire).roomIn).join(' | ')} |`;
}

/** Notes what was seen; seeing it again adds nothing. */
export function see<Cell>(grid: Grid<Cell>, row: string, column: string, cell: Cell): void {
  const cells = grid.get(row) ?? new Map<string, Set<Cell>>();
  grid.set(row, cells);
  cells.set(column, (cells.get(column) ?? new Set()).add(cell));
}

function table(corner: string, rows: readonly string[], grid: Grid<string>, nothing: string): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line([corner, ...wireNames]),
    line(['---', ...wireNames.map(() => '---')]),
    ...rows.map((row) =>
      line([row, ...wireNames.map((column) => [...(grid.get(row)?.get(column) ?? [nothing])].join(', '))]),
    ),
  ];
}

const shortLength = 60;

/** How a text arrived, in a few words. */
function described(text: string, heard: string): string {
  if (heard === text) return 'as it is';
  if (heard.endsWith('…') && text.startsWith(heard.slice(0, -1))) return 'cut, with `…`';
  if (heard.length <= shortLength) return code(heard);
  return `${code(heard.slice(0, 8))} and so on`;
}

/** A text as JSON writes it, with nothing in it that a table could take for its own. */
function code(text: string): string {
  return `\`${JSON.stringify(text).replaceAll('|', '\\|')}\``;
}
