/** The wires that are tortured, and what each of them can say. */

export const wires = ['cmap', 'classic', 'chateau', 'chatbot', 'nickroom', 'grpc'] as const;
export type Wire = (typeof wires)[number];

/** The wires on which an account with a password can be entered: such an account can be read to its end afterwards, over cmap. */
export const passwordWires: readonly Wire[] = ['cmap', 'classic', 'chateau', 'grpc'];

/** Characters that a wire carries as they are, from client to server.
 *  - `any`: all of them;
 *  - `line`: a line break ends the request;
 *  - `ascii`: nothing else. */
export type Alphabet = 'any' | 'line' | 'ascii';

export const alphabets: Readonly<Record<Wire, Alphabet>> = {
  cmap: 'any',
  classic: 'line',
  chateau: 'any',
  chatbot: 'ascii',
  nickroom: 'any',
  grpc: 'any',
};

/** What becomes of a body on its way to a client, as the page of the wire says. */
export function asShownOn(wire: Wire, body: string): string {
  switch (wire) {
    case 'classic':
      return body.replace(/[\r\n\u0085\u2028\u2029]+/g, ' ');
    case 'chatbot':
      return body.replace(/\P{ASCII}/gu, '?').replace(/^\|+|\|{3,}/g, (bars) => '?'.repeat(bars.length));
    case 'cmap':
    case 'chateau':
    case 'nickroom':
    case 'grpc':
      return body;
  }
}

/** How often the numbers of a log may go down on one connection of a wire: what DELIVER brings is older than what was live
 *  before it. */
export function descentsMax(wire: Wire): number {
  return wire === 'chatbot' ? 1 : 0;
}
