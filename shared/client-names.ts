/** The names that a client makes up on its own: of a device, which is where its cursors are, and of a send. */

/** `[A-Za-z0-9_-]{1,32}`: the name of a cursor of its own. */
export function isDeviceName(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,32}$/.test(text);
}

/** The key of a send: 1 to 64 visible ASCII characters. */
export function isSendKey(text: string): boolean {
  return /^[!-~]{1,64}$/.test(text);
}
