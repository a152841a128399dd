/**
 * Targets in their order, until the call is given to one of them: each is looked at, agents are held for the call.
 *
 * A transfer that was refused is certainly not carried out, and may be about that target alone: the agent has just become
 * unavailable. So the next one is tried.
 */
import { leave, reasonNobodyRang } from '../core/decisions.ts';
import type { CallId, Decision, Refusal, Target, TransferTarget } from '../core/model.ts';
import type { Policy } from '../core/policy.ts';
import type { Now } from '../ports.ts';
import type { ConsiderAgent, ConsideredAgent } from './consider-agent.ts';
import type { Notes } from './notes.ts';

export type TryTargetsPorts = {
  readonly considerAgent: ConsiderAgent;
  readonly now: Now;
};

export type TryTargetsLimits = {
  /** With less time left nobody is tried: the answer would be lost. */
  readonly transferNeedsMs: number;
};

export type Trial = {
  readonly callId: CallId;
  readonly policy: Policy;
  readonly refusals: readonly Refusal[];
};

/** Brings the call to a target that may be rung, by whatever means. */
export type GiveCall = (target: Target, to: TransferTarget) => Promise<Decision | 'refused'>;

export type TryTargets = (
  targets: readonly Target[],
  trial: Trial,
  giveCall: GiveCall,
  notes: Notes,
  deadlineMs: number,
) => Promise<Decision>;

export function createTryTargets(ports: TryTargetsPorts, limits: TryTargetsLimits): TryTargets {
  return async function tryTargets(targets, trial, giveCall, notes, deadlineMs) {
    for (const target of targets) {
      if (deadlineMs - ports.now() < limits.transferNeedsMs) return leave('out-of-time');

      const { considered, to } = await consider(target, trial, deadlineMs);
      notes.considered.push(considered);
      notes.timings.resolvedMs = ports.now() - notes.receivedAtMs;
      if (to === undefined) continue;

      const decision = await giveCall(target, to);
      if (decision !== 'refused') return decision;
    }
    return leave(reasonNobodyRang(notes.considered, notes.attempts));
  };

  async function consider(
    target: Target,
    { callId, policy, refusals }: Trial,
    deadlineMs: number,
  ): Promise<ConsideredAgent> {
    const looked = await lookAt(target, callId, policy, deadlineMs);
    const { considered, to } = looked;
    const isRefused =
      to?.kind === 'agent' &&
      refusals.some(({ because, by }) => because === 'agent-declined' && by === to.aircallUserId);
    return isRefused ? { considered: { ...considered, verdict: 'call-refused' } } : looked;
  }

  /** An agent's login, by which events name them, is known only once they are held. */
  async function lookAt(
    target: Target,
    callId: CallId,
    policy: Policy,
    deadlineMs: number,
  ): Promise<ConsideredAgent> {
    if (target.kind === 'agent') return ports.considerAgent(target, callId, policy, deadlineMs);

    const { because: _, ...to } = target;
    return { considered: { target, verdict: 'go' }, to };
  }
}
