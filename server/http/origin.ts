/** Which pages may open a WebSocket here. A browser sends the visitor's network along to any page that asks: without this
 *  check a foreign page could talk to a server that only the visitor can reach. */

/** What tells where an upgrade request comes from. */
export interface Visit {
  readonly origin: string | undefined;
  readonly host: string | undefined;
  /** The address of this end of its connection, as sockets give it; undefined once that is gone. */
  readonly localAddress: string | undefined;
}

/** Whether a request may go on: one without an Origin comes from no browser; a page may come from one of `origins`, such as
 *  `https://chat.example`, or from this host itself, as the request's Host header names it. Over loopback that has to be a
 *  name of loopback: a foreign page may have its own name lead here, and then Origin and Host agree. */
export function isOriginAllowed({ origin, host, localAddress }: Visit, origins: readonly string[]): boolean {
  if (origin === undefined) return true;
  const page = parse(origin);
  if (page === undefined) return false;
  if (origins.some((allowed) => parse(allowed)?.origin === page.origin)) return true;
  // The page's scheme decides which port its host stands for when none is named.
  if (host === undefined || parse(`${page.protocol}//${host}`)?.host !== page.host) return false;
  const isRemote = localAddress !== undefined && !loopbackAddress.test(localAddress);
  return isRemote || loopbackHost.test(page.hostname);
}

/** As sockets write it; a socket of IPv6 writes addresses of IPv4 as mapped. */
const loopbackAddress = /^(?:(?:::ffff:)?127(?:\.\d+){3}|::1)$/;
/** As a parsed URL writes it. */
const loopbackHost = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Only what is a page's: `null`, which a file or a sandbox sends, is not. */
function parse(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
