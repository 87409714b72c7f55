/** How the directory is to be asked, from the configuration and the files that it names. */

import { X509Certificate } from 'node:crypto';
import type { LdapSettings } from './auth/ldap/settings';
import type { Config } from './config';
import { FileError, readNamed } from './named-file';

/** @param readFile throws as `fs.readFileSync` does
 *  @throws FileError */
export function directorySettings(config: Config, readFile: (path: string) => string): LdapSettings {
  const { ldapUrl: url, ldapBase: base, ldapFilter: filter, ldapCa, ldapBindDn: dn, ldapBindPasswordFile } = config;
  const ca = ldapCa === '' ? undefined : readNamed(readFile, 'ldap-ca', ldapCa);
  if (ca !== undefined && !isCertificate(ca)) {
    throw new FileError(`--ldap-ca: ${ldapCa} is no certificate in PEM`);
  }
  const searcher = dn === '' ? undefined : { dn, password: readPassword(readFile, ldapBindPasswordFile) };
  return { url, base, filter, ca, searcher };
}

/** An empty one would make the search nobody's in particular, and perhaps find nothing. */
function readPassword(readFile: (path: string) => string, path: string): string {
  const password = readNamed(readFile, 'ldap-bind-password-file', path).replace(/\r?\n$/, '');
  if (password === '') throw new FileError(`--ldap-bind-password-file: ${path} is empty`);
  return password;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
