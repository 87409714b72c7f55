/** How much memory a server takes at most while something goes on. */

import type { ServerProcess } from '../tests/harness/server-process';

const sampleEveryMs = 20;

/** The most that it was resident during `action`, in MB above `baseBytes`. */
export async function growthMb(
  server: Pick<ServerProcess, 'residentBytes'>,
  baseBytes: number,
  action: () => Promise<unknown>,
): Promise<number> {
  let most = server.residentBytes();
  const sampling = setInterval(() => {
    most = Math.max(most, server.residentBytes());
  }, sampleEveryMs);
  try {
    await action();
  } finally {
    clearInterval(sampling);
  }
  return (Math.max(most, server.residentBytes()) - baseBytes) / 1_048_576;
}
