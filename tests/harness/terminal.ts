/** A program in a real terminal, driven as a person would: tmux types, and its screen is read. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What starts a client in a terminal. Without the build that belongs to it: that was made before the first test, and programs
 *  that are written anew cannot be started by other tests at that moment. */
export const npmRunClient = 'npm run --silent --ignore-scripts client';

/** How often the screen is looked at while something is awaited. */
const lookEveryMs = 50;
/** A patience and no more: a program may take many times as long to start on a busy machine. */
const patienceMs = 90_000;

export class Terminal {
  /** Where its socket is, which tmux leaves behind; removed by {@link Terminal.close}. */
  private readonly folder = mkdtempSync(join(tmpdir(), 'chateau-tmux-'));

  constructor(command: string, { columns = 100, rows = 30 }: { columns?: number; rows?: number } = {}) {
    this.tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), command);
  }

  /** Types text, without Enter. */
  type(text: string): void {
    this.tmux('send-keys', '-l', '--', text);
  }

  /** Presses keys by tmux's names: `Enter`, `C-c`, `Tab`, `Up`. */
  press(...keys: string[]): void {
    this.tmux('send-keys', ...keys);
  }

  enter(text: string): void {
    this.type(text);
    this.press('Enter');
  }

  /** What is on the screen and has scrolled away, without empty lines at the end. */
  screen(): string {
    return this.tmux('capture-pane', '-p', '-S', '-200').trimEnd();
  }

  /** Resolves with the screen once it shows `expected`. */
  async shows(expected: RegExp | string): Promise<string> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const screen = this.screen();
      if (typeof expected === 'string' ? screen.includes(expected) : expected.test(screen)) return screen;
      if (Date.now() > end) throw new Error(`the screen never showed ${expected}:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  }

  /** Resolves once the program has ended and its terminal with it. */
  async ended(): Promise<void> {
    const end = Date.now() + patienceMs;
    while (this.isRunning()) {
      if (Date.now() > end) throw new Error(`the program is still there:\n${this.screen()}`);
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  }

  close(): void {
    if (this.isRunning()) this.tmux('kill-server');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private isRunning(): boolean {
    try {
      this.tmux('has-session');
      return true;
    } catch {
      return false;
    }
  }

  private tmux(...args: string[]): string {
    return execFileSync('tmux', ['-S', join(this.folder, 'socket'), '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}
