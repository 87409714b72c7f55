/** `npm run admin`: its commands, put together from the server's parts. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { endWithOutput } from '../../client/terminal/lost-output';
import { askHiddenPassword } from '../../client/terminal/password';
import { describeAnswer, type LdapAnswer } from '../auth/ldap/answer';
import { ldapBounds } from '../auth/ldap/bounds';
import { askDirectory } from '../auth/ldap/question';
import { readConfig } from '../config';
import { oneLine } from '../config/one-line';
import { directorySettings } from '../directory-settings';
import { FileError } from '../named-file';
import { readArguments, usageText } from './arguments';
import { DevCertError, validDays, writeDevCertificate } from './dev-cert';

/** `unknown`: whether the password is right could not be found out. */
const exitStatus = { ok: 0, failed: 1, misused: 2, unknown: 3, interrupted: 130 } as const;

endWithOutput(process.stdout, process.stderr);
run(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const isExpected = error instanceof FileError || error instanceof DevCertError;
    console.error(isExpected ? `chateau: ${oneLine(error.message)}` : error);
    process.exitCode = exitStatus.failed;
  },
);

async function run(argv: readonly string[]): Promise<number> {
  const command = readArguments(argv);
  switch (command.kind) {
    case 'help':
      process.stdout.write(usageText);
      return exitStatus.ok;
    case 'misuse':
      return misused([command.mistake]);
    case 'dev-cert':
      return devCert(command);
    case 'auth-check':
      return authCheck(command.username, command.settings);
  }
}

function misused(mistakes: readonly string[]): number {
  for (const mistake of mistakes) console.error(oneLine(mistake));
  return exitStatus.misused;
}

async function devCert(options: { readonly hosts: readonly string[]; readonly folder: string }): Promise<number> {
  const { certPath, keyPath } = await writeDevCertificate(options);
  console.log(
    [
      `${certPath}  the certificate, good for ${validDays} days: clients that are to trust it need this file`,
      `${keyPath}  its key: for the server alone`,
      '',
      `  npm run server -- --tls-cert ${certPath} --tls-key ${keyPath}`,
      `  npm run client -- --tls --tls-ca ${certPath}`,
    ].join('\n'),
  );
  return exitStatus.ok;
}

async function authCheck(username: string, settings: readonly string[]): Promise<number> {
  const startup = readConfig(['--auth', 'ldap', ...settings], process.env, readFile);
  if (startup.kind === 'print') {
    process.stdout.write(startup.text);
    return exitStatus.ok;
  }
  if (startup.kind === 'mistakes') return misused(startup.lines);
  const directory = directorySettings(startup.config, readFile);
  const password = await readPassword(`password of ${username}: `);
  if (password === undefined) return exitStatus.interrupted;
  const answer = await askDirectory(directory, ldapBounds, username, password);
  console.log(oneLine(describeAnswer(answer, username, directory)));
  return statusOf(answer);
}

function statusOf({ kind }: LdapAnswer): number {
  if (kind === 'accepted') return exitStatus.ok;
  return kind === 'unavailable' ? exitStatus.unknown : exitStatus.failed;
}

/** Undefined after Ctrl-C. */
async function readPassword(question: string): Promise<string | undefined> {
  if (process.stdin.isTTY) {
    const typed = askHiddenPassword(question);
    return typed.kind === 'interrupted' ? undefined : typed.password;
  }
  const input = createInterface({ input: process.stdin });
  const [line] = await Promise.race([once(input, 'line'), once(input, 'close').then(() => [''])]);
  input.close();
  return String(line);
}

function readFile(path: string): string {
  return readFileSync(path, 'utf8');
}
