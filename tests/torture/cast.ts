/** Who takes part in a run, and where each can be written to: fixed before the first message and the first kill, so that
 *  what is due to whom is never in doubt. */

export interface CastAccount {
  readonly name: string;
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

/** The fewest and the most devices that a run may have, auditors not counted. */
export const clientsBounds = { min: 4, max: 200 } as const;

export const password = 'torture';

/** Every third account has two devices. A sleeper is in the small room only: it fills that one too. */
export function castOf(clients: number): Cast {
  const accounts: CastAccount[] = [];
  const devices: CastDevice[] = [];
  const add = (name: string | undefined, isAuditor: boolean, account: number): void => {
    devices.push({ index: devices.length, account, name, isAuditor });
  };
  while (devices.length < clients) {
    const account = accounts.length;
    accounts.push({ name: `user${account}`, isSleeper: account % 5 === 2 });
    const isPair = account % 3 === 0 && devices.length + 1 < clients;
    if (isPair) add('phone', false, account);
    add(isPair ? 'desk' : undefined, false, account);
  }
  for (const account of accounts.keys()) add('audit', true, account);
  return { accounts, devices, logs: logsOf(accounts) };
}

/** Whether a message of `sender` in `log` is due on `device`. A room's messages are not sent back to their author. */
export function isDue(cast: Cast, log: number, sender: CastDevice, device: CastDevice): boolean {
  const destination = cast.logs[log];
  if (destination === undefined || !destination.accounts.has(device.account)) return false;
  return !destination.isRoom || sender.account !== device.account;
}

function logsOf(accounts: readonly CastAccount[]): CastLog[] {
  const all = [...accounts.keys()];
  const awake = all.filter((index) => accounts[index]?.isSleeper === false);
  const some = all.filter((index) => accounts[index]?.isSleeper || index % 3 === 1);
  return [
    ...accounts.map(({ name }, index) => ({ name, isRoom: false, accounts: new Set([index]) })),
    { name: '#square', isRoom: true, accounts: new Set(awake) },
    { name: '#corner', isRoom: true, accounts: new Set(some) },
  ];
}
