/**
 * Who could ring for this call, in order, each with the source that named them; or why nobody. The first rule that
 * matches decides, and whom it names is all there is: nobody is added, and no later rule is asked.
 */
import { type CallFacts, type FailedCondition, matchRule } from './match-rule.ts';
import type { EmailAddress, PlanReason, Target } from './model.ts';
import type { Policy, PolicyTarget, Rule } from './policy.ts';

export type PlanFacts = CallFacts & {
  /** Who spoke to this caller last. */
  readonly lastAgent?: EmailAddress;
};

export type Plan =
  | {
      readonly kind: 'ring';
      readonly rule: string;
      readonly targets: readonly [Target, ...Target[]];
      readonly passed: readonly PassedRule[];
    }
  | {
      readonly kind: 'leave';
      readonly because: PlanReason;
      /** The rule that matched, if one did. */
      readonly rule?: string;
      readonly passed: readonly PassedRule[];
    };

/** A rule above the one that matched, and the first of its conditions that did not hold. */
export type PassedRule = { readonly rule: string; readonly because: FailedCondition };

export function planTargets(facts: PlanFacts, policy: Policy): Plan {
  if (!policy.enabled) return { kind: 'leave', because: 'router-disabled', passed: [] };

  const passed: PassedRule[] = [];
  for (const rule of policy.rules) {
    const verdict = matchRule(rule, facts, policy.zone);
    if (verdict === 'match') return followRule(rule, facts, passed);
    passed.push({ rule: rule.name, because: verdict });
  }
  return { kind: 'leave', because: 'no-rule-matches', passed };
}

function followRule(rule: Rule, facts: PlanFacts, passed: readonly PassedRule[]): Plan {
  const [first, ...others] = withoutRepeatedAgents(
    rule.targets.flatMap((target) => findTargets(target, facts)),
  );
  return first === undefined
    ? { kind: 'leave', because: reasonNobodyIsNamed(rule, facts), rule: rule.name, passed }
    : { kind: 'ring', rule: rule.name, targets: [first, ...others], passed };
}

function findTargets(target: PolicyTarget, { contact, lastAgent }: PlanFacts): readonly Target[] {
  switch (target) {
    case 'assigned':
      return toAgents([contact?.assignedTo], 'assigned-agent');
    case 'backups':
      return toAgents(contact?.backups ?? [], 'backup');
    case 'last-agent':
      return toAgents([lastAgent], 'last-agent');
    case 'leave':
      return [];
  }
  if ('agent' in target) return toAgents([target.agent], 'policy-agent');
  if ('number' in target) return [{ kind: 'number', phone: target.number, because: 'policy-number' }];

  const { team, strategy } = target;
  return [{ kind: 'team', teamId: team, ...(strategy && { strategy }), because: 'policy-team' }];
}

type AgentTarget = Extract<Target, { kind: 'agent' }>;

function toAgents(
  emails: readonly (EmailAddress | undefined)[],
  because: AgentTarget['because'],
): readonly AgentTarget[] {
  return emails.flatMap((email) => (email === undefined ? [] : [{ kind: 'agent', email, because }]));
}

/** An agent who could not be rung a moment ago is not asked again. */
function withoutRepeatedAgents(targets: readonly Target[]): readonly Target[] {
  const emails = new Set<EmailAddress>();
  return targets.filter((target) => {
    if (target.kind !== 'agent') return true;

    const isNew = !emails.has(target.email);
    emails.add(target.email);
    return isNew;
  });
}

/** Only words can name nobody; which of them did tells what an operator could mend. */
function reasonNobodyIsNamed(rule: Rule, { caller, contact }: PlanFacts): PlanReason {
  if (rule.targets[0] === 'leave') return 'policy-says-leave';
  if (contact === undefined) {
    if (caller.kind === 'withheld') return 'caller-withheld';
    if (caller.kind === 'unreadable') return 'caller-unreadable';
    return 'unknown-caller';
  }
  if (rule.targets.includes('assigned')) return 'no-assigned-agent';

  return 'no-target-available';
}
