/**
 * One inbound call, from its announcement to a settled decision:
 *
 *   wave 1   claim the call ∥ find the caller, contact and last agent ∥ the policy, if our copy is old
 *   pure     is it still ours to give? which rule matches, and whom does it name?
 *   wave 2   hold the first agent of the plan who may be rung; for a team or a number, nothing
 *   wave 3   give them the call: how, is the door's
 *   after    settle: store the decision record ∥ follow up
 *
 * On any trouble the call is left to Aircall. It is given at most once: nothing is done without a claim, and after a
 * lapsed claim only where the door can tell that it was not given yet.
 */
import { inDoubt, leave } from '../core/decisions.ts';
import { troubleOf } from '../core/explain-failure.ts';
import { judgeCall } from '../core/judge-call.ts';
import { recallLastAgent } from '../core/last-agent.ts';
import type {
  AircallTrouble,
  Caller,
  CallNews,
  CallReason,
  ClaimOwner,
  Decision,
  DecisionRecord,
  Door,
  DoubtReason,
  InboundCall,
  StoreFailure,
  StoreResult,
  Target,
  TransferTarget,
} from '../core/model.ts';
import { type Plan, planTargets } from '../core/plan-targets.ts';
import type { Policy } from '../core/policy.ts';
import { succeed } from '../core/result.ts';
import type { ClaimCall, FindCaller, FoundCaller, Now, SettleCall, Warn } from '../ports.ts';
import type { CurrentPolicy } from './current-policy.ts';
import type { FollowUp } from './follow-up.ts';
import { type Notes, startNotes, toChoice } from './notes.ts';
import type { RerouteCall } from './reroute-call.ts';
import { newsOf } from './settled-news.ts';
import type { TryTargets } from './try-targets.ts';

export type RouteCallPorts = {
  readonly claimCall: ClaimCall;
  readonly findCaller: FindCaller;
  readonly currentPolicy: CurrentPolicy;
  readonly tryTargets: TryTargets;
  readonly settleCall: SettleCall;
  readonly followUp: FollowUp;
  readonly rerouteCall: RerouteCall;
  readonly warn: Warn;
  readonly now: Now;
};

/** How a call that came in by this door is brought to whom it shall ring. */
export type RouteCallDoor = {
  readonly name: Door;
  readonly giveCall: (
    task: GivenCall & { readonly target: Target; readonly to: TransferTarget },
    notes: Notes,
    deadlineMs: number,
  ) => Promise<Decision | 'refused'>;
  /** Whether a call that was announced late still rings. */
  readonly checkLate: (
    call: InboundCall,
    notes: Notes,
    deadlineMs: number,
  ) => Promise<'still-ringing' | CallReason | AircallTrouble>;
  /** After a lapsed claim: whether its owner gave the call to someone. */
  readonly settleDoubt: (
    given: GivenCall,
    notes: Notes,
    deadlineMs: number,
  ) => Promise<'untouched' | DoubtReason>;
};

export type GivenCall = { readonly call: InboundCall; readonly policy: Policy };

export type RouteCallLimits = {
  /** Kept back before the deadline for storing the decision. */
  readonly settleKeptMs: number;
};

/** Answers by `deadlineMs`; never throws for what a port reports as a failure. */
export type RouteCall = (call: InboundCall, owner: ClaimOwner, deadlineMs: number) => Promise<DecisionRecord>;

/** What a decision is made of. */
type Facts = GivenCall & {
  readonly found: StoreResult<FoundCaller>;
  readonly news: CallNews;
  readonly isInDoubt: boolean;
  readonly claimedBy: Door;
};

export function createRouteCall(
  ports: RouteCallPorts,
  door: RouteCallDoor,
  limits: RouteCallLimits,
): RouteCall {
  return async function routeCall(call, owner, deadlineMs) {
    const { callId } = call;
    const actBeforeMs = deadlineMs - limits.settleKeptMs;
    const notes = startNotes(ports.now());

    const [claimed, found, inForce] = await Promise.all([
      ports.claimCall(callId, door.name, owner, actBeforeMs),
      findCaller(call.caller, actBeforeMs),
      ports.currentPolicy(actBeforeMs),
    ]);
    notes.timings.claimedMs = ports.now() - notes.receivedAtMs;

    if (!claimed.ok) return recordOf(call, leaveForStore(call, claimed.failure, 'claiming the call'), notes);
    const { claim, door: claimedBy, news } = claimed.value;
    if (claim === 'duplicate') return recordOf(call, { outcome: 'duplicate' }, notes);

    const isInDoubt = claim === 'in-doubt';
    const policy = inForce.ok ? inForce.value.policy : undefined;
    if (inForce.ok) notes.policyVersion = inForce.value.version;
    const record = inForce.ok
      ? await decide(
          { call, found, policy: inForce.value.policy, news, isInDoubt, claimedBy },
          notes,
          actBeforeMs,
        )
      : recordOf(call, decideWithoutPolicy(inForce.failure, isInDoubt), notes);

    const known = found.ok ? { contact: found.value.contact } : undefined;
    // Nothing that follows delays the next one of the plan, if whoever is rung has refused already.
    await Promise.all([
      settleAndGoOn(record, owner, deadlineMs),
      policy && ports.followUp({ record, hops: [] }, policy, deadlineMs, known),
    ]);
    return record;
  };

  /** What events told before the record was there could not act on it. */
  async function settleAndGoOn(record: DecisionRecord, owner: ClaimOwner, deadlineMs: number): Promise<void> {
    const settled = await ports.settleCall(record, owner, deadlineMs);
    const news = newsOf(settled, record.callId, ports.warn);
    if (news === undefined) return;
    await ports.rerouteCall({ record, hops: [], hopsBegun: 0, news }, owner, deadlineMs);
  }

  async function findCaller(caller: Caller, deadlineMs: number): Promise<StoreResult<FoundCaller>> {
    return caller.kind === 'identified' ? ports.findCaller(caller.phone, deadlineMs) : succeed({});
  }

  async function decide(facts: Facts, notes: Notes, deadlineMs: number): Promise<DecisionRecord> {
    const { call, found, policy, news, isInDoubt, claimedBy } = facts;
    // That the call flow was given a name shows nowhere: nothing can settle whether it was.
    if (isInDoubt && claimedBy !== door.name) return recordOf(call, inDoubt('answer-lost'), notes);
    if (isInDoubt) {
      const doubt = await door.settleDoubt({ call, policy }, notes, deadlineMs);
      if (doubt !== 'untouched') return recordOf(call, inDoubt(doubt), notes);
    }
    // The switch leaves every call that was not given away before.
    if (!policy.enabled) return recordOf(call, leave('router-disabled'), notes);
    const status = news.isOver ? 'over' : news.isAnswered ? 'answered' : call.status;
    const verdict = judgeCall({ ...call, status }, policy.staleAfterSeconds * 1000, ports.now());
    if (verdict !== 'go') return recordOf(call, leave(verdict), notes);
    if (!found.ok) return recordOf(call, leaveForStore(call, found.failure, 'finding the caller'), notes);

    const plan = planFor(call, found.value, policy);
    if (plan.kind === 'leave') return recordOf(call, leave(plan.because), notes, plan);
    // A doubt was just settled by reading the call.
    const late = isInDoubt ? 'still-ringing' : await door.checkLate(call, notes, deadlineMs);
    if (late !== 'still-ringing') return recordOf(call, leave(late), notes, plan);

    const decision = await ports.tryTargets(
      plan.targets,
      { callId: call.callId, policy, refusals: news.refusals },
      (target, to) => door.giveCall({ call, policy, target, to }, notes, deadlineMs),
      notes,
      deadlineMs,
    );
    return recordOf(call, decision, notes, plan);
  }

  function planFor(call: InboundCall, found: FoundCaller, policy: Policy): Plan {
    const { contact, lastConversation, unreadable: detail } = found;
    if (detail !== undefined) {
      ports.warn('item-unreadable', { callId: call.callId, during: 'finding the last agent', detail });
    }
    const nowMs = ports.now();
    const lastAgent = recallLastAgent(lastConversation, policy.lastAgent, nowMs);
    return planTargets({ ...call, contact, nowMs, ...(lastAgent !== undefined && { lastAgent }) }, policy);
  }

  function leaveForStore({ callId }: InboundCall, failure: StoreFailure, during: string): Decision {
    ports.warn(troubleOf(failure), { callId, during, detail: failure.detail });
    return leave(failure.reason);
  }

  function recordOf(call: InboundCall, decision: Decision, notes: Notes, plan?: Plan): DecisionRecord {
    const { callId, caller, startedAtMs } = call;
    return {
      ...toChoice(decision, notes),
      callId,
      caller,
      door: door.name,
      callStartedAtMs: startedAtMs,
      ...(plan?.rule !== undefined && { rule: plan.rule }),
      passed: plan?.passed ?? [],
      plan: plan?.kind === 'ring' ? plan.targets : [],
    };
  }
}

/** Whoever looked the policy up has warned of it. */
function decideWithoutPolicy({ reason }: StoreFailure, isInDoubt: boolean): Decision {
  return isInDoubt ? inDoubt(reason) : leave(reason);
}
