/** What is done with nobody being tortured: the setup before the first message, and the audit after the last one. */

import type { ChatClient } from '../../client/core/api';
import { createClient } from '../../client/core/client';
import { tcp } from '../../client/core/tcp';
import { type Cast, type CastDevice, lobby, password } from './cast';
import { ChatbotConnection } from './chatbot-connection';
import type { Ports } from './ports';
import { Screen } from './screen';
import { passwordWires, type Wire } from './wires';

export interface StageNeeds {
  readonly cast: Cast;
  /** Where the server itself listens. */
  readonly ports: Ports;
  /** Where ledgers are. */
  readonly folder: string;
}

/** Makes the accounts and rooms, and lets every device log in once: from then on it has cursors of its own, and
 *  everything that is sent is due on it. */
export async function setUp(needs: StageNeeds): Promise<void> {
  await createAccounts(needs);
  await createRooms(needs);
  await joinLobby(needs);
  const { accounts, devices } = needs.cast;
  for (const device of devices) {
    if (hasPassword(accounts[device.account]?.wire)) await withDevice(needs, device, async () => {});
  }
}

/** Lets every auditor read its account's logs from their first message, into its ledger; but for accounts without a password,
 *  which a new device cannot enter. */
export async function audit(needs: StageNeeds): Promise<void> {
  const { accounts, devices } = needs.cast;
  for (const device of devices) {
    if (device.isAuditor && hasPassword(accounts[device.account]?.wire)) await auditOne(needs, device);
  }
}

function hasPassword(wire: Wire | undefined): boolean {
  return wire !== undefined && passwordWires.includes(wire);
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

async function createAccounts({ cast, ports }: StageNeeds): Promise<void> {
  const client = createClient({ connect: tcp({ host: '127.0.0.1', port: ports.cmap }) });
  await client.connect();
  const withPassword = cast.accounts.filter(({ wire }) => hasPassword(wire));
  await Promise.all(withPassword.map(({ name }) => client.create(name, password)));
  await client.close();
  for (const device of cast.devices) {
    if (device.wire !== 'chatbot') continue;
    const nothing = { arrived: () => {}, expected: () => undefined };
    const connection = new ChatbotConnection({ cast, device, port: ports.chatbot, ...nothing });
    await connection.create();
    connection.close();
    await connection.gone;
  }
}

/** The server has made it. */
async function joinLobby(needs: StageNeeds): Promise<void> {
  const { accounts, devices, logs } = needs.cast;
  const regulars = logs.find(({ name }) => name === lobby)?.accounts ?? new Set();
  for (const device of devices) {
    if (!device.isAuditor || !regulars.has(device.account) || !hasPassword(accounts[device.account]?.wire)) continue;
    await withDevice(needs, device, async (client) => {
      await client.join(lobby);
    });
  }
}

async function createRooms(needs: StageNeeds): Promise<void> {
  const { accounts, devices, logs } = needs.cast;
  for (const { name, isRoom, accounts: members } of logs) {
    // The cast begins with an account that has a password.
    const [first, ...others] = [...members];
    const device = devices.find(({ account, isAuditor }) => account === first && isAuditor);
    if (!isRoom || name === lobby || device === undefined) continue;
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
  { cast, ports }: StageNeeds,
  device: CastDevice,
  act: (client: ChatClient) => Promise<void>,
  screen?: Screen,
): Promise<number> {
  const client = createClient({
    connect: tcp({ host: '127.0.0.1', port: ports.cmap }),
    device: device.name,
    seen: screen?.seen,
  });
  client.on('message', ({ to, at, ...rest }) => screen?.show({ ...rest, log: to, at: at.getTime() }));
  await client.connect();
  const { undelivered } = await client.takeover(cast.accounts[device.account]?.name ?? '', password);
  await act(client);
  await client.close();
  return undelivered;
}
