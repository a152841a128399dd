/**
 * What a call would come to: the whole decision over the live store, without a claim, a hold, a transfer or a question to
 * Aircall. The policy's rules are read as of any time; agents are judged as they are now.
 */
import { type AgentRules, type AgentSkipReason, judgeAgent } from '../core/judge-agent.ts';
import { recallLastAgent } from '../core/last-agent.ts';
import { isLookUpDue } from '../core/look-up-agent.ts';
import type {
  Agent,
  AircallNumberId,
  AircallUserId,
  Caller,
  CallId,
  Contact,
  LeaveReason,
  StoreFailure,
  StoreResult,
  Target,
} from '../core/model.ts';
import { type PassedRule, planTargets } from '../core/plan-targets.ts';
import { defaultPolicy, type Policy } from '../core/policy.ts';
import type { Presence, PresenceSource } from '../core/presence.ts';
import { succeed } from '../core/result.ts';
import type { FindAgent, FindCaller, FindPolicy, FoundCaller, Now } from '../ports.ts';

export type SimulatedCall = {
  readonly caller: Caller;
  readonly aircallNumberId?: AircallNumberId;
  readonly atMs: number;
};

export type Simulation = {
  readonly call: SimulatedCall;
  readonly contact?: Contact;
  readonly policyVersion: number;
  readonly rule?: string;
  readonly passed: readonly PassedRule[];
  /** In the plan's order, down to the first who would certainly be rung. */
  readonly considered: readonly SimulatedTarget[];
  readonly decision: SimulatedDecision;
};

/** Unless Aircall, asked on the way, lets someone be rung who was considered before. */
export type SimulatedDecision =
  | {
      readonly outcome: 'routed';
      readonly to: Target;
      /** For an agent: their login at Aircall. */
      readonly aircallUserId?: AircallUserId;
    }
  | { readonly outcome: 'left'; readonly because: LeaveReason };

export type SimulatedTarget = {
  readonly target: Target;
  readonly verdict: 'go' | AgentSkipReason | StoreFailure['reason'] | AircallQuestion;
  readonly presence?: Presence;
  readonly presenceAgeMs?: number;
  readonly presenceSource?: PresenceSource;
  /** With `would-look-up-agent-again`: how long ago Aircall did not know them. */
  readonly checkedAgeMs?: number;
};

/** What a real call would ask Aircall: what the agent is doing, or whether it knows their e-mail (`-again`: it did not). */
export type AircallQuestion = 'would-ask-presence' | 'would-look-up-agent' | 'would-look-up-agent-again';

export type SimulateCall = (call: SimulatedCall, deadlineMs: number) => Promise<StoreResult<Simulation>>;

export type SimulateCallPorts = {
  readonly findCaller: FindCaller;
  readonly findPolicy: FindPolicy;
  readonly findAgent: FindAgent;
  readonly now: Now;
};

/** A call's own. */
export type SimulateCallLimits = { readonly agentUnknownForMs: number };

export function createSimulateCall(ports: SimulateCallPorts, limits: SimulateCallLimits): SimulateCall {
  return async function simulateCall(call, deadlineMs) {
    const { caller, aircallNumberId, atMs } = call;
    const [found, stored] = await Promise.all([findCaller(caller, deadlineMs), ports.findPolicy(deadlineMs)]);
    if (!found.ok) return found;
    if (!stored.ok) return stored;

    const { version, policy } = stored.value ?? { version: 0, policy: defaultPolicy };
    const { contact, lastConversation } = found.value;
    const lastAgent = recallLastAgent(lastConversation, policy.lastAgent, atMs);
    const facts = { caller, contact, aircallNumberId, nowMs: atMs };
    const plan = planTargets({ ...facts, ...(lastAgent !== undefined && { lastAgent }) }, policy);
    const outcome: Outcome =
      plan.kind === 'leave'
        ? { considered: [], decision: { outcome: 'left', because: plan.because } }
        : await followPlan(plan.targets, policy, deadlineMs);

    return succeed({
      call,
      ...(contact !== undefined && { contact }),
      policyVersion: version,
      ...(plan.rule !== undefined && { rule: plan.rule }),
      passed: plan.passed,
      ...outcome,
    });
  };

  async function findCaller(caller: Caller, deadlineMs: number): Promise<StoreResult<FoundCaller>> {
    return caller.kind === 'identified' ? ports.findCaller(caller.phone, deadlineMs) : succeed({});
  }

  async function followPlan(
    targets: readonly Target[],
    policy: Policy,
    deadlineMs: number,
  ): Promise<Outcome> {
    const considered: SimulatedTarget[] = [];
    for (const target of targets) {
      const agent = target.kind === 'agent' ? await ports.findAgent(target.email, deadlineMs) : undefined;
      const judged = agent === undefined ? { target, verdict: 'go' as const } : judge(target, agent, policy);
      considered.push(judged);
      if (judged.verdict !== 'go') continue;

      const aircallUserId = agent?.ok ? agent.value?.aircallUserId : undefined;
      const login = aircallUserId !== undefined && { aircallUserId };
      return { considered, decision: { outcome: 'routed', to: target, ...login } };
    }
    return { considered, decision: { outcome: 'left', because: reasonNobodyIsCertain(considered) } };
  }

  function judge(target: Target, found: StoreResult<Agent | undefined>, policy: Policy): SimulatedTarget {
    if (!found.ok) return { target, verdict: found.failure.reason };
    const agent = found.value;
    if (agent === undefined) return { target, verdict: 'would-look-up-agent' };

    const nowMs = ports.now();
    if (isLookUpDue(agent, limits.agentUnknownForMs, nowMs)) {
      return { target, verdict: 'would-look-up-agent-again', checkedAgeMs: nowMs - agent.checkedAtMs };
    }
    const verdict = judgeAgent(agent, rulesOf(policy), nowMs, noCall);
    const { presence } = agent;
    return {
      target,
      verdict:
        verdict === 'presence-unknown' && policy.whenPresenceUnknown === 'ask'
          ? 'would-ask-presence'
          : verdict,
      ...(presence && {
        presence: presence.presence,
        presenceAgeMs: nowMs - presence.knownAtMs,
        presenceSource: presence.source,
      }),
    };
  }
}

type Outcome = Pick<Simulation, 'considered' | 'decision'>;

/** Nobody is held for it. */
const noCall = '' as CallId;

function rulesOf(policy: Policy): AgentRules {
  return {
    routeToAgentIn: policy.routeToAgentIn,
    presenceTrustedForMs: policy.presenceTrustedForSeconds * 1000,
    isUnknownAllowed: policy.whenPresenceUnknown === 'go',
  };
}

/** As in a real call, trouble is the better explanation. */
function reasonNobodyIsCertain(considered: readonly SimulatedTarget[]): LeaveReason {
  const troubles = considered.map(({ verdict }) => verdict).filter(isStoreTrouble);
  return troubles[0] ?? 'no-target-available';
}

function isStoreTrouble(verdict: SimulatedTarget['verdict']): verdict is StoreFailure['reason'] {
  return verdict === 'store-unavailable' || verdict === 'item-unreadable';
}
