import { expect, it } from 'vitest';
import { planTargets } from '../../lib/core/plan-targets.ts';
import { contact, phone } from '../builders.ts';

const identified = { kind: 'identified', phone: phone('+442079460123') } as const;

it('a known caller is for the agent they are assigned to', () => {
  expect(planTargets(identified, contact())).toEqual({
    kind: 'ring',
    targets: [{ kind: 'agent', email: 'jane@example.com', because: 'assigned-agent' }],
  });
});

it('a contact whom nobody looks after is left', () => {
  const { assignedTo: _, ...unassigned } = contact();
  expect(planTargets(identified, unassigned)).toEqual({ kind: 'leave', because: 'no-assigned-agent' });
});

it('a caller we do not know is left', () => {
  expect(planTargets(identified, undefined)).toEqual({ kind: 'leave', because: 'unknown-caller' });
});

it('a withheld number is left, whatever contact it may be', () => {
  expect(planTargets({ kind: 'withheld' }, contact())).toEqual({ kind: 'leave', because: 'caller-withheld' });
});

it('unreadable digits are left, whatever contact they may be', () => {
  expect(planTargets({ kind: 'unreadable' }, contact())).toEqual({
    kind: 'leave',
    because: 'caller-unreadable',
  });
});
