/** Which process a journal's file belongs to, and whether that process is still there. Needs Node. */

import { readFileSync } from 'node:fs';
import { kill, pid } from 'node:process';

/** This process, as it stands in the names of its files: `<pid>-<when it started>`. A number alone would not do, since
 *  the system gives it out again. */
export function thisOwner(): string {
  return ownerOf(pid);
}

/** The process with this number, as thisOwner says it of this one. */
export function ownerOf(number: number): string {
  return `${number}-${startOf(number) ?? 0}`;
}

/** Whether the process that `owner` names runs on this machine, in this container. */
export function isRunning(owner: string): boolean {
  const [number = '', started = '0'] = owner.split('-');
  const other = Number.parseInt(number, 10);
  // Where there is no /proc, nobody's start is known, and the number has to do.
  if (startOf(pid) !== undefined) return startOf(other) === started;
  try {
    return kill(other, 0);
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process started, in ticks since the machine did; undefined when it is not there, or has ended and only its
 *  parent has not noticed. */
function startOf(number: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${number}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name of the program stands before in brackets, and may hold brackets and spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[startField];
}

/** `starttime`, the 22nd field of proc(5), counted from the third. */
const startField = 19;
