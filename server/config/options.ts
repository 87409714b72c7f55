/** The one table of options, from which flags, environment names, file keys, `--help` and `--print-config` come. */

import { withoutBrackets } from '../../shared/host-port';
import { logLevels } from '../logger';
import { isDatabasePath, isDirectoryFilter, isDirectoryUrl, isHost, isOriginList, isPath } from './accepts';
import { choice, type OptionSpec, optionalText, port, text, toggle, whole } from './option-spec';

/** Every setting by its name in {@link Config}. */
export const options = {
  host: text({
    name: 'host',
    group: 'Network',
    default: '127.0.0.1',
    placeholder: 'ADDRESS',
    mustBe: 'an IP address or a host name',
    accepts: isHost,
    normalize: withoutBrackets,
    help: 'address to listen on; 0.0.0.0 or :: listens on all of them',
  }),
  port: whole({
    name: 'port',
    group: 'Network',
    default: 8888,
    bounds: [0, 65_535],
    help: 'port for cmap, browsers and WebSockets, with TLS and without; 0 takes any free one and says which',
  }),
  connectionsMax: whole({
    name: 'connections',
    group: 'Network',
    default: 20_000,
    bounds: [1, 1_000_000],
    help: 'connections at the same time on each port; the next one is told so and closed',
  }),
  grpcPort: port({
    name: 'grpc-port',
    group: 'Network',
    default: 11_912,
    help: 'port for gRPC, on the address of --host',
  }),
  chatbotPort: port({
    name: 'chatbot-port',
    group: 'Network',
    default: 9_000,
    help: 'port for chatbot clients, which have no passwords',
  }),
  chatbotHost: text({
    name: 'chatbot-host',
    group: 'Network',
    default: '127.0.0.1',
    placeholder: 'ADDRESS',
    mustBe: 'an IP address or a host name',
    accepts: isHost,
    normalize: withoutBrackets,
    help: 'address for chatbot clients; --host does not open it',
  }),
  nickroomPort: port({
    name: 'nickroom-port',
    group: 'Network',
    default: 10_328,
    help: 'port for nick room clients, which have no passwords',
  }),
  nickroomHost: text({
    name: 'nickroom-host',
    group: 'Network',
    default: '127.0.0.1',
    placeholder: 'ADDRESS',
    mustBe: 'an IP address or a host name',
    accepts: isHost,
    normalize: withoutBrackets,
    help: 'address for nick room clients; --host does not open it',
  }),
  nickroomHistoryMessages: whole({
    name: 'nickroom-history',
    group: 'Network',
    default: 100,
    bounds: [0, 1_000],
    help: 'messages of #lobby that a nick room client is shown when it comes',
  }),
  wsOrigins: optionalText({
    name: 'ws-origins',
    group: 'Network',
    placeholder: 'ORIGINS',
    mustBe: 'origins such as https://chat.example.org, separated by commas',
    accepts: isOriginList,
    help: 'pages of other hosts that may open a WebSocket here, separated by commas; without it only pages of this host may',
  }),
  tlsCert: optionalText({
    name: 'tls-cert',
    group: 'TLS',
    placeholder: 'PATH',
    mustBe: 'a path',
    accepts: isPath,
    help: 'PEM file of the certificate and those that lead to its authority; read again on SIGHUP',
  }),
  tlsKey: optionalText({
    name: 'tls-key',
    group: 'TLS',
    placeholder: 'PATH',
    mustBe: 'a path',
    accepts: isPath,
    help: 'PEM file of its private key',
  }),
  database: text({
    name: 'database',
    group: 'Storage',
    default: 'data/chateau.db',
    placeholder: 'PATH',
    mustBe: 'a path',
    accepts: isDatabasePath,
    help: 'SQLite file of accounts and messages, made with its folder when missing',
  }),
  memory: toggle({
    name: 'memory',
    group: 'Storage',
    default: false,
    help: 'keep nothing after the server stops; --database is left alone',
  }),
  mailboxMessagesMax: whole({
    name: 'mailbox-messages',
    group: 'Storage',
    default: 100_000,
    bounds: [1, 10_000_000],
    help: 'undelivered messages in one mailbox; the sender of the next one is refused',
  }),
  historyDays: whole({
    name: 'history-days',
    group: 'Storage',
    default: 30,
    bounds: [0, 3_650],
    help: 'days that messages stay readable after everybody has acknowledged them; 0 removes them within hours',
  }),
  sessionsPerAccountMax: whole({
    name: 'sessions-per-account',
    group: 'Accounts',
    default: 1,
    bounds: [1, 100],
    help: 'connections that may be logged in to one account at the same time',
  }),
  bcryptCost: whole({
    name: 'bcrypt-cost',
    group: 'Accounts',
    default: 10,
    bounds: [4, 15],
    help: 'work per password hash; each step doubles it. For new passwords: old hashes keep their cost',
  }),
  auth: choice({
    name: 'auth',
    group: 'Accounts',
    default: 'password',
    choices: ['password', 'ldap'],
    placeholder: 'HOW',
    help: 'who checks passwords: this server, or a directory',
  }),
  ldapUrl: optionalText({
    name: 'ldap-url',
    group: 'Directory',
    placeholder: 'URL',
    mustBe: 'ldaps:// or ldap:// with a host and perhaps a port, and nothing more',
    accepts: isDirectoryUrl,
    help: 'where the directory is; with ldap:// TLS is begun (StartTLS) before anything is said',
  }),
  ldapBase: optionalText({
    name: 'ldap-base',
    group: 'Directory',
    placeholder: 'DN',
    mustBe: 'a distinguished name',
    accepts: (value) => value.includes('='),
    help: 'where people are searched, such as ou=people,dc=example,dc=org',
  }),
  ldapFilter: text({
    name: 'ldap-filter',
    group: 'Directory',
    default: '(uid={username})',
    placeholder: 'FILTER',
    mustBe: 'a filter in parentheses with {username} in it',
    accepts: isDirectoryFilter,
    help: 'finds the one entry of a name; {username} is the name, escaped',
  }),
  ldapCa: optionalText({
    name: 'ldap-ca',
    group: 'Directory',
    placeholder: 'PATH',
    mustBe: 'a path',
    accepts: isPath,
    help: "PEM file of the authority of the directory's certificate, where the system does not know it",
  }),
  ldapBindDn: optionalText({
    name: 'ldap-bind-dn',
    group: 'Directory',
    placeholder: 'DN',
    mustBe: 'a distinguished name',
    accepts: (value) => value.includes('='),
    help: 'who searches, where the directory lets nobody search unnamed',
  }),
  ldapBindPasswordFile: optionalText({
    name: 'ldap-bind-password-file',
    group: 'Directory',
    placeholder: 'PATH',
    mustBe: 'a path',
    accepts: isPath,
    help: 'file with the password of --ldap-bind-dn; a line end at its end does not count',
  }),
  logLevel: choice({
    name: 'log-level',
    group: 'Operation',
    default: 'info',
    choices: logLevels,
    placeholder: 'LEVEL',
    help: 'least severe log lines to write to stderr',
  }),
} as const;

/** Everything that can be set, valid. */
export type Config = {
  readonly [Key in keyof typeof options]: (typeof options)[Key] extends OptionSpec<infer Value> ? Value : never;
};
export type ConfigKey = keyof Config;

/** The settings in the order of the table. */
export const optionEntries = Object.entries(options) as (readonly [ConfigKey, OptionSpec])[];

/** What steers the program before there is a configuration: flags only, but `config` is in the environment too. */
export const steering = {
  config: { name: 'config', takesValue: true, placeholder: 'PATH', help: 'TOML file of settings' },
  printConfig: {
    name: 'print-config',
    takesValue: false,
    help: 'print the settings and where each came from, as TOML',
  },
  help: { name: 'help', takesValue: false, help: 'print this' },
  version: { name: 'version', takesValue: false, help: 'print the version' },
} as const;

/** What every environment variable of the program starts with. */
export const environmentPrefix = 'CHATEAU_';

/** The environment variable of an option: `CHATEAU_BCRYPT_COST` for `bcrypt-cost`. */
export function environmentName(name: string): string {
  return environmentPrefix + name.toUpperCase().replaceAll('-', '_');
}
