/** Settings that are fine each by itself and do not fit together. */

import { type Config, type ConfigKey, options } from './options';

/** A setting that is of no use, or of harm, without another. */
interface Need {
  readonly key: ConfigKey;
  readonly isGiven: (config: Config) => boolean;
  readonly needs: ConfigKey;
  readonly why: string;
}

const needs: readonly Need[] = [
  { key: 'tlsCert', isGiven: isSet('tlsCert'), needs: 'tlsKey', why: 'a certificate is of no use without its key' },
  { key: 'tlsKey', isGiven: isSet('tlsKey'), needs: 'tlsCert', why: 'a key is of no use without its certificate' },
  { key: 'auth', isGiven: asksDirectory, needs: 'ldapUrl', why: 'the directory must be known' },
  { key: 'auth', isGiven: asksDirectory, needs: 'ldapBase', why: 'it must be known where people are searched' },
  { key: 'ldapBindDn', isGiven: isSet('ldapBindDn'), needs: 'ldapBindPasswordFile', why: 'a bind needs a password' },
  { key: 'ldapBindPasswordFile', isGiven: isSet('ldapBindPasswordFile'), needs: 'ldapBindDn', why: 'nobody has it' },
];

/** Lines about what is missing, each starting with where the setting that needs it was made.
 *  @param sources one for each key, such as `--tls-cert` or `default` */
export function findContradictions(config: Config, sources: Readonly<Record<ConfigKey, string>>): string[] {
  return needs
    .filter((need) => need.isGiven(config) && config[need.needs] === '')
    .map((need) => `${sources[need.key]}: needs --${options[need.needs].name} too: ${need.why}`);
}

function isSet(key: ConfigKey): (config: Config) => boolean {
  return (config) => config[key] !== '';
}

function asksDirectory(config: Config): boolean {
  return config.auth === 'ldap';
}
