/** What the server says unasked, apart from messages. */

/** A notice as the client acts upon it. */
export type Notice =
  /** `to` has acknowledged the message of ours with this `seq`, and all before it. */
  | { readonly kind: 'receipt'; readonly to: string; readonly seq: number }
  /** The server knows the session no more, if there was one. */
  | { readonly kind: 'ended'; readonly reason: string }
  /** Nothing that anybody could act upon. */
  | { readonly kind: 'void' }
  | { readonly kind: 'other' };

export function readNotice(status: number, text: string): Notice {
  const reason = endings.get(status);
  if (reason !== undefined) return { kind: 'ended', reason };
  if (status === receipt) {
    const [to = '', seq = ''] = text.split(' ');
    return { kind: 'receipt', to, seq: Number.parseInt(seq, 10) };
  }
  return { kind: status === forbidden ? 'void' : 'other' };
}

const receipt = 250;
/** Answers an acknowledgement that crossed the end of its session on the way. */
const forbidden = 403;

/** Notices after which the server knows the session no more. */
const endings: ReadonlyMap<number, string> = new Map([
  [404, 'the account was deleted'],
  [409, 'taken over by another login'],
]);
