/** What is done with nobody being tortured: the setup before the first message, and the audit after the last one. */

import type { ChatClient } from '../../client/core/api';
import { createClient } from '../../client/core/client';
import { tcp } from '../../client/core/tcp';
import { type Cast, type CastDevice, password } from './cast';
import { Screen } from './screen';

export interface StageNeeds {
  readonly cast: Cast;
  /** Where the server itself listens. */
  readonly port: number;
  /** Where ledgers are. */
  readonly folder: string;
}

/** Makes the accounts and rooms, and lets every device log in once: from then on it has cursors of its own, and
 *  everything that is sent is due on it. */
export async function setUp(needs: StageNeeds): Promise<void> {
  await createAccounts(needs);
  await createRooms(needs);
  for (const device of needs.cast.devices) await withDevice(needs, device, async () => {});
}

/** Lets every auditor read its account's logs from their first message, into its ledger. */
export async function audit(needs: StageNeeds): Promise<void> {
  for (const device of needs.cast.devices.filter(({ isAuditor }) => isAuditor)) await auditOne(needs, device);
}

/** @throws Error when the server has not delivered everything after some logins */
async function auditOne(needs: StageNeeds, device: CastDevice): Promise<void> {
  const screen = new Screen({ ...needs, device });
  const loginsMax = 3;
  let undelivered = 1;
  for (let login = 0; undelivered > 0; login++) {
    if (login === loginsMax) throw new Error(`auditor ${device.index} has still ${undelivered} messages undelivered`);
    undelivered = await withDevice(needs, device, async () => {}, screen);
  }
  screen.close();
}

async function createAccounts({ cast, port }: StageNeeds): Promise<void> {
  const client = createClient({ connect: tcp({ host: '127.0.0.1', port }) });
  await client.connect();
  await Promise.all(cast.accounts.map(({ name }) => client.create(name, password)));
  await client.close();
}

async function createRooms(needs: StageNeeds): Promise<void> {
  const { accounts, devices, logs } = needs.cast;
  for (const { name, isRoom, accounts: members } of logs) {
    const [first, ...others] = [...members];
    const device = devices.find(({ account, isAuditor }) => account === first && isAuditor);
    if (!isRoom || device === undefined) continue;
    await withDevice(needs, device, async (client) => {
      await client.createRoom(
        name,
        others.map((index) => accounts[index]?.name ?? ''),
      );
    });
  }
}

/** Logs a device in, lets it act, and leaves. Gives the number of messages that were undelivered. */
async function withDevice(
  { cast, port }: StageNeeds,
  device: CastDevice,
  act: (client: ChatClient) => Promise<void>,
  screen?: Screen,
): Promise<number> {
  const client = createClient({ connect: tcp({ host: '127.0.0.1', port }), device: device.name, seen: screen?.seen });
  client.on('message', (message) => screen?.show(message));
  await client.connect();
  const { undelivered } = await client.takeover(cast.accounts[device.account]?.name ?? '', password);
  await act(client);
  await client.close();
  return undelivered;
}
