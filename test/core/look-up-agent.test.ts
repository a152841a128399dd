import { expect, it } from 'vitest';
import { isLookUpDue } from '../../lib/core/look-up-agent.ts';
import { email, t0, userId } from '../builders.ts';

const stranger = { email: email('amelie@example.com'), checkedAtMs: t0 };

it.each([
  [false, 'who has a login, however long ago that was written', { aircallUserId: userId(456) }, 86_400_000],
  [false, 'whom Aircall did not know just now', {}, 0],
  [false, 'whom Aircall did not know less than a minute ago', {}, 59_999],
  [true, 'whom Aircall did not know a minute ago', {}, 60_000],
  [false, 'whom Aircall did not know, by a clock ahead of ours', {}, -5000],
])('%s: an agent %s', (isDue, _, login, agoMs) => {
  expect(isLookUpDue({ ...stranger, ...login }, 60_000, t0 + agoMs)).toBe(isDue);
});
