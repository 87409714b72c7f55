/** Hosts and ports as people and URLs write them. An IPv6 address has colons of its own, so it stands in brackets wherever a
 *  port may follow (RFC 3986, section 3.2.2). */

/** A host, without brackets, and the port that stood behind it, if any. */
export interface HostPort {
  readonly host: string;
  readonly port: number | undefined;
}

/** The host as it stands in a URL: `[::1]`, `127.0.0.1`, `chat.lan`. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** `[::1]:8888`, `127.0.0.1:8888`, `chat.lan:8888`. */
export function formatHostPort(host: string, port: number): string {
  return `${urlHost(host)}:${port}`;
}

/** The address in brackets without them; any other text as it is. */
export function withoutBrackets(text: string): string {
  return bracketed.exec(text)?.[1] ?? text;
}

/** Reads what {@link formatHostPort} and {@link urlHost} write, and an IPv6 address without brackets, which has no port. Whether
 *  the host is one is not checked; a port is 0 to 99999. */
export function parseHostPort(text: string): HostPort {
  const [, address, name, port] = withPort.exec(text) ?? [];
  if (port !== undefined) return { host: address ?? name ?? '', port: Number(port) };
  return { host: withoutBrackets(text), port: undefined };
}

/** The message of an error that may be one of Node's sockets, which writes an IPv6 address and its port without brackets. */
export function networkMessage(error: Error & { readonly address?: unknown; readonly port?: unknown }): string {
  const { message, address, port } = error;
  if (typeof address !== 'string' || typeof port !== 'number') return message;
  return message.replaceAll(`${address}:${port}`, formatHostPort(address, port));
}

const bracketed = /^\[([^[\]]*:[^[\]]*)\]$/;
const withPort = /^(?:\[([^[\]]*:[^[\]]*)\]|([^:[\]]+)):([0-9]{1,5})$/;
