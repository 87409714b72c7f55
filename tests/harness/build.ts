/** Before the first test: the programs that tests start are built from the sources as they are now. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

export default function build(): void {
  execFileSync(process.execPath, ['bundle.js'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}
