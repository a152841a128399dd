/**
 * Time that stands still while anything is being done, and then jumps to the next thing that is due: twelve hours pass in
 * no time, and the same plan always comes to the same story.
 */
import type { Now } from '../../lib/ports.ts';

export type MovedTime = {
  readonly now: Now;
  /** Does it then; of what is due at one time, first what was asked for first. */
  readonly at: (atMs: number, act: () => unknown) => void;
  /** Until nothing is due any more. */
  readonly pass: () => Promise<void>;
};

type Due = { readonly atMs: number; readonly act: () => unknown };

export function createMovedTime(startMs: number): MovedTime {
  let nowMs = startMs;
  const due: Due[] = [];

  return {
    now: () => nowMs,
    at: (atMs, act) => {
      let place = due.length;
      while (place > 0 && (due[place - 1]?.atMs ?? 0) > atMs) place -= 1;
      due.splice(place, 0, { atMs, act });
    },
    pass: async () => {
      // Only from within a promise is the next tick after all of them.
      await undefined;
      for (let next = due.shift(); next !== undefined; next = due.shift()) {
        nowMs = Math.max(nowMs, next.atMs);
        next.act();
        await nothingLeftToDo();
      }
    },
  };
}

/** Node runs what was deferred to the next tick once no promise has anything left to do. */
function nothingLeftToDo(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
