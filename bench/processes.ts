/** What the operating system says about a process and all its descendants. Linux only. */

import { readdirSync, readFileSync } from 'node:fs';

/** What a process tree has used. */
export interface Usage {
  /** Time on a processor in all threads, of descendants that have ended and were waited for too. */
  readonly cpuMs: number;
  readonly residentBytes: number;
}

const pageBytes = 4_096;
/** A tick of /proc/PID/stat is a hundredth of a second on every Linux that Node runs on. */
const tickMs = 10;

/** `pid` and its descendants, as far as they are alive. */
export function treeOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const fields = /^\d+$/.test(entry) ? statFields(Number(entry)) : undefined;
    if (fields !== undefined) parents.set(Number(entry), Number(fields[1]));
  }
  const tree = parents.has(pid) ? [pid] : [];
  for (const member of tree) {
    for (const [child, parent] of parents) if (parent === member) tree.push(child);
  }
  return tree;
}

/** The sum over these processes; one that has gone counts as nothing. */
export function usageOf(pids: readonly number[]): Usage {
  let ticks = 0;
  let pages = 0;
  for (const pid of pids) {
    const fields = statFields(pid);
    if (fields === undefined) continue;
    // utime, stime, and both of the children that were waited for.
    for (const field of [11, 12, 13, 14]) ticks += Number(fields[field]);
    pages += Number(fields[21]);
  }
  return { cpuMs: ticks * tickMs, residentBytes: pages * pageBytes };
}

/** Processor time of all threads of one process that are alive, in microseconds: to the nanosecond, where {@link usageOf}
 *  counts ticks of 10 ms. What a thread has used since it began to run is added when it stops: look when it rests. */
export function cpuUsOf(pid: number): number {
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [onCpuNs = '0'] = readThread(`/proc/${pid}/task/${thread}/schedstat`).split(' ');
    ns += Number(onCpuNs);
  }
  return ns / 1_000;
}

/** Nothing of a thread that has ended meanwhile. */
function readThread(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '0';
  }
}

/** How long the processors of the machine have been busy, all together. */
export function busyMs(): number {
  const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(/ +/).slice(1).map(Number);
  return (user + nice + system + irq + softirq + steal) * tickMs;
}

/** The fields of /proc/PID/stat from the state on: what comes before may hold spaces. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
