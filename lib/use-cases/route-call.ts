/**
 * One inbound call, from its announcement to a settled decision:
 *
 *   wave 1   claim the call ∥ find the caller ∥ the policy, if our copy is old
 *   pure     is it still ours to give? which rule matches, and whom does it name?
 *   wave 2   hold the first agent of the plan who may be rung; for a team or a number, nothing
 *   wave 3   transfer
 *   after    settle: store the decision record ∥ let go of agents who are not rung
 *
 * On any trouble the call is left to Aircall. At most one transfer is accepted: nothing is sent without a claim; after a
 * lost answer or a lapsed claim the call is read first, and given away only if it shows no trace of a transfer; and
 * while a transfer may still be on its way, no other is sent.
 */
import { leaveReasonFrom, troubleFrom, troubleOf } from '../core/explain-failure.ts';
import { judgeCall, judgeDoubt } from '../core/judge-call.ts';
import type {
  AircallFailure,
  AircallResult,
  AircallTrouble,
  Caller,
  ClaimOwner,
  Considered,
  Contact,
  Decision,
  DecisionRecord,
  DoubtReason,
  InboundCall,
  LeaveReason,
  StoreFailure,
  StoreResult,
  Target,
  Timings,
  TransferAttempt,
  TransferTarget,
} from '../core/model.ts';
import { type PassedRule, planTargets } from '../core/plan-targets.ts';
import type { Policy } from '../core/policy.ts';
import { succeed } from '../core/result.ts';
import type {
  ClaimCall,
  FindContact,
  Now,
  ReadCall,
  ReleaseAgent,
  SettleCall,
  TransferCall,
  Warn,
} from '../ports.ts';
import type { ConsiderAgent, ConsideredAgent } from './consider-agent.ts';
import type { CurrentPolicy } from './current-policy.ts';

export type RouteCallPorts = {
  readonly claimCall: ClaimCall;
  readonly findContact: FindContact;
  readonly currentPolicy: CurrentPolicy;
  readonly considerAgent: ConsiderAgent;
  readonly releaseAgent: ReleaseAgent;
  readonly transferCall: TransferCall;
  readonly readCall: ReadCall;
  readonly settleCall: SettleCall;
  readonly warn: Warn;
  readonly now: Now;
};

export type RouteCallLimits = {
  /** Kept back before the deadline for storing the decision. */
  readonly settleKeptMs: number;
  /** With less time left no transfer is begun: its answer would be lost. */
  readonly transferNeedsMs: number;
};

/** Answers by `deadlineMs`; never throws for what a port reports as a failure. */
export type RouteCall = (call: InboundCall, owner: ClaimOwner, deadlineMs: number) => Promise<DecisionRecord>;

/** What a decision is made of. */
type Decidable = {
  readonly call: InboundCall;
  readonly contact: StoreResult<Contact | undefined>;
  readonly policy: Policy;
  readonly isInDoubt: boolean;
};

/** What is noted down on the way, for the decision record. */
type Notes = {
  readonly receivedAtMs: number;
  policyVersion?: number;
  rule?: string;
  passed: readonly PassedRule[];
  considered: Considered[];
  attempts: TransferAttempt[];
  readings: DecisionRecord['readings'][number][];
  timings: { -readonly [Key in keyof Timings]: Timings[Key] };
};

export function createRouteCall(ports: RouteCallPorts, limits: RouteCallLimits): RouteCall {
  return async function routeCall(call, owner, deadlineMs) {
    const actBeforeMs = deadlineMs - limits.settleKeptMs;
    const notes: Notes = {
      receivedAtMs: ports.now(),
      passed: [],
      considered: [],
      attempts: [],
      readings: [],
      timings: {},
    };

    const [claim, contact, policy] = await Promise.all([
      ports.claimCall(call, owner, actBeforeMs),
      findCaller(call.caller, actBeforeMs),
      ports.currentPolicy(actBeforeMs),
    ]);
    notes.timings.claimedMs = ports.now() - notes.receivedAtMs;

    if (!claim.ok) return recordOf(call, leaveForStore(call, claim.failure, 'claiming the call'), notes);
    if (claim.value === 'duplicate') return recordOf(call, { outcome: 'duplicate' }, notes);

    const isInDoubt = claim.value === 'in-doubt';
    if (policy.ok) notes.policyVersion = policy.value.version;
    const decision = policy.ok
      ? await decide({ call, contact, policy: policy.value.policy, isInDoubt }, notes, actBeforeMs)
      : decideWithoutPolicy(policy.failure, isInDoubt);

    const record = recordOf(call, decision, notes);
    await Promise.all([settle(record, owner, deadlineMs), letGo(record, deadlineMs)]);
    return record;
  };

  async function findCaller(caller: Caller, deadlineMs: number): Promise<StoreResult<Contact | undefined>> {
    return caller.kind === 'identified' ? ports.findContact(caller.phone, deadlineMs) : succeed(undefined);
  }

  async function decide(
    { call, contact, policy, isInDoubt }: Decidable,
    notes: Notes,
    deadlineMs: number,
  ): Promise<Decision> {
    const staleAfterMs = policy.staleAfterSeconds * 1000;
    if (isInDoubt) {
      const doubt = await judgeByReading(call, staleAfterMs, notes, deadlineMs);
      if (doubt !== 'go') return inDoubt(doubt);
    }
    const verdict = judgeCall(call, staleAfterMs, ports.now());
    if (verdict !== 'go') return leave(verdict);
    if (!contact.ok) return leaveForStore(call, contact.failure, 'finding the caller');

    const { caller, aircallNumberId } = call;
    const facts = { caller, contact: contact.value, aircallNumberId, nowMs: ports.now() };
    const plan = planTargets(facts, policy);
    notes.passed = plan.passed;
    if (plan.rule !== undefined) notes.rule = plan.rule;
    if (plan.kind === 'leave') return leave(plan.because);

    for (const target of plan.targets) {
      if (isTooLate(deadlineMs)) return leave('out-of-time');
      const to = await consider(target, call, policy, notes, deadlineMs);
      if (to === undefined) continue;
      const decision = await transfer(call, target, to, staleAfterMs, notes, deadlineMs);
      // Refused is certainly not carried out, and may be about this target alone: the agent has just become unavailable.
      if (decision !== 'refused') return decision;
    }
    return leave(reasonNobodyRang(notes));
  }

  /** Whom the target stands for at Aircall, an agent held for this call; or `undefined` with the reason noted. */
  async function consider(
    target: Target,
    call: InboundCall,
    policy: Policy,
    notes: Notes,
    deadlineMs: number,
  ): Promise<TransferTarget | undefined> {
    const { considered, to } = await considerTarget(target, call, policy, deadlineMs);
    notes.considered.push(considered);
    notes.timings.resolvedMs = ports.now() - notes.receivedAtMs;
    return to;
  }

  async function considerTarget(
    target: Target,
    call: InboundCall,
    policy: Policy,
    deadlineMs: number,
  ): Promise<ConsideredAgent> {
    if (target.kind === 'agent') return ports.considerAgent(target, call.callId, policy, deadlineMs);

    const { because: _, ...to } = target;
    return { considered: { target, verdict: 'go' }, to };
  }

  async function transfer(
    call: InboundCall,
    target: Target,
    to: TransferTarget,
    staleAfterMs: number,
    notes: Notes,
    deadlineMs: number,
  ): Promise<Decision | 'refused'> {
    const routed: Decision = { outcome: 'routed', to, because: target.because };

    if (isTooLate(deadlineMs)) return leave('out-of-time');
    const first = await attemptTransfer(call, to, notes, deadlineMs);
    if (first.ok) return routed;
    const { reason } = first.failure;
    if (reason === 'refused') return 'refused';
    if (reason !== 'lost-answer' && reason !== 'no-answer') return leave(leaveReasonFrom(first.failure));

    const doubt = await judgeByReading(call, staleAfterMs, notes, deadlineMs);
    if (doubt !== 'go') return inDoubt(doubt);
    if (reason === 'no-answer') return inDoubt('answer-lost');
    if (isTooLate(deadlineMs)) return inDoubt('out-of-time');
    const second = await attemptTransfer(call, to, notes, deadlineMs);
    // Whatever the second answer says, the first request may still have been carried out.
    return second.ok ? routed : inDoubt('answer-lost');
  }

  async function attemptTransfer(
    call: InboundCall,
    to: TransferTarget,
    notes: Notes,
    deadlineMs: number,
  ): Promise<AircallResult<void>> {
    const startedAtMs = ports.now();
    const answer = await ports.transferCall(call.callId, to, deadlineMs);
    const tookMs = ports.now() - startedAtMs;
    if (answer.ok) notes.timings.transferredMs = ports.now() - notes.receivedAtMs;
    else warnOfAircall(call, answer.failure, 'transferring');

    const status = answer.ok ? undefined : answer.failure.status;
    notes.attempts.push({
      to,
      answer: answer.ok ? 'accepted' : answer.failure.reason,
      ...(status !== undefined && { status }),
      tookMs,
    });
    return answer;
  }

  /** In doubt whether a transfer happened: what the call itself says. */
  async function judgeByReading(
    call: InboundCall,
    staleAfterMs: number,
    notes: Notes,
    deadlineMs: number,
  ): Promise<'go' | DoubtReason> {
    const answer = await ports.readCall(call.callId, deadlineMs);
    if (!answer.ok) warnOfAircall(call, answer.failure, 'reading the call');
    const verdict = answer.ok
      ? judgeDoubt(answer.value, staleAfterMs, ports.now())
      : troubleFrom(answer.failure);
    notes.readings.push(verdict === 'go' ? 'untouched' : verdict);
    return verdict;
  }

  function leaveForStore({ callId }: InboundCall, failure: StoreFailure, during: string): Decision {
    ports.warn(troubleOf(failure), { callId, during, detail: failure.detail });
    return leave(failure.reason);
  }

  function warnOfAircall({ callId }: InboundCall, failure: AircallFailure, during: string): void {
    ports.warn('aircall-trouble', { callId, during, failure: failure.message });
  }

  function isTooLate(deadlineMs: number): boolean {
    return deadlineMs - ports.now() < limits.transferNeedsMs;
  }

  /** Agents who were held and are not rung: free for the next call at once. In doubt, they may be ringing. */
  async function letGo({ callId, decision, considered }: DecisionRecord, deadlineMs: number): Promise<void> {
    // Where the store was in trouble, they may be held although we were not told.
    const held = considered.filter(({ verdict }) => mayHold.includes(verdict)).map(({ target }) => target);
    const isLastRinging = decision.outcome === 'routed' || decision.outcome === 'in-doubt';
    const ringing = isLastRinging
      ? considered.findLast(({ verdict }) => verdict === 'go')?.target
      : undefined;
    const idle = held.filter((target) => target !== ringing);
    await Promise.all(
      idle.map(async (target) => {
        if (target.kind === 'agent') await ports.releaseAgent(target.email, callId, deadlineMs);
      }),
    );
  }

  /** A decision that can't be stored is carried out all the same: the claim lapses, and whoever takes it over reads the call. */
  async function settle(record: DecisionRecord, owner: ClaimOwner, deadlineMs: number): Promise<void> {
    const settled = await ports.settleCall(record, owner, deadlineMs);
    if (!settled.ok) ports.warn('settle-failed', { callId: record.callId, detail: settled.failure.detail });
    else if (settled.value === 'not-owner')
      ports.warn('settle-failed', { callId: record.callId, detail: 'not-owner' });
  }
}

const mayHold: readonly Considered['verdict'][] = ['go', 'store-unavailable', 'item-unreadable'];

/** Trouble is the better explanation than "nobody could be rung": it can be mended. */
function reasonNobodyRang({ considered, attempts }: Notes): LeaveReason {
  if (attempts.some(({ answer }) => answer === 'refused')) return 'transfer-refused';

  const troubles = considered.map(({ verdict }) => verdict).filter((verdict) => isTrouble(verdict));
  return troubles[0] ?? 'no-target-available';
}

type Trouble = StoreFailure['reason'] | AircallTrouble;
/** A record, so that a new trouble doesn't compile before it stands here. */
const troubles: Readonly<Record<Trouble, true>> = {
  'store-unavailable': true,
  'item-unreadable': true,
  'aircall-unauthorized': true,
  'aircall-forbidden': true,
  'aircall-refused': true,
  'aircall-unavailable': true,
  'rate-limited': true,
  'out-of-time': true,
};

function isTrouble(verdict: Considered['verdict']): verdict is Trouble {
  return verdict in troubles;
}

function recordOf(call: InboundCall, decision: Decision, notes: Notes): DecisionRecord {
  const { callId, caller, startedAtMs } = call;
  return { callId, caller, callStartedAtMs: startedAtMs, decision, ...notes };
}

/** Whoever looked the policy up has warned of it. */
function decideWithoutPolicy({ reason }: StoreFailure, isInDoubt: boolean): Decision {
  return isInDoubt ? inDoubt(reason) : leave(reason);
}

function leave(because: LeaveReason): Decision {
  return { outcome: 'left', because };
}

function inDoubt(because: DoubtReason): Decision {
  return { outcome: 'in-doubt', because };
}
