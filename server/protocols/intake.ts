/** What comes on a connection, cut into frames that are taken one by one, and only while they may be: then the
 *  connection is read from, otherwise TCP makes its peer wait. */

import type { Connection } from './connection';

/** A decoder: it is fed when its last `next` gave nothing. */
export interface FrameSource<Frame> {
  push(chunk: Uint8Array): void;
  next(): Frame | undefined;
}

/** Who takes the frames: a conversation, and no closures of one, which an idle connection would pay for. */
export interface FrameTaker<Frame> {
  /** Whether the next frame may be taken now. Whatever makes it true again calls {@link Intake.proceed}. */
  readonly mayTake: boolean;
  take(frame: Frame): void;
  /** Whether everything that was taken is answered. */
  readonly isSettled: boolean;
}

export class Intake<Frame> {
  /** What came while frames might not be taken. */
  private readonly chunks: Uint8Array[] = [];
  private isProceeding = false;
  private hasInputEnded = false;
  private isOver = false;

  constructor(
    private readonly connection: Connection,
    private readonly source: FrameSource<Frame>,
    private readonly taker: FrameTaker<Frame>,
  ) {}

  data(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.proceed();
  }

  /** Nothing more comes: once what came is answered, the connection ends. */
  inputEnded(): void {
    this.hasInputEnded = true;
    this.proceed();
  }

  /** Nothing more is taken, though it may have come: once what was taken is answered, the connection ends. */
  finish(): void {
    this.isOver = true;
    this.proceed();
  }

  proceed(): void {
    if (this.isProceeding) return;
    this.isProceeding = true;
    this.takeWhatMay();
    this.isProceeding = false;
    const { connection } = this;
    if (!this.mayTake()) connection.stopReading();
    else if (!this.hasInputEnded) connection.readOn();
    if ((this.isOver || (this.hasInputEnded && this.mayTake())) && this.taker.isSettled) connection.end();
  }

  private mayTake(): boolean {
    return !this.isOver && !this.connection.isEnding && this.taker.mayTake;
  }

  private takeWhatMay(): void {
    while (this.mayTake()) {
      const frame = this.next();
      if (frame === undefined) return;
      this.taker.take(frame);
    }
  }

  private next(): Frame | undefined {
    for (;;) {
      const frame = this.source.next();
      if (frame !== undefined) return frame;
      const chunk = this.chunks.shift();
      if (chunk === undefined) return undefined;
      this.source.push(chunk);
    }
  }
}
