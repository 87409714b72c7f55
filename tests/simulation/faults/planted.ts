/** Every planted fault; each call gives one that has not been used. */

import type { Fault } from '../fault';
import { cursorAtWrite, liveInBurst, outboxUnbounded, overflowDropped } from './connecting';
import { prunedOneTooMany, seqReused, tailLost } from './keeping';
import {
  burstMiscounted,
  failureReadAsNothing,
  nudgeLost,
  nudgeLostForEver,
  pageBackwards,
  pageSkipsOne,
  retryForgotten,
} from './reading';
import {
  acknowledgedBeforeCommit,
  answersSwapped,
  cursorBeyondTaken,
  keyForgottenAtRestart,
  keyIgnored,
  mailboxUnsealed,
  refusedAndKept,
  shownBeforeCommit,
} from './writing';

export const planted: readonly (() => Fault)[] = [
  () => acknowledgedBeforeCommit,
  shownBeforeCommit,
  () => cursorAtWrite,
  () => cursorBeyondTaken,
  () => nudgeLost,
  () => nudgeLostForEver,
  () => keyForgottenAtRestart,
  () => keyIgnored,
  () => seqReused,
  () => tailLost,
  () => prunedOneTooMany,
  () => liveInBurst,
  () => burstMiscounted,
  () => overflowDropped,
  () => outboxUnbounded,
  () => answersSwapped,
  () => refusedAndKept,
  () => pageSkipsOne,
  () => pageBackwards,
  () => failureReadAsNothing,
  () => retryForgotten,
  () => mailboxUnsealed,
];
