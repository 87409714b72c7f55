/** Connections that send some messages each and stay: what they wait for is still due when they end. */

import { Crew } from './crew';
import type { Link } from './link';
import { NumberedBody } from './numbered-body';
import type { StayOrder } from './orders';
import type { Wire } from './wire';

/** They stay open until the process ends. */
export async function stay(
  wire: Wire,
  { target, users, recipients, messagesEach, atOnce }: StayOrder,
): Promise<undefined> {
  const addresses = recipients.map(({ name }) => wire.address(name));
  const body = new NumberedBody(0);
  const messages = users.length * messagesEach;
  const sentBy = new Uint32Array(users.length);
  let accepted = 0;
  let onAccepted = (): void => {};
  const allAccepted = new Promise<void>((resolve) => {
    onAccepted = resolve;
  });
  const crew: Crew = new Crew(wire, target, {
    acked: (_link, count) => {
      accepted += count;
      if (accepted === messages) onAccepted();
    },
    received: () => crew.fail('a sender was sent something'),
    turnEnds: (link: Link) => {
      for (; (sentBy[link.index] as number) < messagesEach; sentBy[link.index] = (sentBy[link.index] as number) + 1) {
        const number = sentBy[link.index] as number;
        const address = addresses[(link.index + number) % addresses.length] as Uint8Array;
        link.send(address, body.numbered(number));
      }
    },
  });
  const links = await crew.open(users, 'send', atOnce);
  for (const link of links) link.later();
  if (messages > 0) await crew.until(allAccepted);
}
