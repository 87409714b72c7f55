/** ejabberd, an XMPP server in Erlang. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { xmppDomain } from '../wires/xmpp';
import type { Peer } from './peer';
import { freePort, PeerProcess, versionSaid } from './peer-process';

/** Where Debian keeps it for Erlang to find. */
const libraries = { ERL_LIBS: '/usr/lib/x86_64-linux-gnu' };
const sayVersion =
  'application:load(ejabberd), {ok, V} = application:get_key(ejabberd, vsn), io:format("~s~n", [V]), halt().';
/** Accounts are made in the process itself: the tool for it asks a running node for one after the other. */
const register =
  '{ok, Users} = file:consult("users.erl"), ' +
  `[ejabberd_auth:try_register(N, <<"${xmppDomain}">>, P) || {N, P} <- Users], ` +
  'io:format("accounts are there~n").';

export const ejabberd: Peer = {
  name: 'ejabberd',
  wire: 'xmpp',
  cores: 'all',
  promises: {
    onDisk: 'no: handled, written and synced later',
    settings: 'Mnesia, acknowledged by stream management (XEP-0198)',
  },
  version: () => versionSaid(['erl', '-noshell', '-eval', sayVersion], /^(\d\S*)/, libraries),
  async start(options) {
    const { folder, prefix, users } = options;
    const port = await freePort();
    writeFileSync(
      join(folder, 'users.erl'),
      users.map(({ name, password }) => `{<<"${name}">>, <<"${password}">>}.\n`).join(''),
    );
    const path = join(folder, 'ejabberd.yml');
    writeFileSync(path, configuration(port));
    // As ejabberdctl starts it, but with the data in this folder and without a node name: no epmd, no cookie. +K, +P and
    // +Q (kernel polling, processes, ports) are Debian's or higher.
    const limits = ['+K', 'true', '+P', '250000', '+Q', '65536'];
    const data = ['-mnesia', 'dir', `"${join(folder, 'mnesia')}"`];
    const command = ['erl', '-noinput', ...limits, ...data, '-s', 'ejabberd', '-eval', register];
    const env = {
      ...libraries,
      HOME: folder,
      EJABBERD_CONFIG_PATH: path,
      EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
      ERL_CRASH_DUMP: join(folder, 'crash.dump'),
    };
    return PeerProcess.start({ prefix, command, port, cwd: folder, env, ready: /accounts are there/ });
  },
};

function configuration(port: number): string {
  return `
hosts: ["${xmppDomain}"]
# A line for each connection is work that nobody reads.
loglevel: warning
# Plain passwords: a hash would measure itself.
auth_method: internal
auth_password_format: plain
# A process of a busy connection may have this many messages waiting; the default of 10,000 ends it.
max_fsm_queue: 10000000
# No certificates are fetched: there is no TLS in this benchmark.
acme:
  auto: false
# Loopback, clients and plain TCP alone, and no shaper: the configuration of Debian slows every client down to 3 KB a second.
listen:
  -
    port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    backlog: 1024
    max_stanza_size: 262144
    access: all
    shaper: none
shaper_rules:
  # The default drops what is beyond 100 messages for a user who is away.
  offline_messages: infinity
modules:
  mod_roster: {}
  mod_offline:
    access_max_user_messages: offline_messages
  mod_stream_mgmt:
    # What is sent and not acknowledged yet is held without a limit; the default ends the connection at 5,000.
    max_ack_queue: infinity
    # Nothing is resumed here, and a session that is gone must not be waited for.
    resume_timeout: 0
`;
}
