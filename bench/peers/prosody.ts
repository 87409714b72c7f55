/** Prosody, an XMPP server in Lua with one thread. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { xmppDomain } from '../wires/xmpp';
import type { Peer, StartOptions } from './peer';
import { freePort, PeerProcess } from './peer-process';

const versionPath = '/usr/lib/prosody/prosody.version';

export const prosody: Peer = {
  name: 'prosody',
  wire: 'xmpp',
  cores: '1',
  promises: {
    onDisk: 'written, not synced',
    settings: 'internal storage, acknowledged by stream management (XEP-0198)',
  },
  version: () => readIfThere(versionPath)?.trim(),
  async start(options) {
    const { folder, prefix } = options;
    const port = await freePort();
    writeAccounts(options);
    const path = join(folder, 'prosody.cfg.lua');
    writeFileSync(path, configuration(options, port));
    return PeerProcess.start({ prefix, command: ['prosody', '-F', '--config', path], port, cwd: folder });
  },
};

/** As `prosodyctl adduser` would write them, one process for each. */
function writeAccounts({ folder, users }: StartOptions): void {
  const accounts = join(folder, xmppDomain, 'accounts');
  mkdirSync(accounts, { recursive: true });
  for (const { name, password } of users) {
    writeFileSync(join(accounts, `${name}.dat`), `return {\n\t["password"] = "${password}";\n};\n`);
  }
}

function configuration({ folder, mailboxMessagesMax }: StartOptions, port: number): string {
  return `
-- The folder of this run is its user's alone.
run_as_root = true
pidfile = "${folder}/prosody.pid"
data_path = "${folder}"
-- Clients of this machine alone; no other servers, and no listener that nobody uses.
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
-- What a chat needs: rosters, logins, messages kept for who is away, acknowledgements. mod_limits, which Debian's
-- configuration enables, is left out: it slows every client down to 10 KB a second.
modules_enabled = { "roster"; "saslauth"; "smacks" }
modules_disabled = { "s2s"; "s2s_auth_certs"; "tls" }
-- A lone message must not wait for others: with Nagle's algorithm, the default, each exchange takes 40 ms.
network_settings = { nagle = false }
-- Plain TCP, as all wires of this benchmark.
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
-- Plain passwords: a hash would measure itself.
authentication = "internal_plain"
-- Files, the storage that Debian's configuration has too.
storage = "internal"
-- Messages that are kept for one user, 10,000 by default.
storage_archive_item_limit = ${mailboxMessagesMax}
-- A client that acknowledges by itself need not be asked after every stanza.
smacks_max_unacked_stanzas = 256
-- Nothing is resumed here, and a session that is gone must not be waited for.
smacks_hibernation_time = 1
log = { warn = "*console" }
VirtualHost "${xmppDomain}"
`;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
