/**
 * Of measured values, those that half, nine in ten, and 99 in a hundred don't exceed. By nearest rank: each was measured.
 */
export type Percentiles = { readonly p50: number; readonly p90: number; readonly p99: number };

export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: at(sorted, 0.5), p90: at(sorted, 0.9), p99: at(sorted, 0.99) };
}

export function medianOf(values: readonly number[]): number {
  return percentilesOf(values).p50;
}

/** Each of one to the same of the other. */
export function ratioOf(one: Percentiles, other: Percentiles): Percentiles {
  return { p50: one.p50 / other.p50, p90: one.p90 / other.p90, p99: one.p99 / other.p99 };
}

function at(sorted: readonly number[], part: number): number {
  const value = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}
