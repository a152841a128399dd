import { describe, expect, it } from 'vitest';
import { findMissedSpan, isWorthKeeping, lookAgain } from '../../lib/core/missed-calls.ts';
import { t0 } from '../builders.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe('calls may have been missed', () => {
  it.each([
    ['never, before the webhook was seen', undefined, undefined],
    ['never, while it announced them', { announcedAtMs: t0 - hourMs }, undefined],
    [
      'from when it last did until it was found off',
      { announcedAtMs: t0 - hourMs, missedUntilMs: t0 - minuteMs },
      { fromMs: 1763847600000, toMs: 1763851140000 },
    ],
    [
      'by a minute at least: a younger one may still be announced',
      { announcedAtMs: t0 - hourMs, missedUntilMs: t0 - minuteMs + 1 },
      undefined,
    ],
    [
      'for a day at most',
      { announcedAtMs: t0 - 48 * hourMs, missedUntilMs: t0 - hourMs },
      { fromMs: 1763761200000, toMs: 1763847600000 },
    ],
  ])('%s', (_, seen, span) => {
    expect(findMissedSpan(seen, t0)).toEqual(span);
  });
});

describe('a look at the webhook', () => {
  const seen = { announcedAtMs: t0 - hourMs };
  const owed = { announcedAtMs: t0 - hourMs, missedUntilMs: t0 - 10 * minuteMs };

  it.each([
    [
      'that announces calls for the first time, begins',
      undefined,
      'announces',
      undefined,
      { announcedAtMs: t0 },
    ],
    ['that never announced any, owes nothing', undefined, 'silent', undefined, undefined],
    ['that could not be had the first time, tells nothing', undefined, 'unknown', undefined, undefined],
    ['that goes on announcing, is when it last did', seen, 'announces', undefined, { announcedAtMs: t0 }],
    [
      'that is silent, owes the calls since it last announced any',
      seen,
      'silent',
      undefined,
      { announcedAtMs: t0 - hourMs, missedUntilMs: t0 },
    ],
    ['that could not be had, changes nothing', seen, 'unknown', undefined, seen],
    ['that could not be had, goes on owing', owed, 'unknown', undefined, owed],
    ['that announces calls again, goes on owing those before', owed, 'announces', undefined, owed],
    [
      'goes on from where the reading of missed calls has come',
      owed,
      'announces',
      t0 - 30 * minuteMs,
      { announcedAtMs: 1763849400000, missedUntilMs: 1763850600000 },
    ],
    [
      'that announces calls again, owes nothing once all are read',
      owed,
      'announces',
      t0 - 10 * minuteMs,
      { announcedAtMs: t0 },
    ],
    [
      'that is still silent, owes those since the ones that were read',
      owed,
      'silent',
      t0 - 10 * minuteMs,
      { announcedAtMs: 1763850600000, missedUntilMs: t0 },
    ],
    [
      'that is silent again, owes all of them',
      owed,
      'silent',
      undefined,
      { announcedAtMs: t0 - hourMs, missedUntilMs: t0 },
    ],
    [
      'that could not be had, and all are read: owes nothing',
      owed,
      'unknown',
      t0 - 10 * minuteMs,
      { announcedAtMs: 1763850600000 },
    ],
  ] as const)('%s', (_, before, look, readUntilMs, after) => {
    expect(lookAgain(before, { look, atMs: t0, readUntilMs })).toEqual(after);
  });
});

describe('what was seen is worth a write', () => {
  const seen = { announcedAtMs: t0 };
  const owed = { announcedAtMs: t0, missedUntilMs: t0 + hourMs };

  it.each([
    ['the first time', undefined, seen, true],
    ['not within a quarter of an hour', seen, { announcedAtMs: t0 + 15 * minuteMs - 1 }, false],
    ['after a quarter of an hour', seen, { announcedAtMs: t0 + 15 * minuteMs }, true],
    ['when calls begin to be owed', seen, { ...seen, missedUntilMs: t0 + minuteMs }, true],
    ['when more of them are', owed, { ...owed, missedUntilMs: t0 + hourMs + 1 }, true],
    ['when some of them were read', owed, { ...owed, announcedAtMs: t0 + 1 }, true],
    ['when no more are', owed, { announcedAtMs: t0 + 1 }, true],
    ['not when it is the same', owed, owed, false],
  ])('%s', (_, before, after, isWorth) => {
    expect(isWorthKeeping(before, after)).toBe(isWorth);
  });
});
