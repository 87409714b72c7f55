/** A message as one number, since there are millions of them. */

/** Sends of one device stay below this. */
const numbersMax = 2 ** 30;

export function messageId(sender: number, number: number): number {
  return sender * numbersMax + number;
}

export function senderOf(id: number): number {
  return Math.floor(id / numbersMax);
}

export function numberOf(id: number): number {
  return id % numbersMax;
}
