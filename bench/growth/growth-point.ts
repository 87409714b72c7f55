/** What is measured as the server grows: points of charts. */

/** One figure at one size. */
export interface GrowthPoint {
  /** The chart that it belongs to. */
  readonly chart: GrowthChart;
  /** The line in that chart. */
  readonly line: string;
  readonly x: number;
  readonly y: number;
}

/** Charts of growth, by the name of their file. */
export const growthCharts = {
  'throughput-against-connections': ['Throughput against connections', 'connections', 'messages a second'],
  'latency-against-connections': ['Latency at 2 000 messages a second', 'connections', 'ms'],
  'login-against-mailbox': ['First byte of a login', 'undelivered messages in the mailbox', 'ms'],
  'send-against-mailbox': ['One send, from request to reply', 'undelivered messages in the mailbox', 'ms'],
  'history-against-messages': ['A page of history', 'messages of the conversation', 'ms'],
  'bytes-against-messages': ['Size of the database', 'messages of 100 bytes', 'bytes for each message'],
  'list-against-accounts': ['A page of names', 'accounts', 'ms'],
} as const;

export type GrowthChart = keyof typeof growthCharts;
