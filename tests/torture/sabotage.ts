/** Ways to break a server's promise, each put between the core and its store. With them the torture shows that it can
 *  fail. */

import type { Appended, Draft, LogStore, Message, Seq } from '../../server/core/ports';

/** How long after the OK a message is committed, where that comes first. */
const commitLateMs = 300;
/** One message in so many of a log is passed over, where some are: a machine that is busy sends a hundred in a short
 *  run. */
const passedOverOneIn = 20;

/** What is done to a store's logs, by name. */
export const sabotages = {
  /** Tells senders OK, and commits what they sent a while later. */
  acknowledgeEarly(logs: LogStore): void {
    const append = logs.append.bind(logs);
    const guesses = new Map<string, Appended>();
    logs.append = (draft) => {
      const guess = guesses.get(draft.to);
      if (guess === undefined) {
        append(noting(draft, (result) => guesses.set(draft.to, result)));
        return;
      }
      const result = { ...guess, seq: (guess.seq + 1) as Seq };
      guesses.set(draft.to, result);
      queueMicrotask(() => draft.committed(result));
      setTimeout(() => append(silenced(draft)), commitLateMs);
    };
  },

  /** Stores a send that is repeated a second time. */
  forgetKeys(logs: LogStore): void {
    const append = logs.append.bind(logs);
    logs.append = (draft) => {
      append({
        ...contentOf(draft),
        key: undefined,
        committed: (result) => draft.committed(result),
        refused: (code) => draft.refused(code),
      });
    };
  },

  /** Passes over a message now and then when a log is read. */
  passOver(logs: LogStore): void {
    const read = logs.read.bind(logs);
    const backlog = logs.backlog.bind(logs);
    const passOver = (page: readonly Message[]): readonly Message[] =>
      page.filter(({ seq }, index) => index === page.length - 1 || seq % passedOverOneIn !== 0);
    logs.read = async (...query) => (await read(...query)).map(passOver);
    logs.backlog = async (...query) => {
      const { heads, pages } = await backlog(...query);
      return { heads, pages: pages.map(passOver) };
    };
  },
} as const;

export type Sabotage = keyof typeof sabotages;

/** The environment variable by which a sabotaged server is told its fault. */
export const sabotageVariable = 'TORTURE_SABOTAGE';

function noting(draft: Draft, note: (result: Appended) => void): Draft {
  return {
    ...contentOf(draft),
    committed: (result) => {
      note(result);
      draft.committed(result);
    },
    refused: (code) => draft.refused(code),
  };
}

/** Whoever waits for it was told already. */
function silenced(draft: Draft): Draft {
  return { ...contentOf(draft), committed: () => {}, refused: () => {} };
}

function contentOf({ senderId, from, to, key, body, at }: Draft): Omit<Draft, 'committed' | 'refused'> {
  return { senderId, from, to, key, body, at };
}
