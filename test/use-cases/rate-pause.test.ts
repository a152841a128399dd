import { expect, it } from 'vitest';
import { createRatePause } from '../../lib/use-cases/rate-pause.ts';
import { createClock } from '../builders.ts';

it('is off, on for its time, and off again', () => {
  const clock = createClock();
  const pause = createRatePause(clock.now, 60_000);
  expect(pause.isOn()).toBe(false);
  pause.begin();
  expect(pause.isOn()).toBe(true);
  clock.advance(59_999);
  expect(pause.isOn()).toBe(true);
  clock.advance(1);
  expect(pause.isOn()).toBe(false);
});

it('begins anew while it is on', () => {
  const clock = createClock();
  const pause = createRatePause(clock.now, 60_000);
  pause.begin();
  clock.advance(59_999);
  pause.begin();
  clock.advance(59_999);
  expect(pause.isOn()).toBe(true);
});
