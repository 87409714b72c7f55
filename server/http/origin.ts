/** Which pages may open a WebSocket here. A browser sends the visitor's network along to any page that asks: without this
 *  check a foreign page could talk to a server that only the visitor can reach. */

/** Whether a request may go on: one without an Origin comes from no browser; a page may come from this host itself, as the
 *  request's Host header names it, or from one of `origins`, such as `https://chat.example`. */
export function isOriginAllowed(
  request: { readonly origin: string | undefined; readonly host: string | undefined },
  origins: readonly string[],
): boolean {
  const { origin, host } = request;
  if (origin === undefined) return true;
  const page = parse(origin);
  if (page === undefined) return false;
  if (origins.some((allowed) => parse(allowed)?.origin === page.origin)) return true;
  // The page's scheme decides which port its host stands for when none is named.
  return host !== undefined && parse(`${page.protocol}//${host}`)?.host === page.host;
}

/** Only what is a page's: `null`, which a file or a sandbox sends, is not. */
function parse(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
