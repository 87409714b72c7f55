/** Ends connections whose peer has vanished without a word while bytes were under way to it. TCP asks a silent peer whether
 *  it is there only while nothing is under way; otherwise it sends the bytes again, for 15 minutes on Linux.
 *  @see docs/adr/0025-a-vanished-peer-is-found-in-the-kernels-table.md */

import type { Socket } from 'node:net';
import { bounds } from '../../shared/limits';
import type { Clock, Logger, Timer } from '../core/ports';
import { type Endpoints, endpointsOf, readUnanswered, type Unanswered } from './tcp-table';

/** What is known of a peer since the last check. */
interface PeerState {
  /** Bytes read from it by then. */
  readBytes: number;
  /** Bytes written to it of which it has acknowledged all. */
  settledBytes: number;
  /** The kernel's tries in vain, as at the last check, and at how many checks in a row there were any. */
  tries: number;
  checks: number;
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

/** Checks every `bounds.peerCheckMs`. A peer is gone if nothing has come from it since the check before the last one, and the
 *  kernel's tries were in vain at both: after 60 to 90 s. A peer that reads slowly, or not at all, answers the kernel's
 *  question whether it is there, and stays. The table is read only if some connection has bytes that nothing has come back
 *  for. */
export class VanishedPeers {
  private readonly states = new WeakMap<WatchedSocket, PeerState>();
  private readonly readUnanswered: VanishedPeersOptions['readUnanswered'];
  private timer: Timer | undefined;

  constructor(private readonly options: VanishedPeersOptions) {
    const systemReader = process.platform === 'linux' ? readUnanswered : undefined;
    this.readUnanswered = options.readUnanswered ?? systemReader;
  }

  start(): void {
    if (this.readUnanswered === undefined) return;
    this.timer = this.options.clock.after(bounds.peerCheckMs, () => {
      this.start();
      void this.check();
    });
  }

  stop(): void {
    this.timer?.cancel();
  }

  private async check(): Promise<void> {
    const suspects = this.findSuspects();
    if (suspects.size === 0) return;
    try {
      const unanswered = await this.readUnanswered?.(new Set(suspects.keys()));
      for (const [endpoints, suspect] of suspects) this.judge(suspect, unanswered?.get(endpoints));
    } catch (error) {
      this.options.logger.error('peers_not_checked', error);
    }
  }

  /** Peers that were written to, and from which nothing has come since the last check. */
  private findSuspects(): Map<Endpoints, Suspect> {
    const suspects = new Map<Endpoints, Suspect>();
    for (const socket of this.options.sockets) {
      const { bytesRead, bytesWritten } = socket;
      const state = this.states.get(socket);
      if (state?.readBytes !== bytesRead) {
        this.states.set(socket, { readBytes: bytesRead, settledBytes: state?.settledBytes ?? 0, tries: 0, checks: 0 });
      } else if (bytesWritten !== state.settledBytes) {
        const endpoints = endpointsOf(socket);
        if (endpoints !== undefined) suspects.set(endpoints, { socket, state, writtenBytes: bytesWritten });
      }
    }
    return suspects;
  }

  /** `tries` is undefined if the peer has acknowledged everything. */
  private judge({ socket, state, writtenBytes }: Suspect, tries: number | undefined): void {
    if (socket.bytesRead !== state.readBytes) return;
    if (tries === undefined) state.settledBytes = writtenBytes;
    // One try is normal; fewer than at the last check mean that there was an answer in between.
    const isInVain = tries !== undefined && tries >= triesMin;
    state.checks = isInVain ? (tries >= state.tries ? state.checks : 0) + 1 : 0;
    state.tries = tries ?? 0;
    if (state.checks < checksMax) return;
    const { remoteAddress, remotePort } = socket;
    this.options.logger.info('peer_vanished', { remoteAddress, remotePort });
    socket.destroy();
  }
}

const triesMin = 2;
const checksMax = 2;
