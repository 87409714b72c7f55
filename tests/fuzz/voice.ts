/** Somebody who behaves well, and tells whether everything that a partner says arrives, once and in order. */

/** One end of a conversation between two. */
export interface Voice {
  /** Says this to the partner. */
  say(text: string): void;
  readonly ear: Ear;
  close(): void;
}

/** The numbers that a partner has said, in the order in which they came. What others say is not meant for it. */
export class Ear {
  readonly heard: number[] = [];
  private waiting: (() => void)[] = [];
  private readonly form: RegExp;

  /** `token` is in all that the partner says, and nobody else knows it. */
  constructor(readonly token: string) {
    this.form = new RegExp(`${token}-(\\d+)\\.`);
  }

  /** Something came. */
  hear(text: string): void {
    const number = this.form.exec(text)?.[1];
    if (number === undefined) return;
    this.heard.push(Number(number));
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Resolves once so many numbers came. */
  async has(count: number): Promise<void> {
    while (this.heard.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}

/** Two who talk to each other on one wire. */
export class Pair {
  private said = 0;

  constructor(
    readonly wire: string,
    private readonly voices: readonly [Voice, Voice],
  ) {}

  get messages(): number {
    return 2 * this.said;
  }

  /** Each says the next number to the other. */
  beat(): void {
    this.said += 1;
    const [one, other] = this.voices;
    one.say(`${other.ear.token}-${this.said}.`);
    other.say(`${one.ear.token}-${this.said}.`);
  }

  /** Resolves once both have heard as much as was said. */
  async quiet(): Promise<void> {
    await Promise.all(this.voices.map(({ ear }) => ear.has(this.said)));
  }

  /** What each heard, and what it should have. */
  get account(): { readonly heard: readonly number[][]; readonly said: readonly number[][] } {
    const said = Array.from({ length: this.said }, (_, at) => at + 1);
    return { heard: this.voices.map(({ ear }) => ear.heard), said: [said, said] };
  }

  close(): void {
    for (const voice of this.voices) voice.close();
  }
}
