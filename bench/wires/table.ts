/** Every wire by its name. */

import type { Wire } from '../load/wire';
import { cmap, cmapWithKeys, cmapWithReceipts } from './cmap';
import { lines } from './lines';
import { mqtt } from './mqtt';
import { nats } from './nats';
import { resp } from './resp';
import { storedLines } from './stored-lines';
import { xmpp } from './xmpp';

const wires: readonly Wire[] = [cmap, cmapWithKeys, cmapWithReceipts, lines, storedLines, mqtt, nats, resp, xmpp];

/** @throws Error when there is no such wire */
export function wireNamed(name: string): Wire {
  const wire = wires.find((each) => each.name === name);
  if (wire === undefined) throw new Error(`no wire ${name}`);
  return wire;
}
