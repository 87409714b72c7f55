/** A search filter for one name. @see RFC 4515, section 3 */

/** `template` with every `{username}` replaced by `username`, escaped: it can be a value and nothing else. */
export function filterFor(template: string, username: string): string {
  return template.replaceAll('{username}', () => escapeValue(username));
}

/** Characters that mean something in a filter, and control characters, as a backslash and two digits. */
function escapeValue(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are escaped
  return value.replace(/[\\*()\u0000-\u001f\u007f]/g, (character) => {
    return `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
