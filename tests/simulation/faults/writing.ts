/** Faults of a store that writes. */

import { type AccountId, type Appended, type Bus, type Draft, mailboxOf, type Seq } from '../../../server/core/ports';
import type { ErrorCode } from '../../../shared/errors';
import type { Username } from '../../../shared/names';
import type { Fault, Scene } from '../fault';
import { withLogs } from './with-logs';

/** The same draft with another key, or with somebody else who is told. */
function altered(draft: Draft, changes: Partial<Draft>): Draft {
  const { senderId, from, to, key, body, at } = draft;
  return {
    ...{ senderId, from, to, key, body, at },
    committed: (result) => draft.committed(result),
    refused: (code) => draft.refused(code),
    ...changes,
  };
}

/** Where a message to an account would come to stand were it committed now. */
function foreseen({ disk }: Scene, { to }: Draft, ahead: number): Appended | undefined {
  const account = to.startsWith('#') ? undefined : disk.tables.account(to as Username);
  if (account === undefined || account.isSealed) return undefined;
  const log = mailboxOf(account.id as AccountId);
  return { log, seq: (disk.tables.head(log) + ahead) as Seq, to: account.name, repeated: false };
}

export const acknowledgedBeforeCommit: Fault = {
  name: 'a send is acknowledged before its commit',
  store: (store, scene) =>
    withLogs(store, {
      append(draft) {
        const result = foreseen(scene, draft, 1);
        if (result !== undefined) queueMicrotask(() => draft.committed(result));
        const silent = { committed: () => undefined, refused: () => undefined };
        store.logs.append(result === undefined ? draft : altered(draft, silent));
      },
    }),
};

export function shownBeforeCommit(): Fault {
  let bus: Bus | undefined;
  return {
    name: 'a message is shown before its commit',
    bus(carrier) {
      bus = carrier;
      return carrier;
    },
    store: (store, scene) =>
      withLogs(store, {
        append(draft) {
          const result = foreseen(scene, draft, 1);
          const { at, from, body } = draft;
          if (result !== undefined) bus?.publish({ log: result.log, message: { seq: result.seq, at, from, body } });
          store.logs.append(draft);
        },
      }),
  };
}

export const keyForgottenAtRestart: Fault = {
  name: 'keys are forgotten at a restart',
  store: (store, { restarts }) =>
    withLogs(store, {
      append: (draft) => store.logs.append(altered(draft, { key: draft.key && `${restarts}/${draft.key}` })),
    }),
};

export const keyIgnored: Fault = {
  name: 'a repeated key is stored twice',
  store: (store) => withLogs(store, { append: (draft) => store.logs.append(altered(draft, { key: undefined })) }),
};

export const answersSwapped: Fault = {
  name: 'answers are swapped',
  store(store, { chance }) {
    let held: (() => void) | undefined;
    const tell = (answer: () => void): void => {
      if (held === undefined && chance.fraction() < 0.5) {
        held = answer;
        return;
      }
      answer();
      held?.();
      held = undefined;
    };
    return withLogs(store, {
      append: (draft) =>
        store.logs.append(
          altered(draft, {
            committed: (result) => tell(() => draft.committed(result)),
            refused: (code: ErrorCode) => tell(() => draft.refused(code)),
          }),
        ),
    });
  },
};

export const refusedAndKept: Fault = {
  name: 'a send that was committed is refused',
  store: (store, { chance }) =>
    withLogs(store, {
      append: (draft) =>
        store.logs.append(
          altered(draft, {
            committed: (result) => (chance.fraction() < 0.1 ? draft.refused('store_failed') : draft.committed(result)),
          }),
        ),
    }),
};

export const cursorBeyondTaken: Fault = {
  name: 'a cursor is moved one beyond what was taken',
  store: (store) =>
    withLogs(store, {
      moveCursors: (moves) => store.logs.moveCursors(moves.map((move) => ({ ...move, seq: (move.seq + 1) as Seq }))),
    }),
};

export const mailboxUnsealed: Fault = {
  name: 'a mailbox takes messages between the last burst and its removal',
  store: (store) => ({
    ...{ logs: store.logs, rooms: store.rooms, close: () => store.close() },
    accounts: { ...store.accounts, seal: async () => undefined },
  }),
};
