/** Ends connections whose peer has vanished, without closing, while bytes were under way to it. TCP keep-alive works only while
 *  nothing is under way; otherwise TCP retransmits, for 15 minutes on Linux.
 *  @see docs/adr/0025-a-vanished-peer-is-found-in-the-kernels-table.md */

import type { Socket } from 'node:net';
import { bounds } from '../../shared/limits';
import type { Clock, Logger, Timer } from '../core/ports';
import { type Endpoints, endpointsOf, type Pending, readUnanswered, type Unanswered } from './tcp-table';

/** What is known of a peer since the last check. */
interface PeerState {
  /** Bytes read from it by then. */
  readBytes: number;
  /** Bytes written to it of which it has acknowledged all. */
  settledBytes: number;
  /** As at the last check. */
  pending: Pending | undefined;
  /** How many checks in a row have found no answer. */
  failedChecks: number;
}

interface Suspect {
  readonly socket: WatchedSocket;
  readonly state: PeerState;
  readonly writtenBytes: number;
}

interface WatchedSocket
  extends Pick<Socket, 'bytesRead' | 'bytesWritten' | 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort'> {
  destroy(): unknown;
}

export interface VanishedPeersOptions {
  /** The connections that are open; TLS, HTTP and WebSockets are bytes on them. */
  readonly sockets: Iterable<WatchedSocket>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How to ask the kernel; not at all where it has no table to read. */
  readonly readUnanswered?: ((wanted: ReadonlySet<Endpoints>) => Promise<Unanswered>) | undefined;
}

/** Checks every `bounds.peerCheckMs`. A peer is gone if `bounds.peerChecksMax` checks in a row find retransmissions or probes
 *  that it has not answered, and nothing came from it: 60 to 80 s after it vanished, or up to 100 s if it had just said
 *  something. A peer that reads slowly, or not at all, answers probes, and stays. The table is read only if some peer that was
 *  written to has been silent since the last check. */
export class VanishedPeers {
  private readonly states = new WeakMap<WatchedSocket, PeerState>();
  private readonly readUnanswered: VanishedPeersOptions['readUnanswered'];
  private timer: Timer | undefined;
  private isStopped = false;
  private lastFailure: string | undefined;

  constructor(private readonly options: VanishedPeersOptions) {
    const systemReader = process.platform === 'linux' ? readUnanswered : undefined;
    this.readUnanswered = options.readUnanswered ?? systemReader;
  }

  start(): void {
    if (this.readUnanswered === undefined || this.isStopped) return;
    this.timer = this.options.clock.after(bounds.peerCheckMs, () => {
      void this.check().then(() => this.start());
    });
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  private async check(): Promise<void> {
    const suspects = this.findSuspects();
    if (suspects.size === 0) return;
    try {
      const unanswered = await this.readUnanswered?.(new Set(suspects.keys()));
      for (const [endpoints, suspect] of suspects) this.judge(suspect, unanswered?.get(endpoints));
      this.lastFailure = undefined;
    } catch (error) {
      // What does not pass by itself, such as a build that was removed, is said once.
      if (this.lastFailure !== String(error)) this.options.logger.error('peers_not_checked', error);
      this.lastFailure = String(error);
    }
  }

  /** Peers that were written to, and from which nothing has come since the last check. */
  private findSuspects(): Map<Endpoints, Suspect> {
    const suspects = new Map<Endpoints, Suspect>();
    for (const socket of this.options.sockets) {
      const { bytesRead, bytesWritten } = socket;
      const state = this.states.get(socket);
      if (state?.readBytes !== bytesRead) {
        const settledBytes = state?.settledBytes ?? 0;
        this.states.set(socket, { readBytes: bytesRead, settledBytes, pending: undefined, failedChecks: 0 });
      } else if (bytesWritten !== state.settledBytes) {
        const endpoints = endpointsOf(socket);
        if (endpoints !== undefined) suspects.set(endpoints, { socket, state, writtenBytes: bytesWritten });
      }
    }
    return suspects;
  }

  /** `pending` is undefined if the peer has acknowledged everything. */
  private judge({ socket, state, writtenBytes }: Suspect, pending: Pending | undefined): void {
    if (socket.bytesRead !== state.readBytes) return;
    if (pending === undefined) state.settledBytes = writtenBytes;
    if (pending === undefined || pending.tries < triesMin) state.failedChecks = 0;
    else state.failedChecks = hasAnswered(state.pending, pending) ? 1 : state.failedChecks + 1;
    state.pending = pending;
    if (state.failedChecks < bounds.peerChecksMax) return;
    const { remoteAddress, remotePort } = socket;
    this.options.logger.info('peer_vanished', { remoteAddress, remotePort });
    socket.destroy();
  }
}

/** Between two checks: an acknowledgement shortens the queue, and the kernel counts its tries anew. */
function hasAnswered(before: Pending | undefined, now: Pending): boolean {
  return before !== undefined && (now.queuedBytes < before.queuedBytes || now.tries < before.tries);
}

/** One unanswered try is normal. */
const triesMin = 2;
