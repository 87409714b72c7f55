/** What the file-driven client is told at its start. */

export const fileClientUsage = `chateau, the file-driven client: JSON files over WebSocket

  npm run client -- ws [url]

  url   where the server is (ws://127.0.0.1:8888/ws); wss: for TLS

It asks for the name of a file, sends the file's content as one frame, prints every frame that comes back, one a line, and
asks again. r sends nothing and only reads. Ctrl-D ends it. Without a terminal it reads the names from its input.
`;

export type FileClientStart =
  | { readonly kind: 'run'; readonly url: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly mistake: string };

const defaultUrl = 'ws://127.0.0.1:8888/ws';

/** Reads what follows `ws`. */
export function readFileClientArguments(argv: readonly string[]): FileClientStart {
  const [url = defaultUrl, surplus] = argv;
  if (argv.includes('--help') || argv.includes('-h')) return { kind: 'help' };
  if (surplus !== undefined) return { kind: 'mistake', mistake: `one url is enough: what is ${surplus}?` };
  const isWebSocket = URL.canParse(url) && ['ws:', 'wss:'].includes(new URL(url).protocol);
  if (!isWebSocket) return { kind: 'mistake', mistake: `${url} is no WebSocket's url, such as ${defaultUrl}` };
  return { kind: 'run', url };
}
