import { expect, it } from 'vitest';
import { medianOf, percentilesOf, ratioOf } from '../../bench/percentiles.ts';

it('tells the values that half, nine in ten and 99 in a hundred don’t exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentilesOf(hundred)).toEqual({ p50: 50, p90: 90, p99: 99 });
});

it('tells a value that was measured, of few as well', () => {
  expect(percentilesOf([7])).toEqual({ p50: 7, p90: 7, p99: 7 });
  expect(percentilesOf([30, 10, 20])).toEqual({ p50: 20, p90: 30, p99: 30 });
});

it('compares figures, not texts', () => {
  expect(medianOf([9, 100, 10])).toBe(10);
});

it('leaves the measured values in their order', () => {
  const values = [3, 1, 2];
  percentilesOf(values);
  expect(values).toEqual([3, 1, 2]);
});

it('has nothing to tell of nothing', () => {
  expect(() => percentilesOf([])).toThrow('nothing was measured');
});

it('divides each by the same of the other', () => {
  expect(ratioOf({ p50: 110, p90: 150, p99: 300 }, { p50: 100, p90: 100, p99: 100 })).toEqual({
    p50: 1.1,
    p90: 1.5,
    p99: 3,
  });
});
