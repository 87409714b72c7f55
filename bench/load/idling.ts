/** Connections that log in and do nothing: to be counted, or to be there beside others. */

import { Crew } from './crew';
import type { Link } from './link';
import type { EnrolOrder, IdleOrder } from './orders';
import type { Wire } from './wire';

/** Everybody who idles in this process. */
const groups: { readonly crew: Crew; readonly links: readonly Link[] }[] = [];

/** They stay open until the process ends. */
export async function idle(wire: Wire, { target, users, atOnce }: IdleOrder): Promise<undefined> {
  const crew = quietCrew(wire, target);
  groups.push({ crew, links: await crew.open(users, 'idle', atOnce) });
}

/** Resolves once everybody who idles was answered.
 *  @throws Error when one of them is not there any more, or was sent something since its login */
export async function rollCall(): Promise<undefined> {
  for (const { crew, links } of groups) await crew.ping(links);
}

/** Connects each recipient once, if the wire asks for it. */
export async function enrol(wire: Wire, { target, users }: EnrolOrder): Promise<undefined> {
  if (!wire.enrols) return;
  const crew = quietCrew(wire, target);
  await crew.open(users, 'enrol');
  crew.close();
}

function quietCrew(wire: Wire, target: IdleOrder['target']): Crew {
  const surprise = (): void => crew.fail('an idle connection was sent something');
  const crew: Crew = new Crew(wire, target, { acked: surprise, received: surprise, turnEnds: () => undefined });
  return crew;
}
