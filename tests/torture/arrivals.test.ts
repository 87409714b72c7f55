import { Arrivals } from './arrivals';

const never = new Promise<void>(() => {});
const longMs = 60_000;

describe('waiting for messages that were announced', () => {
  it('is over at once when nothing was', async () => {
    await new Arrivals(never).reach(0, longMs);
  });

  it('is over with the last of them, whether they came before or come then', async () => {
    const arrivals = new Arrivals(never);
    arrivals.add();
    let isOver = false;
    const reached = arrivals.reach(3, longMs).then(() => {
      isOver = true;
    });
    arrivals.add();
    expect(isOver).toBe(false);
    arrivals.add();
    await reached;
  });

  it('is over when the connection goes', async () => {
    let go: () => void = () => {};
    const gone = new Promise<void>((resolve) => {
      go = resolve;
    });
    const reached = new Arrivals(gone).reach(1, longMs);
    go();
    await reached;
  });

  it('is over when no more comes', async () => {
    const arrivals = new Arrivals(never);
    arrivals.add();
    await arrivals.reach(2, 1);
  });
});
