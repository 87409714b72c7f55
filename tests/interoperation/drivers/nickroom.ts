/** The nick room, in packets. */

import { shownInNickroom } from '../../integration/existing-clients';
import { NickroomClient, packetOf } from '../../integration/nickroom-client';
import { nickroomPacket } from '../expectations';
import type { Heard, Outcome, Person, Wire } from '../wire';

/** The server shows a newcomer one message of the room, and somebody has said one. */
export function nickroomWire(port: number): Wire {
  return {
    name: 'nick room',
    identity: 'guest',
    enter: async (name) => {
      const client = await NickroomClient.join(port, name);
      return new Guest(name, client, [await heardBy(client)]);
    },
  };
}

class Guest implements Person {
  constructor(
    readonly name: string,
    private readonly client: NickroomClient,
    readonly missed: readonly Heard[],
  ) {}

  /** Whatever is said here is said in the room. */
  async send(_to: string, text: string): Promise<Outcome> {
    await this.client.bytes.sendNow(packetOf(nickroomPacket(this.name, text)));
    return { kind: 'untold' };
  }

  next(): Promise<Heard> {
    return heardBy(this.client);
  }

  /** The server closes once what was said before is stored. */
  leave(): void {
    this.client.say('BYE');
  }
}

async function heardBy(client: NickroomClient): Promise<Heard> {
  return { ...shownInNickroom(await client.packet()), room: undefined };
}
