/** Clocks that things happen by. */
import { describe, expect, it, vi } from 'vitest';
import { createManualScheduler, createRealScheduler } from '../../../local/simulated-aircall/scheduler.ts';

describe('a clock moved by hand', () => {
  it('does everything in its time, and shows that time meanwhile', async () => {
    const scheduler = createManualScheduler(1_000);
    const seen: [string, number][] = [];
    const note = (what: string) => () => void seen.push([what, scheduler.now()]);
    scheduler.at(1_500, note('second'));
    scheduler.at(1_200, note('first'));
    scheduler.at(2_001, note('not yet'));

    await scheduler.advance(1_000);
    expect(seen).toEqual([
      ['first', 1_200],
      ['second', 1_500],
    ]);
    expect(scheduler.now()).toBe(2_000);
  });

  it('waits for what takes a while before it goes on, and does what comes of it', async () => {
    const scheduler = createManualScheduler(0);
    const seen: string[] = [];
    scheduler.at(10, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`late, at ${scheduler.now()}`);
      scheduler.at(10, () => void seen.push('what came of it'));
    });
    scheduler.at(11, () => void seen.push('later'));

    await scheduler.advance(20);
    expect(seen).toEqual(['late, at 10', 'what came of it', 'later']);
  });

  it('does at once what is due in the past: it never goes back', async () => {
    const moves: number[] = [];
    const scheduler = createManualScheduler(1_000, (nowMs) => moves.push(nowMs));
    scheduler.at(500, () => undefined);
    await scheduler.advance(0);
    await scheduler.advance(5);
    expect(moves).toEqual([1_000, 1_000, 1_005]);
  });

  it('forgets what was taken back', async () => {
    const scheduler = createManualScheduler(0);
    const act = vi.fn();
    scheduler.at(10, act)();
    await scheduler.advance(20);
    expect(act).not.toHaveBeenCalled();
  });
});

describe('the real clock', () => {
  it('does things in their time, except what was taken back or comes after its end', async () => {
    vi.useFakeTimers({ now: 1_000 });
    const scheduler = createRealScheduler();
    const seen: number[] = [];
    for (const atMs of [500, 1_200, 1_300, 9_000]) {
      const takeBack = scheduler.at(atMs, () => void seen.push(scheduler.now()));
      if (atMs === 1_300) takeBack();
    }
    vi.advanceTimersByTime(500);
    scheduler.close();
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    expect(seen).toEqual([1_000, 1_200]);
  });
});
