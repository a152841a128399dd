/**
 * After a 429 whatever can wait is not asked of Aircall for a while: the requests that are left are for transfers. Each
 * container knows only of its own; one pause is shared by all who ask.
 */
import type { Now } from '../ports.ts';

export type RatePause = {
  /** Aircall has just answered 429. */
  readonly begin: () => void;
  readonly isOn: () => boolean;
};

export function createRatePause(now: Now, pausedForMs: number): RatePause {
  let pausedUntilMs = 0;

  return {
    begin: () => {
      pausedUntilMs = now() + pausedForMs;
    },
    isOn: () => now() < pausedUntilMs,
  };
}
