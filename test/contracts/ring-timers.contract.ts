/**
 * What every keeper of ring timers must do: wake us once the time has come, and never before.
 */
import { describe, expect, it } from 'vitest';
import type { RingTimer, StartRingTimer } from '../../lib/ports.ts';
import { callId, type createClock, t0 } from '../builders.ts';

export type TimersFixture = {
  readonly startRingTimer: StartRingTimer;
  /** Those who wake us now. */
  readonly takeDue: () => Promise<readonly RingTimer[]>;
  readonly clock: ReturnType<typeof createClock>;
};

const soon = t0 + 1_000_000_000;
const started = { ok: true, value: undefined };
const unavailable = (detail: string) => ({ ok: false, failure: { reason: 'queue-unavailable', detail } });

const timer = (changes: Partial<RingTimer> = {}): RingTimer => ({
  callId: callId('812000001'),
  hop: 0,
  dueAtMs: t0 + 25_000,
  ...changes,
});

/** @param createFixture without a timer, on a clock that stands at `t0` */
export function testRingTimers(name: string, createFixture: () => Promise<TimersFixture>): void {
  describe(`${name}: a ring timer`, () => {
    it('wakes when its time has come, and no millisecond before', async () => {
      const { startRingTimer, takeDue, clock } = await createFixture();

      expect(await startRingTimer(timer(), soon)).toEqual(started);
      clock.advance(24_999);
      expect(await takeDue()).toEqual([]);
      clock.advance(1);
      expect(await takeDue()).toEqual([{ callId: callId('812000001'), hop: 0, dueAtMs: 1_763_851_225_000 }]);
    });

    it('wakes within a second where its time is not a whole second away, and not early', async () => {
      const { startRingTimer, takeDue, clock } = await createFixture();

      await startRingTimer(timer({ dueAtMs: t0 + 1001 }), soon);
      clock.advance(1000);
      expect(await takeDue()).toEqual([]);
      clock.advance(1000);
      expect(await takeDue()).toEqual([timer({ dueAtMs: 1_763_851_201_001 })]);
    });

    it('wakes at once where its time is now, or over', async () => {
      const { startRingTimer, takeDue } = await createFixture();

      await startRingTimer(timer({ hop: 1, dueAtMs: t0 }), soon);
      expect(await takeDue()).toEqual([timer({ hop: 1, dueAtMs: 1_763_851_200_000 })]);
      await startRingTimer(timer({ hop: 2, dueAtMs: t0 - 60_000 }), soon);
      expect(await takeDue()).toEqual([timer({ hop: 2, dueAtMs: 1_763_851_140_000 })]);
    });

    it('wakes no more once it was taken', async () => {
      const { startRingTimer, takeDue, clock } = await createFixture();

      await startRingTimer(timer(), soon);
      clock.advance(25_000);
      expect(await takeDue()).toHaveLength(1);
      clock.advance(600_000);
      expect(await takeDue()).toEqual([]);
    });

    it('wakes for its own call and hop, whatever others there are', async () => {
      const { startRingTimer, takeDue, clock } = await createFixture();
      const late = timer({ hop: 1, dueAtMs: t0 + 50_000 });
      const other = timer({ callId: callId('812000002'), dueAtMs: t0 + 30_000 });

      for (const one of [late, other, timer()]) await startRingTimer(one, soon);
      clock.advance(25_000);
      expect(await takeDue()).toEqual([timer()]);
      clock.advance(5000);
      expect(await takeDue()).toEqual([other]);
      clock.advance(20_000);
      expect(await takeDue()).toEqual([late]);
    });

    it('can be 15 minutes ahead, and not a millisecond more', async () => {
      const { startRingTimer, takeDue, clock } = await createFixture();

      expect(await startRingTimer(timer({ dueAtMs: t0 + 900_000 }), soon)).toEqual(started);
      expect(await startRingTimer(timer({ dueAtMs: t0 + 900_001 }), soon)).toEqual(
        unavailable('over 15 minutes ahead'),
      );
      clock.advance(901_000);
      expect(await takeDue()).toEqual([timer({ dueAtMs: 1_763_852_100_000 })]);
    });

    it('is not started where no time is left to do so', async () => {
      const { startRingTimer, takeDue, clock } = await createFixture();

      expect(await startRingTimer(timer(), t0)).toEqual(unavailable('no time left'));
      clock.advance(60_000);
      expect(await takeDue()).toEqual([]);
    });
  });
}
