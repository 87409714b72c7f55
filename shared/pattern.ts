/** Which names a pattern means. @see docs/protocol.md#list */

/** A test for names: `*` stands for any characters and `?` for one, and then the whole name must match; a pattern
 *  without either is a part of the name. Case does not count. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const key = pattern.toLowerCase();
  if (!/[*?]/.test(key)) return (name) => name.toLowerCase().includes(key);
  const literal = key.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const whole = new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`);
  return (name) => whole.test(name.toLowerCase());
}
