/** Acknowledges what was shown, once for all that came together: cumulatively, by log. */
export class LogAcknowledger {
  private readonly due = new Map<string, number>();

  constructor(private readonly acknowledge: (log: string, seq: number) => void) {}

  note(log: string, seq: number): void {
    if (this.due.size === 0) setImmediate(() => this.flush());
    this.due.set(log, Math.max(seq, this.due.get(log) ?? 0));
  }

  flush(): void {
    for (const [log, seq] of this.due) this.acknowledge(log, seq);
    this.due.clear();
  }
}
