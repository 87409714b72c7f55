/** The load generator, a process of its own: takes orders over its IPC channel, one after the other, and answers each. */

import { wireNamed } from '../wires/table';
import { drain } from './draining';
import { enrol, idle, rollCall } from './idling';
import { live } from './live';
import type { Answer, Order, ResultOf } from './orders';
import { paced } from './paced';
import { stay } from './staying';
import { store } from './storing';

process.on('message', (order: Order) => {
  void obey(order)
    .then((result): Answer => ({ kind: 'result', result }))
    .catch((error: Error): Answer => ({ kind: 'failure', reason: error.message }))
    .then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit());

async function obey(order: Order): Promise<ResultOf[Order['kind']]> {
  const wire = wireNamed(order.target.wire);
  switch (order.kind) {
    case 'live':
      return await live(wire, order);
    case 'paced':
      return await paced(wire, order);
    case 'store':
      return await store(wire, order);
    case 'drain':
      return await drain(wire, order);
    case 'idle':
      return await idle(wire, order);
    case 'stay':
      return await stay(wire, order);
    case 'rollCall':
      return await rollCall();
    case 'enrol':
      return await enrol(wire, order);
  }
}
