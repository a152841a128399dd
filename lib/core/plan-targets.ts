/**
 * Who could ring for this caller, in order, each with the source that named them; or why nobody.
 */
import type { Caller, Contact, PlanReason, Target } from './model.ts';

export type Plan =
  | { readonly kind: 'ring'; readonly targets: readonly Target[] }
  | { readonly kind: 'leave'; readonly because: PlanReason };

export function planTargets(caller: Caller, contact: Contact | undefined): Plan {
  if (caller.kind === 'withheld') return { kind: 'leave', because: 'caller-withheld' };
  if (caller.kind === 'unreadable') return { kind: 'leave', because: 'caller-unreadable' };
  if (contact === undefined) return { kind: 'leave', because: 'unknown-caller' };
  if (contact.assignedTo === undefined) return { kind: 'leave', because: 'no-assigned-agent' };

  return {
    kind: 'ring',
    targets: [{ kind: 'agent', email: contact.assignedTo, because: 'assigned-agent' }],
  };
}
