import { describe, expect, it } from 'vitest';
import { leaveReasonFrom, troubleFrom } from '../../lib/core/explain-failure.ts';

const table = [
  ['unauthorized', 'aircall-unauthorized', 'aircall-unauthorized'],
  ['forbidden', 'aircall-forbidden', 'aircall-forbidden'],
  ['rate-limited', 'rate-limited', 'rate-limited'],
  ['not-found', 'aircall-refused', 'call-not-found'],
  ['call-ended', 'aircall-refused', 'call-over'],
  ['refused', 'aircall-refused', 'transfer-refused'],
  ['unavailable', 'aircall-unavailable', 'aircall-unavailable'],
  ['lost-answer', 'aircall-unavailable', 'aircall-unavailable'],
  ['unreadable-answer', 'aircall-unavailable', 'aircall-unavailable'],
] as const;

describe('what Aircall says', () => {
  it.each(table)('%s to a question is %s', (reason, trouble) => {
    expect(troubleFrom({ reason, message: '' })).toBe(trouble);
  });

  it.each(table)('%s to a transfer (to a question: %s) leaves the call as %s', (reason, _, leave) => {
    expect(leaveReasonFrom({ reason, message: '' })).toBe(leave);
  });
});
