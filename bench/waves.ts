/**
 * Sequential round trips: the longest chain of requests of which each began after the one before had been answered.
 */
export type RoundTrip = { readonly startMs: number; readonly endMs: number };

export function countWaves(trips: readonly RoundTrip[]): number {
  let waves = 0;
  let freeFromMs = Number.NEGATIVE_INFINITY;
  // The one that is answered first leaves the most room for others: no chain is longer.
  for (const { startMs, endMs } of trips.toSorted((a, b) => a.endMs - b.endMs)) {
    if (startMs < freeFromMs) continue;
    waves += 1;
    freeFromMs = endMs;
  }
  return waves;
}
