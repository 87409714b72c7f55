/** Connections that log in and do nothing: to be counted, or to be there beside others. */

import { Crew } from './crew';
import type { EnrolOrder, IdleOrder } from './orders';
import type { Wire } from './wire';

/** They stay open until the process ends. */
export async function idle(wire: Wire, { target, users, atOnce }: IdleOrder): Promise<{ seconds: number }> {
  const startMs = performance.now();
  const crew = quietCrew(wire, target);
  await crew.open(users, 'idle', atOnce);
  return { seconds: (performance.now() - startMs) / 1_000 };
}

/** Connects each recipient once, if the wire asks for it. */
export async function enrol(wire: Wire, { target, users }: EnrolOrder): Promise<{ seconds: number }> {
  const startMs = performance.now();
  if (wire.enrols) {
    const crew = quietCrew(wire, target);
    await crew.open(users, 'enrol');
    crew.close();
  }
  return { seconds: (performance.now() - startMs) / 1_000 };
}

function quietCrew(wire: Wire, target: IdleOrder['target']): Crew {
  const surprise = (): void => crew.fail('an idle connection was sent something');
  const crew: Crew = new Crew(wire, target, { acked: surprise, received: surprise, turnEnds: () => undefined });
  return crew;
}
