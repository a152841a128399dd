import { describe, expect, it } from 'vitest';
import { leaveReasonFrom, troubleFrom, troubleOf } from '../../lib/core/explain-failure.ts';

const table = [
  ['unauthorized', 'aircall-unauthorized', 'aircall-unauthorized'],
  ['forbidden', 'aircall-forbidden', 'aircall-forbidden'],
  ['rate-limited', 'rate-limited', 'rate-limited'],
  ['not-found', 'aircall-refused', 'call-not-found'],
  ['call-ended', 'aircall-refused', 'call-over'],
  ['refused', 'aircall-refused', 'transfer-refused'],
  ['unavailable', 'aircall-unavailable', 'aircall-unavailable'],
  ['lost-answer', 'aircall-unavailable', 'aircall-unavailable'],
  ['no-answer', 'aircall-unavailable', 'aircall-unavailable'],
  ['out-of-time', 'out-of-time', 'out-of-time'],
  ['unreadable-answer', 'aircall-unavailable', 'aircall-unavailable'],
  ['no-credentials', 'no-credentials', 'no-credentials'],
] as const;

it('trouble with one item is not trouble with the store', () => {
  expect(troubleOf({ reason: 'item-unreadable', detail: 'agent: email' })).toBe('item-unreadable');
  expect(troubleOf({ reason: 'store-unavailable', detail: 'TimeoutError' })).toBe('store-trouble');
});

describe('what Aircall says', () => {
  it.each(table)('%s to a question is %s', (reason, trouble) => {
    expect(troubleFrom({ reason, message: '' })).toBe(trouble);
  });

  it.each(table)('%s to a transfer (to a question: %s) leaves the call as %s', (reason, _, leave) => {
    expect(leaveReasonFrom({ reason, message: '' })).toBe(leave);
  });
});
