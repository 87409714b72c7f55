/** Redis with streams, in C with one thread for commands: an append-only file that is synced before anything is answered. */

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer, StartOptions } from './peer';
import { freePort, PeerProcess, versionSaid } from './peer-process';

export const redis: Peer = {
  name: 'redis',
  wire: 'resp',
  cores: '1, and a little for background threads',
  promises: {
    onDisk: 'yes',
    settings: 'streams, appendfsync always; cursors by SET; entries stay when they were read',
  },
  version: () => versionSaid(['redis-server', '--version'], /v=(\S+)/),
  async start(options) {
    const { folder, prefix } = options;
    const port = await freePort();
    const path = join(folder, 'redis.conf');
    writeFileSync(join(folder, 'users.acl'), accounts(options), { mode: 0o600 });
    writeFileSync(path, configuration(options, port));
    return PeerProcess.start({
      prefix,
      command: ['redis-server', path],
      port,
      cwd: folder,
      ready: /Ready to accept connections/,
    });
  },
};

/** Nobody gets in without a password, and users may do everything: checking finer rights is no part of a chat. */
function accounts({ users }: StartOptions): string {
  const rules = users.map(({ name, password }) => {
    const hash = createHash('sha256').update(password).digest('hex');
    return `user ${name} on #${hash} ~* &* +@all\n`;
  });
  return `user default off\n${rules.join('')}`;
}

function configuration({ folder, connectionsMax }: StartOptions, port: number): string {
  return `
# Loopback alone: nothing of a run can be reached from elsewhere.
bind 127.0.0.1
port ${port}
dir ${folder}
# Every connection logs in, as ours do.
aclfile ${join(folder, 'users.acl')}
maxclients ${connectionsMax + 100}
# "OK" means "on disk", as with us: synced once for everything that one turn of its event loop did.
appendonly yes
appendfsync always
# Snapshots and rewrites of the log fork the process at times of their own: none is needed within a run, and each would
# make it slower than it is.
save ""
auto-aof-rewrite-percentage 0
# It would not start after a SIGKILL in the middle of an entry otherwise; this is the default, said.
aof-load-truncated yes
`;
}
