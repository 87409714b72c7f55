/** What is answered to a request that opens no WebSocket. */

import type { IncomingMessage } from 'node:http';
import { page, pagePolicy } from './page';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Left out where HEAD was asked. */
  readonly content: string;
}

/** The page at `/`; whatever else is asked for is refused. */
export function answerTo(request: IncomingMessage): Answer {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refusal(405, 'only GET and HEAD', { Allow: 'GET, HEAD' });
  }
  switch (pathOf(request)) {
    case '/':
      return answer(200, page, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': pagePolicy });
    case '/ws':
      // Node closes only when this header says so, once it is given: whoever asked for it would wait.
      return refusal(426, 'this is for WebSockets', { Upgrade: 'websocket', Connection: 'Upgrade, close' });
    default:
      return refusal(404, 'there is nothing here; the page is at /');
  }
}

/** A sentence in plain text. */
export function refusal(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return answer(status, `${text}\n`, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    ...headers,
  });
}

/** What a request asks for, without what follows a question mark. It may be a whole URL (RFC 9112, section 3.2.2; of a
 *  WebSocket RFC 6455, section 4.1): what that says of a host does not count. */
export function pathOf({ url = '' }: IncomingMessage): string {
  const [target = ''] = url.split('?', 1);
  return target.replace(absoluteStart, '') || '/';
}

const absoluteStart = /^https?:\/\/[^/]*/i;

const alwaysSent = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
} as const;

function answer(status: number, content: string, headers: Readonly<Record<string, string>>): Answer {
  return { status, headers: { ...alwaysSent, ...headers, 'Content-Length': `${Buffer.byteLength(content)}` }, content };
}
