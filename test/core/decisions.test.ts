import { describe, expect, it } from 'vitest';
import { inDoubt, leave, reasonNobodyRang } from '../../lib/core/decisions.ts';
import type { Considered, TransferAttempt } from '../../lib/core/model.ts';
import { email, userId } from '../builders.ts';

const jane = { kind: 'agent', email: email('jane@example.com'), because: 'assigned-agent' } as const;
const to = { kind: 'agent', aircallUserId: userId(456) } as const;
const considered = (...verdicts: Considered['verdict'][]): readonly Considered[] =>
  verdicts.map((verdict) => ({ target: jane, verdict }));
const attempts = (...answers: TransferAttempt['answer'][]): readonly TransferAttempt[] =>
  answers.map((answer) => ({ to, answer, tookMs: 80 }));

it('a call is left, or in doubt, for a reason', () => {
  expect(leave('stale')).toEqual({ outcome: 'left', because: 'stale' });
  expect(inDoubt('answer-lost')).toEqual({ outcome: 'in-doubt', because: 'answer-lost' });
});

describe('why nobody rang', () => {
  it('is that nobody could be rung, where nobody was looked at or everybody was busy', () => {
    expect(reasonNobodyRang([], [])).toBe('no-target-available');
    expect(
      reasonNobodyRang(
        considered(
          'agent-in-call',
          'agent-reserved',
          'presence-unknown',
          'agent-not-on-aircall',
          'call-refused',
        ),
        [],
      ),
    ).toBe('no-target-available');
  });

  it.each([
    'store-unavailable',
    'item-unreadable',
    'aircall-unauthorized',
    'aircall-forbidden',
    'aircall-refused',
    'aircall-unavailable',
    'rate-limited',
    'out-of-time',
    'no-credentials',
  ] as const)('is rather a trouble, wherever it lay: %s', (trouble) => {
    expect(reasonNobodyRang(considered(trouble), [])).toBe(trouble);
    expect(reasonNobodyRang(considered('agent-in-call', trouble, 'agent-offline'), [])).toBe(trouble);
  });

  it('is the first of several troubles', () => {
    expect(reasonNobodyRang(considered('rate-limited', 'store-unavailable'), [])).toBe('rate-limited');
  });

  it('is a transfer that Aircall refused before anything else', () => {
    expect(reasonNobodyRang(considered('go', 'rate-limited'), attempts('refused'))).toBe('transfer-refused');
    expect(reasonNobodyRang(considered('go', 'go'), attempts('refused', 'lost-answer'))).toBe(
      'transfer-refused',
    );
  });

  it('is no transfer that failed in another way', () => {
    expect(reasonNobodyRang(considered('go'), attempts('lost-answer'))).toBe('no-target-available');
  });
});
