import { describe, expect, it } from 'vitest';
import { isFirstUnanswered } from '../../lib/core/hops.ts';
import type { TransferAttempt } from '../../lib/core/model.ts';
import { hopRecord, routedRecord, userId } from '../builders.ts';

const to456 = { kind: 'agent', aircallUserId: userId(456) } as const;
const doubt = { outcome: 'in-doubt', because: 'answer-lost' } as const;
const attempt = (answer: TransferAttempt['answer']): TransferAttempt => ({ to: to456, answer, tookMs: 80 });
const unanswered = routedRecord({ decision: doubt, attempts: [attempt('no-answer')] });
const nowhere = hopRecord({ decision: doubt });

describe('a first transfer that may be on its way yet', () => {
  it('is one without an answer', () => {
    expect(isFirstUnanswered({ record: unanswered, hops: [] })).toBe(true);
    const attempts = [attempt('refused'), attempt('no-answer')];
    expect(isFirstUnanswered({ record: routedRecord({ decision: doubt, attempts }), hops: [] })).toBe(true);
  });

  it('is still one after hops that led nowhere', () => {
    expect(isFirstUnanswered({ record: unanswered, hops: [nowhere] })).toBe(true);
  });

  it.each([
    routedRecord({ decision: doubt, attempts: [attempt('lost-answer')] }),
    routedRecord({ decision: doubt, attempts: [attempt('no-answer'), attempt('lost-answer')] }),
    routedRecord({ attempts: [attempt('no-answer')] }),
    routedRecord({ decision: doubt }),
    routedRecord({ decision: { outcome: 'left', because: 'no-target-available' } }),
  ])('is none that was answered, is over, or was never sent: $decision, $attempts', (record) => {
    expect(isFirstUnanswered({ record, hops: [] })).toBe(false);
  });

  it('is none where another was sent before', () => {
    const hops = [hopRecord({ decision: doubt, attempts: [attempt('no-answer')] })];
    expect(isFirstUnanswered({ record: routedRecord(), hops })).toBe(false);
    expect(isFirstUnanswered({ record: unanswered, hops })).toBe(false);
  });
});
