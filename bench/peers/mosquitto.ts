/** Eclipse Mosquitto, a broker in C with one thread, over MQTT 3.1.1. */

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer, StartOptions } from './peer';
import { freePort, PeerProcess, versionSaid } from './peer-process';

export const mosquitto: Peer = {
  name: 'mosquitto',
  wire: 'mqtt',
  cores: '1',
  promises: {
    onDisk: 'no: in memory, saved every 30 minutes and at the end',
    settings: 'QoS 1, clean_session 0, persistence on with its default autosave_interval',
  },
  version: () => versionSaid(['mosquitto', '-h'], /^mosquitto version (\S+)/),
  async start(options) {
    const { folder, prefix, users } = options;
    const port = await freePort();
    const passwords = join(folder, 'passwords');
    writeFileSync(passwords, users.map(({ name, password }) => `${name}:${password}\n`).join(''), { mode: 0o600 });
    if (users.length > 0) execFileSync('mosquitto_passwd', ['-U', passwords], { stdio: 'pipe' });
    const path = join(folder, 'mosquitto.conf');
    writeFileSync(path, configuration(options, port));
    return PeerProcess.start({ prefix, command: ['mosquitto', '-c', path], port, cwd: folder });
  },
};

function configuration({ folder }: StartOptions, port: number): string {
  return `
# Loopback alone: nothing of a run can be reached from elsewhere.
listener ${port} 127.0.0.1
# Whoever starts the benchmark owns its folder; another user could not write there.
user ${process.getuid?.() === 0 ? 'root' : ''}
# Every connection logs in, as ours do.
allow_anonymous false
password_file ${join(folder, 'passwords')}
# What is kept for sessions outlives the process as far as this broker offers it; how often it is saved stays as Debian
# ships it, since saving after each change writes the whole database each time.
persistence true
persistence_location ${folder}/
# All that MQTT can number may be under way to a client: the default of 20 waits for a round trip after each 20.
max_inflight_messages 65535
# No limit: the default drops what is beyond 1,000 messages for a client who is away.
max_queued_messages 0
# A lone message must not wait for others.
set_tcp_nodelay true
# Statistics are work that nobody reads here.
sys_interval 0
# Lines for each connection are work too.
log_type error
log_type warning
log_dest stderr
`.replace(/^user \n/m, '');
}
