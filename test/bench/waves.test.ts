import { expect, it } from 'vitest';
import { countWaves } from '../../bench/waves.ts';

const trip = (startMs: number, endMs: number) => ({ startMs, endMs });

it('counts no wave where nothing was asked', () => {
  expect(countWaves([])).toBe(0);
});

it('counts requests that go side by side as one', () => {
  expect(countWaves([trip(0, 5), trip(0.2, 6), trip(1, 4)])).toBe(1);
});

it('counts a request that begins after another was answered as one more', () => {
  expect(countWaves([trip(0, 5), trip(5.1, 10), trip(10.1, 90)])).toBe(3);
});

it('counts the router’s: claim and caller at once, the agent, the transfer', () => {
  expect(countWaves([trip(0, 6), trip(0.1, 6.5), trip(7, 13), trip(14, 95)])).toBe(3);
});

it('finds the longest chain beside a long request', () => {
  expect(countWaves([trip(0, 100), trip(1, 10), trip(11, 20), trip(21, 30)])).toBe(3);
});

it('does not care in which order they were written down', () => {
  expect(countWaves([trip(10.1, 90), trip(0, 5), trip(5.1, 10)])).toBe(3);
});
