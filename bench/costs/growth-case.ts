/** One request and one thing that its cost may depend on: how to bring a server there, and which requests to measure. */

import type { CommandName } from '../../shared/cmap';
import type { Judged } from './judgement';
import type { Site } from './site';

export interface GrowthCase {
  readonly request: CommandName;
  /** What grows, in the plural, such as `messages waiting`. With the request it names the case. */
  readonly grows: string;
  readonly judged: Judged;
  /** The small size. */
  readonly size: number;
  /** Brings the server to where `size` of that are there, which is not measured. Connections made here are closed after
   *  the sample. */
  prepare(site: Site, size: number): Promise<Sample>;
}

/** Requests that are measured together. */
export interface Sample {
  /** How many of the case's requests {@link Sample.run} sends. */
  readonly requests: number;
  /** Sends them and resolves once all are answered. The work that the server does afterwards is measured too. */
  run(): Promise<unknown>;
}
