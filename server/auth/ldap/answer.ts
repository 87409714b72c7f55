import type { LdapSettings } from './settings';

/** What came of asking a directory about a name and a password. */
export type LdapAnswer =
  /** The password is that of the one entry that was found. */
  | { readonly kind: 'accepted'; readonly dn: string }
  /** The directory does not let that entry in with this password, and perhaps says why. */
  | { readonly kind: 'refused'; readonly dn: string; readonly reason: string }
  /** No entry has the name. */
  | { readonly kind: 'unknown' }
  /** More than one has it. */
  | { readonly kind: 'ambiguous' }
  /** The directory was not asked: an empty password would be taken for no login, and accepted. */
  | { readonly kind: 'password_empty' }
  /** There was no answer, or none that is of use: whether the password is right is not known. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** The answer in a sentence, for whoever runs the server. What the directory says in it is as it came. */
export function describeAnswer(answer: LdapAnswer, username: string, { url, base }: LdapSettings): string {
  switch (answer.kind) {
    case 'accepted':
      return `yes: the directory lets ${answer.dn} in with this password`;
    case 'refused':
      return `no: the directory found ${answer.dn} and refused this password: ${answer.reason}`;
    case 'unknown':
      return `no: nobody below ${base} is found by the name ${username}`;
    case 'ambiguous':
      return `no: more than one entry below ${base} is found by the name ${username}; --ldap-filter must find one`;
    case 'password_empty':
      return 'no: an empty password is refused before the directory is asked';
    case 'unavailable':
      return `not known: ${url} cannot be asked: ${answer.reason}`;
  }
}
