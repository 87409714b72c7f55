/** The kernel's table of TCP connections, as Linux shows it in `/proc/self/net/tcp` and `tcp6`: the only place where a
 *  program without native code sees whether a peer still answers. The table is read and searched in a thread of its own:
 *  10,000 connections are 1.5 MB of text.
 *  @see https://docs.kernel.org/networking/proc_net_tcp.html */

import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';
import { extname, join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Both ends of a connection in the notation of the table: `0100007F:22B8 0100007F:C350`. */
export type Endpoints = string;

/** A connection with bytes that its peer has not acknowledged. */
export interface Pending {
  /** Bytes in the kernel's send queue. */
  readonly queuedBytes: number;
  /** Unanswered retransmissions, and unanswered probes of a closed window, in a row. */
  readonly tries: number;
}

export type Unanswered = ReadonlyMap<Endpoints, Pending>;

/** Both ends of a connection, as Node's sockets give them. */
export interface SocketAddresses {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** `undefined` for a socket that is not connected any more. */
export function endpointsOf(socket: SocketAddresses): Endpoints | undefined {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (localAddress === undefined || localPort === undefined) return undefined;
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  return `${addressInTable(localAddress)}:${hex(localPort)} ${addressInTable(remoteAddress)}:${hex(remotePort)}`;
}

/** Those of the connections in `wanted` that have unacknowledged bytes. */
export function findUnanswered(table: string, wanted: ReadonlySet<Endpoints>): Map<Endpoints, Pending> {
  const found = new Map<Endpoints, Pending>();
  for (const line of table.split('\n')) {
    const [, local, remote, , queues, , retransmissions, , probes] = line.trim().split(/\s+/);
    const endpoints = `${local} ${remote}`;
    if (probes === undefined || !wanted.has(endpoints)) continue;
    const queuedBytes = Number.parseInt(queues as string, 16);
    // Retransmissions are hexadecimal, the probes of a closed window decimal.
    const tries = Number.parseInt(retransmissions as string, 16) + Number(probes);
    if (queuedBytes > 0) found.set(endpoints, { queuedBytes, tries });
  }
  return found;
}

/** As {@link findUnanswered}, of the kernel's table as it is now. Rejects when it cannot be read. */
export function readUnanswered(wanted: ReadonlySet<Endpoints>): Promise<Unanswered> {
  return new Promise((resolve, reject) => {
    const extension = extname(__filename);
    const worker = new Worker(join(__dirname, `tcp-table${extension}`), {
      workerData: { tcpTableOf: wanted },
      execArgv: extension === '.ts' ? ['--require', 'tsx/cjs'] : [],
      name: 'tcp table',
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread ended without an answer')));
  });
}

/** The kernel prints each 32 bits of an address as a number of this machine. */
function addressInTable(address: string): string {
  const words = isIPv4(address) ? [bytesOfIPv4(address)] : wordsOfIPv6(address);
  return words.map((bytes) => (endianness() === 'LE' ? bytes.toReversed() : bytes).map(hexByte).join('')).join('');
}

function bytesOfIPv4(address: string): number[] {
  return address.split('.').map(Number);
}

/** Four times four bytes. `address` is as Node gives it: abbreviated, with a zone, with IPv4 at its end. */
function wordsOfIPv6(address: string): number[][] {
  const [plain = ''] = address.split('%');
  const inHex = plain.replace(/[\d.]+\.\d+$/, (ipv4) => {
    const [a, b, c, d] = bytesOfIPv4(ipv4).map(hexByte);
    return `${a}${b}:${c}${d}`;
  });
  const [head = [], tail = []] = inHex.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
  const bytes = groups.map((group) => Number.parseInt(group, 16)).flatMap((group) => [group >> 8, group & 0xff]);
  return [0, 4, 8, 12].map((at) => bytes.slice(at, at + 4));
}

function hexByte(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // A kernel without IPv6 has no tcp6.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

if (!isMainThread && workerData?.tcpTableOf !== undefined) {
  const tables = ['/proc/self/net/tcp', '/proc/self/net/tcp6'].map(readTable);
  parentPort?.postMessage(findUnanswered(tables.join('\n'), workerData.tcpTableOf));
}
