/** Where a directory is, and how people are found in it. @see docs/ldap.md */
export interface LdapSettings {
  /** `ldaps://host[:port]`, or `ldap://host[:port]` for StartTLS: nothing is said without TLS. */
  readonly url: string;
  /** Where the search begins. */
  readonly base: string;
  /** With `{username}` where the name comes. */
  readonly filter: string;
  /** PEM of the authorities to trust; those that Node trusts when undefined. */
  readonly ca: string | undefined;
  /** Who searches; nobody in particular when undefined. */
  readonly searcher: { readonly dn: string; readonly password: string } | undefined;
}
