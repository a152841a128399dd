/**
 * What happens later: on the real clock, or on one that a test moves by hand.
 */
export type Scheduler = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Does something at a time; at once where that is past. @returns takes it back, if it has not happened */
  readonly at: (atMs: number, action: Action) => () => void;
};

type Action = () => void | Promise<void>;

/** Nothing that is still to come keeps the process alive. */
export function createRealScheduler(): Scheduler & { readonly close: () => void } {
  const timers = new Set<NodeJS.Timeout>();
  return {
    now: Date.now,
    at(atMs, action) {
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          void action();
        },
        Math.max(0, atMs - Date.now()),
      ).unref();
      timers.add(timer);
      return () => {
        clearTimeout(timer);
        timers.delete(timer);
      };
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

export type ManualScheduler = Scheduler & {
  /**
   * Lets time pass, and waits for what is done at each moment, requests and all, before it goes on to the next. What is
   * due at one moment is done side by side.
   */
  readonly advance: (ms: number) => Promise<void>;
};

/** @param onMove is told the time whenever it changes: for other clocks that have to show the same */
export function createManualScheduler(
  startMs: number,
  onMove: (nowMs: number) => void = () => undefined,
): ManualScheduler {
  let nowMs = startMs;
  let waiting: { readonly atMs: number; readonly action: Action }[] = [];

  function moveTo(atMs: number): void {
    nowMs = atMs;
    onMove(atMs);
  }
  moveTo(startMs);

  return {
    now: () => nowMs,
    at(atMs, action) {
      const entry = { atMs: Math.max(atMs, nowMs), action };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const nextMs = Math.min(...waiting.map(({ atMs }) => atMs));
        if (nextMs > untilMs) break;

        if (nextMs !== nowMs) moveTo(nextMs);
        await Promise.all(takeDue().map(async ({ action }) => action()));
      }
      moveTo(untilMs);
    },
  };

  function takeDue() {
    const due = waiting.filter(({ atMs }) => atMs <= nowMs);
    waiting = waiting.filter(({ atMs }) => atMs > nowMs);
    return due;
  }
}
