/** Who takes part in a run, and where each can be written to: fixed before the first message and the first kill, so that
 *  what is due to whom is never in doubt. */

import { passwordWires, type Wire } from './wires';

export interface CastAccount {
  readonly name: string;
  readonly wire: Wire;
  /** Stays away for long, until its mailbox is full. */
  readonly isSleeper: boolean;
}

/** One place where messages are shown, with cursors of its own at the server. */
export interface CastDevice {
  /** Its place in {@link Cast.devices}, by which ledgers name it. */
  readonly index: number;
  /** The index of its account. */
  readonly account: number;
  /** The name that it gives itself; undefined: the account's default cursor. */
  readonly name: string | undefined;
  /** What it speaks. */
  readonly wire: Wire;
  /** Acknowledges what it has shown; to others a message counts as delivered when the operating system has taken it. */
  readonly acknowledges: boolean;
  /** Stays away until the end and then reads its account's logs from their first message: what the server kept. */
  readonly isAuditor: boolean;
}

/** Where messages go. The mailbox of account `i` is log `i`; rooms follow. */
export interface CastLog {
  /** As a destination of `send`. */
  readonly name: string;
  readonly isRoom: boolean;
  /** The indexes of the accounts that follow it. */
  readonly accounts: ReadonlySet<number>;
}

export interface Cast {
  readonly accounts: readonly CastAccount[];
  readonly devices: readonly CastDevice[];
  readonly logs: readonly CastLog[];
}

/** The fewest and the most cmap devices that a run may have, auditors not counted. */
export const clientsBounds = { min: 4, max: 200 } as const;

export const password = 'torture';

/** The room of the nick room. The server makes it. */
export const lobby = '#lobby';

/** Devices of each wire but cmap: each an account, or a guest. */
const devicesPerWire = 4;

/** `clients` devices that speak cmap, if that is among the wires, and four of each other wire. */
export function castOf(clients: number, wires: readonly Wire[]): Cast {
  const accounts: CastAccount[] = [];
  const devices: CastDevice[] = [];
  const add = (device: Omit<CastDevice, 'index'>): void => {
    devices.push({ index: devices.length, ...device });
  };
  if (wires.includes('cmap')) addCmap(clients, accounts, add);
  for (const wire of wires.filter((other) => other !== 'cmap')) {
    for (let place = 0; place < devicesPerWire; place++) {
      const account = accounts.length;
      accounts.push({ name: `${wire}${place}`, wire, isSleeper: wire !== 'nickroom' && place === devicesPerWire - 1 });
      // Half of those whose wire has a word for it acknowledge; the others do as its older clients do.
      const acknowledges = (wire === 'chateau' || wire === 'grpc') && place % 2 === 1;
      add({ account, name: acknowledges ? 'desk' : undefined, wire, acknowledges, isAuditor: false });
    }
  }
  for (const [account, { wire }] of accounts.entries()) {
    // A guest's messages are in a room.
    if (wire === 'nickroom') continue;
    add({ account, name: 'audit', wire: 'cmap', acknowledges: true, isAuditor: true });
  }
  return { accounts, devices, logs: logsOf(accounts) };
}

/** Whether a message of `sender` in `log` is due on `device`. A room's messages are not sent back to their author. */
export function isDue(cast: Cast, log: number, sender: CastDevice, device: CastDevice): boolean {
  const destination = cast.logs[log];
  if (destination === undefined || !destination.accounts.has(device.account)) return false;
  return !destination.isRoom || sender.account !== device.account;
}

/** Every third account has two devices. A sleeper is in the small room only: it fills that one too. */
function addCmap(clients: number, accounts: CastAccount[], add: (device: Omit<CastDevice, 'index'>) => void): void {
  const device = { wire: 'cmap', acknowledges: true, isAuditor: false } as const;
  for (let added = 0; added < clients; ) {
    const account = accounts.length;
    accounts.push({ name: `user${account}`, wire: 'cmap', isSleeper: account % 5 === 2 });
    const isPair = account % 3 === 0 && added + 1 < clients;
    if (isPair) add({ account, name: 'phone', ...device });
    add({ account, name: isPair ? 'desk' : undefined, ...device });
    added += isPair ? 2 : 1;
  }
}

function logsOf(accounts: readonly CastAccount[]): CastLog[] {
  const all = [...accounts.keys()].filter((index) => accounts[index]?.wire !== 'nickroom');
  const awake = all.filter((index) => accounts[index]?.isSleeper === false);
  const some = all.filter((index) => accounts[index]?.isSleeper || index % 3 === 1);
  const logs = [
    ...accounts.map(({ name }, index) => ({ name, isRoom: false, accounts: new Set([index]) })),
    { name: '#square', isRoom: true, accounts: new Set(awake) },
    { name: '#corner', isRoom: true, accounts: new Set(some) },
  ];
  const guests = [...accounts.keys()].filter((index) => accounts[index]?.wire === 'nickroom');
  if (guests.length > 0)
    logs.push({ name: lobby, isRoom: true, accounts: new Set([...guests, ...regulars(accounts)]) });
  return logs;
}

/** The accounts that join the lobby: one of each wire that can. */
function regulars(accounts: readonly CastAccount[]): readonly number[] {
  return passwordWires
    .map((wire) => accounts.findIndex((account) => account.wire === wire && !account.isSleeper))
    .filter((index) => index !== -1);
}
