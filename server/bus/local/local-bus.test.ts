import type { Logger, LogId, Nudge, Seq, UnixMs } from '../../core/ports';
import { busContract } from '../contract';
import { createLocalBus } from './local-bus';

const silent: Logger = { info: () => {}, warn: () => {}, error: () => {} };

describe('the local bus', () => {
  busContract({ open: async (logger) => createLocalBus({ logger }) });

  test('a nudge has reached every listener when publish returns', () => {
    const bus = createLocalBus({ logger: silent });
    const seen: Nudge[] = [];
    bus.subscribe((nudge) => seen.push(nudge));
    const message = {
      seq: 1 as Seq,
      at: 0 as UnixMs,
      from: 'alice' as Nudge['message']['from'],
      body: new Uint8Array(1),
    };
    bus.publish({ log: 1 as LogId, message });
    expect(seen).toEqual([{ log: 1, message }]);
  });
});
