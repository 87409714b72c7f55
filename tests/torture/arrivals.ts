/** Messages that come on one connection, counted, for whoever waits until all are there that were announced. */
export class Arrivals {
  private count = 0;
  private onArrival: (() => void) | undefined;

  /** `gone` resolves once nothing can come any more. */
  constructor(private readonly gone: Promise<void>) {}

  add(): void {
    this.count += 1;
    this.onArrival?.();
  }

  /** Resolves once so many have come, or none has for `silenceMsMax`, or none can any more. */
  async reach(count: number, silenceMsMax: number): Promise<void> {
    let isOver = false;
    while (this.count < count && !isOver) {
      let timer: NodeJS.Timeout | undefined;
      const arrived = new Promise<boolean>((resolve) => {
        this.onArrival = () => resolve(false);
        timer = setTimeout(() => resolve(true), silenceMsMax);
      });
      isOver = await Promise.race([arrived, this.gone.then(() => true)]);
      clearTimeout(timer);
    }
  }
}
