/** One kill in so many seconds has to have happened, or a run proves nothing. */
const secondsPerKillMax = 3;

/** The kills that have to happen in a run of so many seconds. */
export function killsMinIn(seconds: number): number {
  return Math.max(1, Math.floor(seconds / secondsPerKillMax));
}
