/** What the admin program is asked to do. */

import { parseArgs } from 'node:util';
import { withoutBrackets } from '../../shared/host-port';
import { isUsername } from '../../shared/names';

export type AdminCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'dev-cert'; readonly hosts: readonly string[]; readonly folder: string }
  /** `settings` are the server's own flags. */
  | { readonly kind: 'auth-check'; readonly username: string; readonly settings: readonly string[] }
  /** One line that says what is wrong. */
  | { readonly kind: 'misuse'; readonly mistake: string };

export const usageText = `chateau, what its operator needs besides the server

  npm run admin -- dev-cert [--host NAME]... [--folder PATH]
      writes a certificate that is signed by itself and its key, for trying TLS out: tls-cert.pem and tls-key.pem in
      data, or in the folder that is named. It is for localhost, 127.0.0.1, ::1 and each NAME (or address).

  npm run admin -- auth-check <name> [the server's settings]
      asks for a password without showing it, or reads it from stdin where that is no terminal, tries it against the
      directory that the settings name (--ldap-url and so on, CHATEAU_*, chateau.toml), and says what the directory
      answered. Exit status: 0 the password is right, 1 it is not, 3 the directory cannot be asked.
`;

/** @param argv the arguments after the program's name */
export function readArguments(argv: readonly string[]): AdminCommand {
  const [command, ...rest] = argv;
  if (command === undefined || rest.includes('--help') || ['help', '--help', '-h'].includes(command)) {
    return { kind: 'help' };
  }
  if (command === 'dev-cert') return readDevCert(rest);
  if (command === 'auth-check') return readAuthCheck(rest);
  return { kind: 'misuse', mistake: `${command}: no such command; there are dev-cert and auth-check` };
}

function readDevCert(rest: readonly string[]): AdminCommand {
  try {
    const { values } = parseArgs({
      args: [...rest],
      options: { host: { type: 'string', multiple: true }, folder: { type: 'string' } },
    });
    const { host = [], folder = 'data' } = values;
    const hosts = host.map(withoutBrackets);
    const odd = hosts.find((name) => !/^[A-Za-z0-9:._*-]+$/.test(name));
    if (odd !== undefined) return { kind: 'misuse', mistake: `--host: ${odd} is no host name and no address` };
    return { kind: 'dev-cert', hosts, folder };
  } catch (error) {
    return { kind: 'misuse', mistake: error instanceof Error ? error.message : String(error) };
  }
}

function readAuthCheck([username, ...settings]: readonly string[]): AdminCommand {
  if (username === undefined || username.startsWith('-')) {
    return { kind: 'misuse', mistake: 'auth-check: whose password? auth-check <name>' };
  }
  // The server would not even ask the directory.
  if (!isUsername(username)) return { kind: 'misuse', mistake: `${username}: nobody can have this name here` };
  return { kind: 'auth-check', username, settings };
}
