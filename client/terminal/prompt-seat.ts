/** A terminal for tests of the prompt: keys go in, lines come out, and the server says what it is told to. */

import * as readline from 'node:readline';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { ClientOptions } from '../core/client';
import { turn } from '../core/fake-clock';
import { connectedScene, type Scene } from '../core/scripted-server';
import { noColours } from './colours';
import { mayBeKept } from './history';
import type { TypedPassword } from './password';
import { Prompt } from './prompt';
import { Screen } from './screen';
import { ScreenText } from './screen-text';
import { SeenNames } from './seen-names';

/** A prompt on a scripted server, and whoever types there. */
export interface Seat {
  readonly scene: Scene;
  readonly line: readline.Interface;
  readonly exits: number[];
  readonly history: () => readonly string[];
  type(keys: string): Promise<void>;
  /** What was said since the last call, line by line, without what was typed. */
  shown(): string[];
}

/** What a terminal can do that a stream cannot, when nothing is wrapped. */
class FakeTerminal extends PassThrough {
  columns = 80;
  /** Too low for anything to be written again in its place. */
  rows = 1;
  text = '';

  moveCursor(): boolean {
    return true;
  }
  cursorTo(): boolean {
    this.text += '\n';
    return true;
  }
  clearScreenDown(): boolean {
    return true;
  }
}

/** A seat on a scene that is connected; a password that is asked for is the next of `passwords`. */
export async function takeSeat(passwords: TypedPassword[] = [], options: Partial<ClientOptions> = {}): Promise<Seat> {
  return seatAt(await connectedScene(undefined, options), passwords);
}

/** A seat on a scene as it is. */
export function seatAt(scene: Scene, passwords: TypedPassword[] = []): Seat {
  const input = new PassThrough();
  const output = new FakeTerminal();
  output.on('data', (chunk) => {
    output.text += stripVTControlCharacters(String(chunk));
  });
  const line = readline.createInterface({ input, output, terminal: true });
  let kept: readonly string[] = [];
  const exits: number[] = [];
  const prompt = new Prompt({
    client: scene.client,
    line,
    screen: new Screen(line, output as unknown as NodeJS.WriteStream),
    text: new ScreenText({ colours: noColours, now: () => new Date(1_000), columns: () => 80 }),
    seen: new SeenNames(),
    askPassword: () => passwords.shift() ?? { kind: 'interrupted' },
    notReached: (reason) => `no server: ${reason}`,
    nextTurn: (task) => void setImmediate(task),
    clock: scene.clock,
    leave: (exitCode) => exits.push(exitCode),
  });
  line.on('history', (history: string[]) => {
    if (history[0] !== undefined && (prompt.isAsking || !mayBeKept(history[0]))) history.shift();
    kept = history;
  });
  return {
    scene,
    line,
    exits,
    history: () => kept,
    async type(keys) {
      input.write(keys);
      await turn();
      await turn();
      await turn();
    },
    shown() {
      const lines = output.text.split(/[\r\n]+/).filter((each) => /^([…✓✗·]|\d\d)/.test(each));
      output.text = '';
      return lines;
    },
  };
}

/** Logs alice in, who has missed nothing; what was said meanwhile is forgotten. */
export async function logIn(seat: Seat): Promise<void> {
  await seat.type('login alice pw\r');
  await seat.scene.server.latest.say(['200 alice 0', '']);
  seat.scene.server.latest.lines();
  seat.shown();
}
