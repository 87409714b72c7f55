/** Tests that need a program of the system: without it they fail where CI is set, and elsewhere say what was skipped. */

import { spawnSync } from 'node:child_process';

/** `describe` where `program` is installed. */
export function describeWith(program: string, howToGetIt: string, name: string, suite: () => void): void {
  const isThere = spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${program}`]).status === 0;
  if (isThere) {
    describe(name, suite);
    return;
  }
  if (process.env.CI !== undefined) {
    test(name, () => {
      throw new Error(`${program} is missing: ${howToGetIt}`);
    });
    return;
  }
  console.warn(`skipped "${name}": it needs ${program} (${howToGetIt})`);
  describe.skip(name, suite);
}
