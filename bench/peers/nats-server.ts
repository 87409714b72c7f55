/** NATS with JetStream, in Go: streams in files. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer, StartOptions } from './peer';
import { freePort, PeerProcess, versionSaid } from './peer-process';

export const natsServer: Peer = {
  name: 'nats',
  wire: 'nats',
  cores: 'all',
  promises: {
    onDisk: 'written, not synced',
    settings:
      'a stream in files for each recipient; this version syncs every 2 minutes, and that cannot be set (sync_interval is of 2.10)',
  },
  version: () => versionSaid(['nats-server', '--version'], /v(\d\S*)/),
  async start(options) {
    const { folder, prefix } = options;
    const port = await freePort();
    const path = join(folder, 'nats.conf');
    writeFileSync(path, configuration(options, port), { mode: 0o600 });
    return PeerProcess.start({
      prefix,
      command: ['nats-server', '-c', path],
      port,
      cwd: folder,
      ready: /Server is ready/,
    });
  },
};

function configuration({ folder, users, connectionsMax }: StartOptions, port: number): string {
  const accounts = users.map(({ name, password }) => `  { user: ${name}, password: "${password}" }\n`);
  return `
# Loopback alone: nothing of a run can be reached from elsewhere.
listen: "127.0.0.1:${port}"
max_connections: ${connectionsMax + 100}
jetstream {
  store_dir: "${folder}"
  # As much as the runs need; by default three quarters of what the disk has free.
  max_file_store: 64GB
}
# A recipient who drains is sent everything at once: the defaults of 64 MB and 10 s count a slow consumer and cut it off.
max_pending: 1GB
write_deadline: "60s"
# Every connection logs in, as ours do; in plain text, since bcrypt would measure itself.
authorization {
  users: [
${accounts.join('')}  ]
}
`;
}
