/**
 * Ring timers in a list. Trustworthy because it passes the same contract as the queue.
 */
import { fail, succeed } from '../../lib/core/result.ts';
import type { Now, RingTimer, StartRingTimer } from '../../lib/ports.ts';

export type InMemoryTimers = {
  readonly startRingTimer: StartRingTimer;
  /** Gives what is due by then, the earliest first, and removes it. */
  readonly due: (nowMs: number) => readonly RingTimer[];
};

export function createInMemoryTimers(now: Now): InMemoryTimers {
  let started: readonly RingTimer[] = [];

  return {
    startRingTimer: async (timer, deadlineMs) => {
      if (timer.dueAtMs - now() > 15 * 60_000) {
        return fail({ reason: 'queue-unavailable', detail: 'over 15 minutes ahead' });
      }
      if (deadlineMs <= now()) return fail({ reason: 'queue-unavailable', detail: 'no time left' });

      started = [...started, timer];
      return succeed(undefined);
    },

    due: (nowMs) => {
      const isDue = ({ dueAtMs }: RingTimer) => dueAtMs <= nowMs;
      const due = started.filter(isDue).sort((one, other) => one.dueAtMs - other.dueAtMs);
      started = started.filter((timer) => !isDue(timer));
      return due;
    },
  };
}
