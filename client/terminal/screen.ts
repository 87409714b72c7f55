/** The terminal's last lines: what was said above, and the line that is being typed below. */

import type { Interface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';

/** What node:readline keeps and does not tell: how many rows above the cursor its last drawing began. */
interface Redrawn {
  prevRows: number;
}

/** Something that was said and may be said anew. */
export interface Note {
  /** Says `text` instead: in the same place as long as nothing but other notes stands below it, otherwise below
   *  everything that was said since. */
  replace(text: string): void;
}

/** Notes that stay in place at once; the uppermost beyond that is said below when it changes. */
const notesMax = 10;

/** What may take two columns: ticks and dashes do where East Asian widths are set. */
const wide = /[^\x20-\x7e]/g;

export class Screen {
  private isOpen = true;
  /** The rows right above the line that is being typed that can be written again, from top to bottom. */
  private readonly notes: { readonly note: Note; text: string }[] = [];

  constructor(
    private readonly line: Interface,
    private readonly output: NodeJS.WriteStream,
  ) {
    // Enter puts the typed line between the notes and what comes next.
    line.on('line', () => this.settle());
    output.on('resize', () => this.settle());
    line.on('SIGCONT', () => this.settle());
  }

  /** Writes `text` above the line that is being typed, which stays as it is, the cursor too. */
  print(text: string): void {
    this.write(text, 0);
    this.settle();
  }

  /** Writes `text` as print does, and it may be replaced. */
  note(text: string): Note {
    const note: Note = { replace: (changed) => this.put(note, changed) };
    this.put(note, text);
    return note;
  }

  /** Somebody else has written: nothing above can be written again. */
  settle(): void {
    this.notes.length = 0;
  }

  /** Draws the line that is being typed, and its prompt, anew. */
  redraw(): void {
    if (this.isOpen) this.line.prompt(true);
  }

  /** From now on nothing is typed any more. */
  leave(): void {
    this.isOpen = false;
    this.settle();
  }

  private put(note: Note, text: string): void {
    const index = this.find(note);
    const below = index === -1 ? [] : this.notes.slice(index + 1);
    const rowsAbove = index === -1 ? 0 : below.length + 1;
    this.write([text, ...below.map((other) => other.text)].join('\n'), rowsAbove);
    if (!this.isOpen || !this.isOneRow(text)) {
      this.settle();
      return;
    }
    if (index === -1) this.notes.push({ note, text });
    else this.notes[index] = { note, text };
    if (this.notes.length > notesMax) this.notes.shift();
  }

  /** Where the note stands among those that can be written again, or -1. */
  private find(note: Note): number {
    const index = this.notes.findIndex((other) => other.note === note);
    const rowsMax = this.output.rows - 1 - this.line.getCursorPos().rows;
    if (index === -1 || this.notes.length - index <= rowsMax) return index;
    // It has scrolled away, and with it what stands above.
    this.settle();
    return -1;
  }

  private isOneRow(text: string): boolean {
    return !text.includes('\n') && stripVTControlCharacters(text).replace(wide, '  ').length < this.output.columns;
  }

  /** Writes over `rowsAbove` rows above the line that is being typed. */
  private write(text: string, rowsAbove: number): void {
    if (!this.isOpen) {
      this.output.write(`${text}\n`);
      return;
    }
    const rows = this.line.getCursorPos().rows + rowsAbove;
    if (rows > 0) this.output.moveCursor(0, -rows);
    this.output.cursorTo(0);
    this.output.clearScreenDown();
    this.output.write(`${text}\n`);
    // Otherwise the next drawing goes up as many rows as the last one took, over what was just written.
    (this.line as unknown as Redrawn).prevRows = 0;
    this.line.prompt(true);
  }
}
