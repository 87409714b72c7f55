/** Runs scripts against a port, many connections at once, until enough frames were written. */

import { connect, type Socket } from 'node:net';
import { cuts } from './mutation';
import { type Script, scriptOf, type Target } from './script';

/** Frames of one write; the next waits until the server has said something. */
const batchFrames = 192;
/** What the server may take to answer anything at all before the next write; some frames have no answer. */
const answerPatienceMs = 20;
/** What it may take to close a connection whose input has ended: a machine that stalls takes long, a server that forgets
 *  the connection for ever. */
const closePatienceMsMax = 90_000;
/** Bytes that come one by one. */
const singleBytesMax = 300;
/** Connections of one target that are left half open at a time. */
const heldMax = 48;

export interface AttackReport {
  /** Frames written to connections that were open. */
  readonly frames: number;
  readonly connections: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
  /** Connections whose input had ended and that the server did not close. */
  readonly unclosed: readonly string[];
}

export interface AttackOptions {
  readonly target: Target;
  readonly seed: number;
  readonly framesMin: number;
  /** The number of the first connection: another round goes on where the one before stopped. */
  readonly firstNumber: number;
  /** Whether it is worth going on. */
  readonly isServerThere: () => boolean;
}

export class Attack {
  /** The scripts that run now, by name. */
  readonly running = new Set<string>();
  private frames = 0;
  private connections = 0;
  private bytesWritten = 0;
  private bytesRead = 0;
  private readonly unclosed: string[] = [];
  private readonly held: Socket[] = [];

  constructor(private readonly options: AttackOptions) {}

  async run(): Promise<AttackReport> {
    const slots = Array.from({ length: this.options.target.connections }, (_, slot) => this.runSlot(slot));
    await Promise.all(slots);
    await Promise.all(this.held.splice(0).map((socket) => gone(socket)));
    const { frames, connections, bytesWritten, bytesRead, unclosed } = this;
    return { frames, connections, bytesWritten, bytesRead, unclosed };
  }

  private async runSlot(slot: number): Promise<void> {
    const { target, seed, framesMin, firstNumber, isServerThere } = this.options;
    while (this.frames < framesMin && isServerThere()) {
      const number = firstNumber + this.connections;
      this.connections += 1;
      const script = scriptOf(target, seed, number, slot);
      this.running.add(script.name);
      await new Exchange(script, target)
        .run((socket) => this.hold(socket))
        .then((result) => {
          this.frames += result.frames;
          this.bytesWritten += result.bytesWritten;
          this.bytesRead += result.bytesRead;
          if (result.isUnclosed) this.unclosed.push(script.name);
        });
      this.running.delete(script.name);
    }
  }

  private async hold(socket: Socket): Promise<void> {
    this.held.push(socket);
    if (this.held.length > heldMax) await gone(this.held.shift() as Socket);
  }
}

interface ExchangeResult {
  readonly frames: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
  readonly isUnclosed: boolean;
}

/** One connection that follows its script. */
class Exchange {
  private readonly socket: Socket;
  private isClosed = false;
  private hasEnded = false;
  private frames = 0;
  private isUnclosed = false;
  private wake: (() => void) | undefined;
  private readonly closed: Promise<void>;

  constructor(
    private readonly script: Script,
    private readonly target: Target,
  ) {
    this.socket = connect({ port: target.port, host: '127.0.0.1', noDelay: true });
    if (script.manner !== 'deaf') this.socket.on('data', () => this.wake?.());
    this.socket.on('error', () => undefined);
    this.socket.once('end', () => {
      this.hasEnded = true;
      this.wake?.();
    });
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => {
        this.isClosed = true;
        this.wake?.();
        resolve();
      });
    });
  }

  async run(hold: (socket: Socket) => Promise<void>): Promise<ExchangeResult> {
    const { socket, script } = this;
    const { frames, opening, breaking } = script;
    for (let at = 0; at < Math.max(1, frames.length) && this.isOpen; at += batchFrames) {
      const batch = frames.slice(at, at + batchFrames);
      const isLast = at + batchFrames >= frames.length;
      const tail = isLast && breaking !== undefined ? [breaking] : [];
      await this.write(Buffer.concat([...(at === 0 ? [opening] : []), ...batch, ...tail]), isLast);
      this.frames += batch.length + tail.length;
    }
    await this.leave(hold);
    const { bytesWritten, bytesRead } = socket;
    return { frames: this.frames, bytesWritten, bytesRead, isUnclosed: this.isUnclosed };
  }

  private get isOpen(): boolean {
    return !this.isClosed && !this.hasEnded;
  }

  private async write(bytes: Buffer, isLast: boolean): Promise<void> {
    const { manner, random } = this.script;
    if (manner === 'fragments') await this.writePieces(bytes, cuts(random, bytes.length, 40));
    else if (manner === 'bytes') {
      const singles = Math.min(singleBytesMax, bytes.length);
      await this.writePieces(
        bytes,
        Array.from({ length: singles }, (_, at) => at + 1),
      );
    } else this.socket.write(bytes);
    // A reset may come at any moment: before a byte was read, or after the first answer.
    const isHurried = manner === 'reset' && isLast && random.oneIn(2);
    if (!isHurried) await this.answered();
  }

  private async writePieces(bytes: Buffer, places: readonly number[]): Promise<void> {
    let begin = 0;
    for (const place of places) {
      if (!this.isOpen) return;
      this.socket.write(bytes.subarray(begin, place));
      begin = place;
      await nextTurn();
    }
    if (this.isOpen) this.socket.write(bytes.subarray(begin));
  }

  /** Resolves when something came, the connection has ended, or it is time to go on. */
  private async answered(): Promise<void> {
    if (!this.isOpen) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, answerPatienceMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }

  private async leave(hold: (socket: Socket) => Promise<void>): Promise<void> {
    const { socket, script } = this;
    switch (script.manner) {
      case 'held':
        if (this.isOpen) await hold(socket);
        else socket.destroy();
        return;
      case 'reset':
      case 'deaf':
        cut(socket);
        break;
      default: {
        socket.end();
        const { closePatienceMs } = this.target;
        const timer = setTimeout(() => {
          this.isUnclosed = closePatienceMs === undefined;
          cut(socket);
        }, closePatienceMs ?? closePatienceMsMax);
        await this.closed;
        clearTimeout(timer);
      }
    }
    await this.closed;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function gone(socket: Socket): Promise<void> {
  if (socket.closed) return;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  cut(socket);
  await closed;
}

/** By a reset. Node would wait with that for the server to take what was written, which it need not, and never gets to
 *  the end of it where the input has ended. */
function cut(socket: Socket): void {
  if (socket.writableLength > 0 || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
