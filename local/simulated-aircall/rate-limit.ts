/**
 * So many requests a minute for the whole company; over it 429, and only then the `X-AircallApi-*` headers.
 *
 * Gaps, and how they are filled: the window is fixed and opens with the first request in it, `Reset` is in
 * UNIX seconds (most clients read it so), and the body has the shape of the edge's other refusals. There is
 * no `Retry-After`: it is undocumented.
 */
import { type Answer, edgeError } from './answer.ts';

const WINDOW_MS = 60_000;

export function createRateLimit(requestsPerMinute: number, nowMs: () => number) {
  let resetAtMs = Number.NEGATIVE_INFINITY;
  let used = 0;

  return function refuseExcess(): Answer | undefined {
    if (nowMs() >= resetAtMs) {
      resetAtMs = nowMs() + WINDOW_MS;
      used = 0;
    }
    used += 1;
    if (used <= requestsPerMinute) return undefined;

    return edgeError(429, 'Too Many Requests', {
      'X-AircallApi-Limit': String(requestsPerMinute),
      'X-AircallApi-Remaining': '0',
      'X-AircallApi-Reset': String(Math.ceil(resetAtMs / 1000)),
    });
  };
}
